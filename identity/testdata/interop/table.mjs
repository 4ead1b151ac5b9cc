// The first check of section 18: a table of values, derived anew.
import * as p from './primitives.mjs';
import * as id from './identity.mjs';
import { grant, token } from './envelope.mjs';

const hex = b => Buffer.from(b).toString('hex');
const count = (from, n) => Uint8Array.from({ length: n }, (_, i) => from + i);
const root = n => p.cat(p.number(n, 1), p.zeros(31));

// derived gives the values by the names of the table; the nonce of the box is taken from it.
function derived(box) {
  const one = id.identity(root(1)), two = id.identity(root(2)), inv = count(0, 16), kb = id.rendezvous(inv), [D, L] = ['D', 'L'].map(p.utf8);
  return {
    'H("a", "bc")': hex(p.H('a', 'bc')),
    'cAEAD box': hex(p.seal(count(0, 32), p.utf8('hello'), 'ad', box.slice(0, 24))),
    'Ed25519 key of root_1': hex(one.edPk),
    "first 32 bytes of root_1's X-Wing key": hex(one.xwPk.slice(0, 32)),
    'fp of root_1': hex(one.fp),
    'fp of root_2': hex(two.fp),
    'safety number of the two': id.safetyNumber(one.fp, two.fp),
    card: id.cardText({ shown: true, fp: one.fp, inv, expiry: 1800000000 }),
    'kb of the card': hex(kb),
    tag: hex(id.tag(kb, D, L)),
    answer: hex(id.answer(kb, D, L)),
    grant: hex(grant({ seed: count(0, 32), count: 256n, notAfter: 1800000000n, kb: count(32, 32), mailbox: p.zeros(0) })),
    'token 255': hex(token(count(0, 32), 255)),
  };
}

// table gives the rows of the page as cases, and how to check one.
export function table(page) {
  const section = page.slice(page.indexOf('\n## 18.'), page.indexOf('\n## 19.'));
  const cases = [...section.matchAll(/^\| (.+) \| `(?:[0-9a-f]+|TACIT1:[A-Z2-7]+)` \|$/gm)].map(([row, name]) => ({ name, value: /`(\S+)` \|$/.exec(row)[1] }));
  const box = Buffer.from(cases.find(c => c.name === 'cAEAD box').value, 'hex'), values = derived(box);
  if (cases.length !== Object.keys(values).length) throw new Error('the table has other rows');
  return [cases, c => {
    if (values[c.name] !== c.value) throw new Error(`derived ${values[c.name]}`);
  }];
}
