// Replays the vectors (section 18): node vectors.mjs [--root REPO]; or makes others: node vectors.mjs --make DIR.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPublished, published } from './published.mjs';
import { replay } from './replay.mjs';
import { table } from './table.mjs';

const { values: args } = parseArgs({ options: { root: { type: 'string', default: '.' }, make: { type: 'string' } } });

// load gives all files of vectors below root as {"identity/pairing/sas": {...}}.
function load(root) {
  const names = readdirSync(root, { recursive: true }).filter(name => /(^|\/)testdata\/vectors\/[^/]*\.json$/.test(name) && !/(^|\/)(tmp|node_modules)\//.test(name));
  return Object.fromEntries(names.sort().map(name => [name.replace('testdata/vectors/', '').replace('.json', ''), JSON.parse(readFileSync(join(root, name), 'utf8'))]));
}

// siblings are the files of one package, by their short names: some cases build on another's.
const siblings = (all, name) => {
  const dir = name.slice(0, name.lastIndexOf('/') + 1);
  return Object.fromEntries(Object.entries(all).filter(([other]) => other.startsWith(dir)).map(([other, file]) => [other.slice(dir.length), file]));
};

function check(name, cases, each) {
  let wrong = 0;
  for (const c of cases) {
    try {
      each(c);
    } catch (e) {
      wrong++;
      console.log(`  ${c.name}: ${e.message}`);
    }
  }
  console.log(`${name}: ${cases.length - wrong} of ${cases.length}`);
  return wrong === 0;
}

if (args.make) {
  const { make } = await import('./make.mjs');
  make(args.make);
} else {
  const files = load(args.root);
  let good = check('docs/protocol.md, section 18', ...table(readFileSync(join(args.root, 'docs/protocol.md'), 'utf8')));
  good = check('draft-connolly-cfrg-xwing-kem-08', published, checkPublished) && good;
  for (const [name, file] of Object.entries(files)) {
    if (replay[name]) good = check(name, file.cases, c => replay[name](c, siblings(files, name))) && good;
    else good = console.log(`${name}: not known`);
  }
  if (!Object.keys(files).length) good = console.log('no vectors');
  process.exitCode = good ? 0 : 1;
}
