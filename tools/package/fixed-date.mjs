// Preloaded into the package generator, which writes the current date into its files: the same sources give the same packages.
const epoch = Number(process.env.SOURCE_DATE_EPOCH) * 1000;

globalThis.Date = new Proxy(Date, {
  construct: (SystemDate, values, target) =>
    /** @type {Date} */ (Reflect.construct(SystemDate, values.length > 0 ? values : [epoch], target)),
});
