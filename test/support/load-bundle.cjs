// Loads a bundle in a process of its own, and reports what that read and connected: node load-bundle.cjs <bundle>
const dns = require('node:dns');
const net = require('node:net');

/** @type {string[]} */
const connections = [];
const { connect } = net.Socket.prototype;
Object.assign(net.Socket.prototype, {
  /** @this {net.Socket} @param {unknown[]} args */
  connect(...args) {
    this.on('connectionAttempt', () => connections.push('connect'));
    return Reflect.apply(connect, this, args);
  },
});
Object.assign(dns, {
  lookup: () => {
    connections.push('lookup');
    throw new Error('lookup while the bundle loads');
  },
});

/** @type {Set<string>} */
const variables = new Set();
process.env = new Proxy(process.env, {
  get: (environment, name) => {
    variables.add(String(name));
    return environment[String(name)];
  },
});

require(process.argv[2] ?? '');
// Whatever the bundle has started meanwhile is part of its load.
setTimeout(() => {
  process.send?.({ connections, variables: [...variables], open: process.getActiveResourcesInfo() });
  // A process that something keeps open does not end.
  process.disconnect();
}, 100);
