// What is said with a mailbox node: its address, its key, talks, requests, answers and presence (section 23).
import { ed25519, ed25519ctx } from '@noble/curves/ed25519.js';
import * as p from './primitives.mjs';
import { base32, parseHint, unbase32 } from './identity.mjs';

export const nodeText = b => 'TACITNODE1:' + base32(b);

export function parseNode(text) {
  if (p.utf8(text).length > 512) p.refuse('malformed');
  const [, version, rest] = /^TACITNODE(0|[1-9][0-9]*):(.*)$/s.exec(text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '')) ?? p.refuse('malformed');
  if (version !== '1') p.refuse(version === '0' ? 'malformed' : 'newer');
  return parseNodeBytes(unbase32(rest));
}

export function parseNodeBytes(b) {
  if (b[0] > 1) p.refuse('newer');
  const n = b.length - 2 - b[1];
  if (b[0] !== 1 || !(n === 0 || n === 16)) p.refuse('malformed');
  const invite = b.slice(2 + b[1]);
  if (n && p.allZero(invite)) p.refuse('malformed');
  return { bytes: b, hint: parseHint(b.slice(2, 2 + b[1])), invite };
}

export const slot = (inv, n) => p.HKDF(inv, '', p.cat(p.utf8('slot'), p.number(n, 1)), 16);

const YEAR_10000 = 253402300800n;
export const keyID = xwPk => p.SHA256('tacit/1/node', xwPk).slice(0, 8);
const context = text => ({ context: p.utf8(text) });

export function keyRecord(nodeSeed, seed, from, until) {
  const b = p.cat(p.number(1, 1), p.publicKey(seed), p.number(from, 8), p.number(until, 8));
  return p.cat(b, ed25519ctx.sign(b, nodeSeed, context('tacit/1/node key')));
}

export function parseKeyRecord(node, b) {
  if (b.length !== 1297 || b[0] !== 1) p.refuse('malformed');
  const [, xwPk, from, until, signature] = p.cut(b, 1, 1216, 8, 8, 64);
  if (!ed25519ctx.verify(signature, b.slice(0, 1233), node, context('tacit/1/node key'))) p.refuse('malformed');
  const times = [from, until].map(p.toNumber);
  if (!p.parses(xwPk) || times[1] > YEAR_10000 || times[0] >= times[1]) p.refuse('malformed');
  return { from: times[0], until: times[1], id: keyID(xwPk) };
}

// talk gives what both ends of a talk know, from the node's seeds and the client's dice.
export function talk(nodeSeed, keySeed, eseed) {
  const node = ed25519.getPublicKey(nodeSeed), xwPk = p.publicKey(keySeed), id = keyID(xwPk);
  const [ct, ss] = p.Encap(xwPk, p.cat(p.utf8('tacit/1/talk'), p.H(node, id)), eseed);
  const [kq, ka] = p.cut(p.HKDF(ss, '', 'tacit/1/talk keys', 64), 32, 32);
  return { opening: p.cat(id, ct), kq, ka, bound: p.H(node, id, ct) };
}

export const login = (bound, accountSeed, invite) =>
  p.cat(p.number(16, 1), ed25519.getPublicKey(accountSeed), invite, ed25519ctx.sign(bound, accountSeed, context('tacit/1/login')));

const CELLS = { 1: 1, 2: 4, 3: 16 };
const size = c => 4096 * (CELLS[c] ?? p.refuse('malformed')) + 512;
const data = (direction, i, c) => p.Join(p.utf8(direction), p.number(i, 8), p.number(c, 1));

export const payload = (c, ...parts) => {
  const b = p.cat(...parts);
  return p.cat(b, p.zeros(size(c) - b.length));
};

export const seal = (key, direction, i, c, plain, nonce) => p.cat(p.number(c, 1), p.seal(key, plain, data(direction, i, c), nonce));

export function open(key, direction, i, frame) {
  const c = frame[0];
  if (!CELLS[c] || frame.length !== 1 + size(c) + 72) p.refuse('refused');
  return p.open(key, frame.slice(1), data(direction, i, c));
}

// reader takes a payload apart from its beginning.
function reader(b) {
  let at = 0;
  const take = n => (at + n > b.length ? p.refuse('malformed') : b.slice(at, (at += n)));
  const number = n => p.toNumber(take(n));
  const small = n => Number(number(n));
  const within = (v, low, high) => (v >= low && v <= high ? v : p.refuse('malformed'));
  return {
    take, number, small, within,
    names: (n, most) => Array.from({ length: within(n, 0, most) }, () => take(16)),
    time: () => within(number(8), 0n, YEAR_10000),
    bytes: () => within(number(8), 0n, 2n ** 63n - 1n),
    end: () => p.allZero(b.slice(at)) || p.refuse('malformed'),
  };
}

const requests = {
  1: (r, c) => {
    const lot = r.take(16), n = r.within(r.small(1), CELLS[c], CELLS[c]), rest = r.names(n - 1, 15);
    return { class: c, lot, tokens: [r.take(4096 * n).slice(0, 16), ...rest] };
  },
  2: r => ({ id: r.take(16) }),
  3: r => {
    const id = r.take(16);
    r.take(4096);
    return { id };
  },
  4: r => ({ id: r.take(16) }),
  5: r => ({ hint: p.orRefuse('malformed', () => parseHint(r.take(r.small(1)))).bytes }),
  16: r => ({ account: r.take(32), invite: r.take(16), signature: r.take(64) }),
  17: r => ({ wait: r.within(r.small(2), 0, 600), names: r.names(r.small(1), 16) }),
  18: r => {
    const lot = r.take(16), until = r.time();
    r.take(4096 * 16);
    return { class: 3, lot, until };
  },
  19: r => ({ lot: r.take(16) }),
  20: r => {
    const page = r.within(r.small(1), 0, 15);
    r.take(64 * 528);
    return { class: 3, page };
  },
  21: r => ({ until: r.time(), names: r.names(r.within(r.small(1), 1, 16), 16) }),
  22: () => ({}),
};

export function parseRequest(b, c) {
  const r = reader(b), kind = r.small(1), said = (requests[kind] ?? (() => p.refuse('malformed')))(r, c);
  if (c !== (said.class ?? 1)) p.refuse('malformed');
  r.end();
  return { kind, ...said, class: c };
}

const answers = {
  2: r => (r.take(512), {}),
  4: r => (r.take(4096), {}),
  16: r => ({ used: r.bytes(), quota: r.bytes(), cells: r.small(4), lots: r.small(4), time: r.time() }),
  17: r => {
    const h = reader(r.take(511)), said = { left: h.small(4), refused: h.small(4), used: h.bytes(), quota: h.bytes(), names: [], classes: [] };
    for (let n = h.within(h.small(1), 0, 16); n; n--) {
      said.names.push(h.take(16));
      said.classes.push(h.within(h.small(1), 1, 3));
      r.take(4096 * CELLS[said.classes.at(-1)]);
    }
    h.end();
    return { ...said, filled: true };
  },
};

export function parseAnswer(b, kind) {
  const r = reader(b), status = r.within(r.small(1), 0, 3);
  if (status === 3 && kind !== 4 || status && kind === 2) p.refuse('malformed');
  if (status === 3) r.take(4096);
  const { filled, ...said } = status ? {} : (answers[kind] ?? (() => ({})))(r);
  if (!filled) r.end();
  return { status, ...said };
}

export const presenceID = kb => p.HMAC(kb, p.utf8('slot')).slice(0, 16);
export const presenceKey = kb => p.HKDF(kb, '', 'tacit/1/presence', 32);
export const presence = ({ peer, until, relays }) => {
  const b = p.cat(peer, p.number(until, 8), p.number(relays.length, 1), ...relays.flatMap(r => [p.number(r.length, 1), r]));
  return p.cat(b, p.zeros(440 - b.length));
};

export function openPresence(kb, content, now) {
  return p.orRefuse('refused', () => {
    const r = reader(p.open(presenceKey(kb), content, presenceID(kb)));
    const peer = r.take(32), until = r.within(r.time(), now + 1n, now + 7200n), n = r.within(r.small(1), 0, 6);
    const relays = Array.from({ length: n }, () => parseHint(r.take(r.small(1))).bytes);
    r.end();
    return { peer, until, relays };
  });
}
