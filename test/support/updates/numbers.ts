const numbers = new Map<string, number>();

/** A number for a text, the same for the same text. It stands for long texts where many are compared. */
export function numberOfText(text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size + 1);
  return numbers.size;
}

/** A number for a document that nothing changes, the same for the same content. */
export const numberOf = oncePerObject((document: object) => numberOfText(JSON.stringify(document)));

/** The same function for objects that nothing changes. It computes its result once for each of them. */
export function oncePerObject<T extends object, R extends string | number>(
  compute: (object: T) => R,
): (object: T) => R {
  const known = new WeakMap<T, R>();
  return (object) => {
    let result = known.get(object);
    if (result === undefined) known.set(object, (result = compute(object)));
    return result;
  };
}
