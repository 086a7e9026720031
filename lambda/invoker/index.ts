import { createHandler } from './handler';
import { outletFor } from './outlet';

export const handler = createHandler(outletFor(process.env));
