import { invokerHandler } from './handler';
import { contextFrom } from './invoker-context';

export const handler = invokerHandler(contextFrom(process.env));
