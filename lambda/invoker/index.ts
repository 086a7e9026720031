import { prepareTls } from '../shared/prepare-tls';
import { invokerHandler } from './handler';
import { contextFrom } from './invoker-context';

prepareTls();

export const handler = invokerHandler(contextFrom(process.env));
