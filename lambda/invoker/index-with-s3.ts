import { createHandler } from './handler';
import { storeInput } from './input-store';
import { outletFor } from './invoker-context';

export const handler = createHandler({ ...outletFor(process.env), storeInput });
