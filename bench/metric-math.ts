/** A value of a metric, by the metric's name and a number of periods before the one that is evaluated: NaN where there is none. */
export type Values = (name: string, before: number) => number;

// Jest looks up a global slowly, and this runs millions of times.
const { isNaN } = Number;
const NONE = NaN;

type Evaluate = (values: Values) => number;

/** How far FILL with REPEAT looks back: within the shortest evaluation range that the constructs use. */
const REPEATED_PERIODS = 5;

/** CloudWatch's metric math, as far as the constructs use it: one period at a time, and NaN where an expression has no value. */
export function compile(expression: string): Evaluate {
  const tokens = expression.match(/[A-Za-z]\w*|\d+(\.\d+)?|[<>=]=|\S/g) ?? [];
  let position = 0;
  const next = (expected?: string): string => {
    const token = tokens[position];
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`expected ${expected ?? 'more'} in ${expression}, got ${token}`);
    position += 1;
    return token;
  };
  const binary =
    (operand: () => Evaluate, operators: Readonly<Record<string, (a: number, b: number) => number>>) =>
    (): Evaluate => {
      let left = operand();
      for (let operator = operators[tokens[position] ?? '']; operator; operator = operators[tokens[position] ?? '']) {
        next();
        const [a, b, apply] = [left, operand(), operator];
        left = (values) => apply(a(values), b(values));
      }
      return left;
    };
  const call = (name: string): Evaluate => {
    next('(');
    if (name === 'FILL' && tokens[position + 2] === 'REPEAT') {
      const metric = next();
      next(',');
      next('REPEAT');
      next(')');
      return (values) => {
        let value = NONE;
        for (let before = 0; isNaN(value) && before < REPEATED_PERIODS; before += 1) value = values(metric, before);
        return value;
      };
    }
    const parameters = [disjunction()];
    while (tokens[position] === ',') {
      next();
      parameters.push(disjunction());
    }
    next(')');
    const [first, second, third] = parameters as [Evaluate, Evaluate, Evaluate | undefined];
    if (name === 'FILL')
      return (values) => {
        const value = first(values);
        return isNaN(value) ? second(values) : value;
      };
    if (name === 'IF')
      return (values) => {
        const condition = first(values);
        if (isNaN(condition)) return NONE;
        return condition !== 0 ? second(values) : (third?.(values) ?? NONE);
      };
    throw new Error(`there is no function ${name} in ${expression}`);
  };
  const operand = (): Evaluate => {
    const token = next();
    if (token === '(') {
      const inner = disjunction();
      next(')');
      return inner;
    }
    if (token === '-') {
      const value = operand();
      return (values) => -value(values);
    }
    if (/^\d/.test(token)) {
      const value = Number(token);
      return () => value;
    }
    if (tokens[position] === '(') return call(token);
    return (values) => values(token, 0);
  };
  const compared = (holds: (a: number, b: number) => boolean) => (a: number, b: number) =>
    isNaN(a) || isNaN(b) ? NONE : holds(a, b) ? 1 : 0;
  const product = binary(operand, { '*': (a, b) => a * b, '/': (a, b) => a / b });
  const sum = binary(product, { '+': (a, b) => a + b, '-': (a, b) => a - b });
  const comparison = binary(sum, {
    '>': compared((a, b) => a > b),
    '<': compared((a, b) => a < b),
    '>=': compared((a, b) => a >= b),
    '<=': compared((a, b) => a <= b),
    '==': compared((a, b) => a === b),
  });
  const conjunction = binary(comparison, { AND: (a, b) => (a !== 0 && b !== 0 ? 1 : 0) });
  const disjunction: () => Evaluate = binary(conjunction, { OR: (a, b) => (a !== 0 || b !== 0 ? 1 : 0) });
  const evaluate = disjunction();
  if (position < tokens.length) throw new Error(`unexpected ${tokens[position]} in ${expression}`);
  return evaluate;
}
