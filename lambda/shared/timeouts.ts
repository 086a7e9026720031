/** Of each attempt: three that hang end within the 30 s which the function has by default. */
export const TIMEOUTS = {
  connectionTimeout: 2_000,
  requestTimeout: 8_000,
  socketTimeout: 8_000,
  throwOnRequestTimeout: true,
};
