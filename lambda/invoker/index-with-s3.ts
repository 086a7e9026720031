import { invokerHandler } from './handler';
import { storeInput } from './input-store';
import { contextFrom } from './invoker-context';

export const handler = invokerHandler({ ...contextFrom(process.env), storeInput });
