import { createHandler } from './handler';
import { outletFor } from './invoker-context';

export const handler = createHandler(outletFor(process.env));
