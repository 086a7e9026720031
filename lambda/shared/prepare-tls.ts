import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * Makes Node.js do while the function loads what it otherwise does for the first connection over TLS, such as loading the
 * certificate authorities. Nothing is connected. In the first call, a function with little memory has only a share of a core for it.
 */
export function prepareTls(): void {
  new TLSSocket(new Socket()).destroy();
}
