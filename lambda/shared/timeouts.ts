/** The timeouts of each attempt of an HTTP call: three attempts that hang end within 30 seconds, the default of our functions. */
export const TIMEOUTS = {
  connectionTimeout: 2_000,
  requestTimeout: 8_000,
  socketTimeout: 8_000,
  throwOnRequestTimeout: true,
};
