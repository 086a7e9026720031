// Links and anchors are checked without a network: `npm run lint:links`. An absolute link to a file of this repository, as the README
// has them so that they work on npm and PyPI, is checked against that file.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import remarkValidateLinks from 'remark-validate-links';

const root = fileURLToPath(new URL('.', import.meta.url));
const { repository } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const page = repository.url.replace(/\.git$/, '');
const raw = page.replace('github.com', 'raw.githubusercontent.com');

/** Makes what the plugin does not read into links that it reads: folders, raw files, and the pictures of HTML. */
function plainLinks() {
  const plain = (url) =>
    url.replace(`${page}/tree/main`, `${page}/blob/main`).replace(`${raw}/main`, `${page}/blob/main`);
  const visit = (node) => {
    if (node.url) node.url = plain(node.url);
    if (node.type === 'html') {
      const targets = [...node.value.matchAll(/\b(?:src|srcset|href)="([^"\s]+)/g)].map(([, url]) => plain(url));
      node.children = targets.map((url) => ({ type: 'link', url, children: [], position: node.position }));
    }
    node.children?.forEach(visit);
  };
  return visit;
}

export default { plugins: [plainLinks, [remarkValidateLinks, { root, repository: repository.url }]] };
