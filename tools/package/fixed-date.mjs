// Preloaded into the package generator, which writes the current date into its files: the same sources give the same packages.
const epoch = Number(process.env.SOURCE_DATE_EPOCH) * 1000;
const SystemDate = Date;

globalThis.Date = class extends SystemDate {
  constructor(...values) {
    super(...(values.length > 0 ? values : [epoch]));
  }
};
