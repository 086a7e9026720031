import { join } from 'node:path';
import { fetchOrSkip, INSTALL } from './part';

/** Returns the executable of a major version of Node.js. Each platform has a package of its own. */
export function nodeOf(major: string, folder: string): string {
  if (process.versions.node.split('.')[0] === major) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  fetchOrSkip(`Node.js ${major}`, 'npm', [...INSTALL, '--prefix', folder, `${name}@${major}`], folder);
  return join(folder, 'node_modules', name, 'bin/node');
}
