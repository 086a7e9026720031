const numbers = new Map<string, number>();
const ofDocuments = new WeakMap<object, number>();

/** A number for a text, the same for the same text. It stands for long texts where many are compared. */
export function numberOfText(text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size + 1);
  return numbers.size;
}

/** A number for a document that nothing changes, the same for the same content. */
export function numberOf(document: object | undefined): number {
  if (!document) return 0;
  let number = ofDocuments.get(document);
  if (number === undefined) ofDocuments.set(document, (number = numberOfText(JSON.stringify(document))));
  return number;
}
