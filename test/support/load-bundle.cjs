// Loads a bundle in a process of its own, and reports what that read and connected: node load-bundle.cjs <bundle>
const dns = require('node:dns');
const net = require('node:net');

/** @type {string[]} */
const connections = [];
for (const [owner, name] of /** @type {const} */ ([
  [net.Socket.prototype, 'connect'],
  [dns, 'lookup'],
])) {
  Object.assign(owner, {
    [name]: () => {
      connections.push(name);
      throw new Error(`${name} while the bundle loads`);
    },
  });
}

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
