import { createHandler } from './handler';
import { storeInput } from './input-store';
import { outletFor } from './outlet';

export const handler = createHandler({ ...outletFor(process.env), storeInput });
