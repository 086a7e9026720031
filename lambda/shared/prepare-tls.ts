import { connect } from 'node:tls';

/**
 * Makes Node.js do while the function loads what it otherwise does for the first connection over TLS, such as loading the
 * certificate authorities. Nothing is connected, since the connection ends before it begins. In the first call, a function with
 * little memory has only a share of a core for it.
 */
export function prepareTls(): void {
  connect({ host: '127.0.0.1', port: 443 }).destroy();
}
