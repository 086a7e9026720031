// Links and anchors are checked without a network: `npm run lint:links`. An absolute link to a file of this repository, as the README
// has them so that they work on npm and PyPI, is checked against that file.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import remarkValidateLinks from 'remark-validate-links';

const root = fileURLToPath(new URL('.', import.meta.url));
const { name, repository } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const home = repository.url.replace(/^git\+|\.git$/g, '');
const raw = home.replace('github.com', 'raw.githubusercontent.com');

/** Makes what the plugin does not read into links that it reads: folders, raw files, and the pictures of HTML. */
function plainLinks() {
  return (tree, file) => {
    const plain = (url, node) => {
      if (
        new RegExp(`^https://[^/]*github[^/]*/[^/]+/${name}\\b`).test(url) &&
        ![home, raw].some((one) => url.startsWith(one))
      )
        file.message(`${url} leads to another repository than ${home}`, node);
      return url.replace(`${home}/tree/main`, `${home}/blob/main`).replace(`${raw}/main`, `${home}/blob/main`);
    };
    const visit = (node) => {
      if (node.url) node.url = plain(node.url, node);
      if (node.type === 'html') {
        const targets = [...node.value.matchAll(/\b(?:src|srcset|href)="([^"\s]+)/g)].map(([, url]) =>
          plain(url, node),
        );
        // An anchor of HTML, as in the tables of generated pages. The plugin compares in lower case.
        const [, id] = /\bid="([^"\s]+)"/.exec(node.value) ?? [];
        if (id) node.data = { hProperties: { id: id.toLowerCase() } };
        node.children = targets.map((url) => ({ type: 'link', url, children: [], position: node.position }));
      }
      node.children?.forEach(visit);
    };
    visit(tree);
  };
}

export default { plugins: [plainLinks, [remarkValidateLinks, { root, repository: `${home}.git` }]] };
