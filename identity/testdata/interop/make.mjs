// Makes vectors of the shape of section 18 from fresh randomness, for the Go tests to replay.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as p from './primitives.mjs';
import * as id from './identity.mjs';
import * as env from './envelope.mjs';
import { says } from './said.mjs';
import { ed25519 } from '@noble/curves/ed25519.js';
import * as file from './file.mjs';
import * as node from './node.mjs';
import * as near from './near.mjs';
import { Presenter, Scanner, code, profile } from './pairing.mjs';
import { Reset } from './reset.mjs';
import { Ratchet, Session } from './ratchet.mjs';

const hex = b => Buffer.from(b).toString('hex');
const pattern = (n, from = 0) => Uint8Array.from({ length: n }, (_, j) => (from + j) % 251);
const any = n => p.random(n);
const result = f => {
  try {
    return { result: 'ok', ...f() };
  } catch (e) {
    if (e instanceof p.Refused) return { result: e.why };
    throw e;
  }
};
const flipped = (b, at) => b.map((byte, i) => (i === at ? byte ^ 1 : byte));

// plain writes bytes as hex and numbers of 64 bits as text, and leaves out what says nothing.
const plain = v => {
  if (v instanceof Uint8Array) return hex(v);
  if (typeof v === 'bigint') return String(v);
  if (Array.isArray(v)) return v.map(plain);
  if (v === null || typeof v !== 'object') return v;
  return Object.fromEntries(Object.entries(v).filter(([, value]) => value !== undefined && value !== false).map(([name, value]) => [name, plain(value)]));
};

const hash = () => [[], [''], ['a'], ['ab', 'c'], ['a', 'bc'], ['a', '', any(400)]].map((list, i) => {
  const values = list.map(v => (typeof v === 'string' ? p.utf8(v) : v));
  return { name: `${i}`, values, join: p.Join(...values), hash: p.H(...values) };
});

const hkdf = () => [[32, 0, 5, 32], [32, 32, 20, 96], [0, 0, 0, 1], [100, 100, 100, 128], [64, 32, 1249, 32]].map(([s, t, i, n], at) => {
  const [secret, salt, info] = [s, t, i].map(any);
  return { name: `${at}`, secret, salt, info, out: p.HKDF(secret, salt, info, n) };
});

function kem() {
  const seed = any(32), pk = p.publicKey(seed), info = any(40), eseed = any(64), [ct, ss] = p.Encap(pk, info, eseed);
  const other = (name, result, bytes, about = info) => ({ name, seed, public: pk, info: about, ct: bytes, ss: result === 'implicit' ? p.Decap(seed, bytes, about) : undefined, result });
  return [
    { name: 'made with eseed', seed, public: pk, eseed, info, ct, ss, result: 'ok' },
    other('another info', 'implicit', ct, any(40)), other('ML-KEM half altered', 'implicit', flipped(ct, 17)), other('X25519 half altered', 'implicit', flipped(ct, 1100)),
    other('low order', 'refused', p.cat(ct.slice(0, 1088), p.zeros(32))), other('short', 'refused', ct.slice(1)),
  ];
}

function caead() {
  const good = [0, 1, 64, 1592].map(n => {
    const key = any(32), ad = any(n % 100), text = any(n);
    return { name: `${n} bytes`, key, ad, box: p.seal(key, text, ad), plain: text, result: 'ok' };
  });
  const { key, ad, box } = good[2];
  const bad = [0, 23, 24, 55, 56, 100, 135].map(at => ({ name: `byte ${at}`, key, ad, box: flipped(box, at), result: 'refused' }));
  return [...good, ...bad, { name: 'another key', key: any(32), ad, box, result: 'refused' }, { name: 'other data', key, ad: any(3), box, result: 'refused' },
    { name: 'short', key, ad, box: box.slice(0, 71), result: 'refused' }];
}

function identity() {
  const good = Array.from({ length: 4 }, (_, n) => {
    const i = id.identity();
    return { name: `${n}`, root: i.root, ed25519_seed: i.edSeed, xwing_seed: i.seed, bundle: i.bundle, fingerprint: i.fp, result: 'ok' };
  });
  const { bundle } = good[0], isQ = p.cat(bundle.slice(0, 33), Uint8Array.of(1, 13), bundle.slice(35)); // 3329 in 12 bits, little-endian
  const bad = { version: flipped(bundle, 0), short: bundle.slice(1), long: p.cat(bundle, p.zeros(1)), 'a number is q': isQ, 'low order': p.cat(bundle.slice(0, -32), p.zeros(31), Uint8Array.of(128)) };
  return [...good, ...Object.entries(bad).map(([name, b]) => ({ name, bundle: b, result: 'refused' }))];
}

const safety = () => Array.from({ length: 8 }, (_, i) => ({ i, a: any(32), b: any(32) })).map(({ i, a, b }) => ({ name: `${i}`, a, b, number: id.safetyNumber(a, b) }));

const hintBytes = (type, address, port = 443) => p.cat(p.number(type, 1), any(32), p.number(port, 2), address);
const NAMES = ['a', 'a.b', 'node-1.example.org', 'abcdefghijklmnopqrstuvwxyz012', '-a', 'a-', 'a..b', '.a', 'a.', 'A', 'a_b', 'abcdefghijklmnopqrstuvwxyz0123'];

function hint() {
  const mapped = p.cat(p.zeros(10), p.number(0xffff, 2), any(4)), v6 = p.cat(p.number(0x2001, 2), p.number(0x0db8, 2), p.number(1, 2), any(10).map(byte => byte | 16));
  const all = [
    ...[4, 5, 3, 16].map(n => hintBytes(1, any(n))), hintBytes(2, v6), hintBytes(2, mapped), hintBytes(2, any(4)), hintBytes(1, any(4), 0), hintBytes(0, any(4)),
    hintBytes(4, any(1)), hintBytes(9, any(29)), hintBytes(9, any(4), 0), hintBytes(3, any(0)), any(0), ...NAMES.map(name => hintBytes(3, p.utf8(name))),
  ];
  return all.map((bytes, i) => ({ name: `${i}`, bytes, ...result(() => {
    const h = id.parseHint(bytes);
    const host = { 1: () => ({ addr: [...h.address].join('.') }), 2: () => ({ addr: id.ipv6(h.address) }), 3: () => ({ host: Buffer.from(h.address).toString() }) };
    return { node: h.node, port: h.port, ...host[h.type]() };
  }) }));
}

function card() {
  const made = hint => id.cardText({ shown: Boolean(hint), fp: any(32), inv: any(16), expiry: 1800000000, hint: hint && { bytes: hint } });
  const good = made(), { bytes } = id.parseCard(good), written = b => `TACIT1:${id.base32(b)}`;
  const texts = [
    good, made(hintBytes(1, any(4))), made(hintBytes(3, p.utf8('a'))), made(hintBytes(3, any(1), 0)), made(hintBytes(7, any(9))), made(any(3)), ` \r\n\t${good}\u00a0\u3000`, `\ufeff${good}`,
    good.toLowerCase(), good.replace('TACIT1', 'TACIT2'), 'TACIT18446744073709551617:', 'TACIT0:AE', 'TACIT02:AE', 'TACIT:', 'TACIT1:', '', `${good}A`, good.slice(0, -1), good.slice(0, 20),
    good.replace(':', ': '), written(flipped(bytes, 1)), written(bytes.map((b, i) => (i ? b : 2))), written(bytes.map((b, i) => (i ? b : 0))),
    written(bytes.map((b, i) => (i === 1 ? 2 : b))), written(bytes.slice(0, 53)), ' '.repeat(512) + good, `${good}=`,
  ];
  return texts.map((text, i) => ({ name: `${i}`, text, ...result(() => {
    const c = id.parseCard(text);
    return { bytes: c.bytes, shown: c.shown, fingerprint: c.fp, invite: c.inv, expiry: c.expiry, hint: c.hint?.bytes, kb: c.kb };
  }) }));
}

function hello() {
  const keys = Array.from({ length: 255 }, () => any(32)), dialler = any(38), listener = any(38), other = any(32);
  return [[other], [other, keys[254]], [keys[3], keys[2]], []].map((own, i) => {
    const shown = i === 2 ? keys.slice(0, 10) : keys, cell = id.hello(shown, dialler, listener), found = id.found(cell, own, dialler, listener), kb = own[found];
    return { name: `${i}`, dialler, listener, listener_keys: own, hello: cell, found, tag: kb && id.tag(kb, dialler, listener), answer: kb && id.answer(kb, dialler, listener) };
  });
}

const drawn = () => ({ seed_e: any(32), nonce_s: any(32), eseed_e: any(64), seed_rpk: any(32), nonce_r: any(32), eseed_r: any(64), eseed_s: any(64) });
const keysOf = ({ k1, k2, t2, keys: { mk, sk, hka, nhkb, rs, ad, code } }) => ({ k1, k2, t2, mk, sk, hka, nhkb, rs, ad, code });

function pairing() {
  return ['', 'Rosa', 'x'.repeat(256)].map((name, i) => {
    const r = id.identity(), s = id.identity(), dice = drawn(), inv = any(16), names = [profile(p.utf8(name)), profile(p.utf8(`${i}`))];
    const R = new Presenter({ me: r, profile: names[0], inv, dice }), S = new Scanner({ me: s, profile: names[1], inv, fp: r.fp, dice });
    const m1 = S.m1, m2 = R.receive(m1).reply, m3 = S.receive(m2).reply, m4 = R.receive(m3).reply, m5 = S.receive(m4).reply;
    const text = id.cardText({ shown: i === 1, fp: r.fp, inv, expiry: 1800000000 });
    return { name: `${i}`, card: text, root_r: r.root, root_s: s.root, profile_r: names[0], profile_s: names[1], ...dice, m1, m2, m3, m4, m5, ...keysOf(S) };
  });
}

// refused alters each message at bytes that its receiver must notice.
const refused = () => Object.entries({ M2: [0, 1100, 1120, 1150, 2000, 4095], M3: [0, 1100, 1120, 1150, 2000, 4095], M4: [0, 1100, 1120, 1151], M5: [0, 31] })
  .flatMap(([message, places]) => places.map(at => ({ name: `${message} ${at}`, message, alter: [[at, 1]], result: 'dropped' })));

const sas = () => Array.from({ length: 20 }, (_, i) => {
  const [nonce_s, nonce_r, t2, root_s, root_r] = [32, 32, 32, 32, 32].map(any), profile_s = profile(any(i)), bundle = root => id.identity(root).bundle;
  return { name: `${i}`, nonce_s, nonce_r, t2, root_s, root_r, profile_s, code: code(nonce_s, nonce_r, t2, bundle(root_s), profile_s, bundle(root_r)) };
});

// Talk records the steps of a conversation between two sides; wrap makes what is carried of a box.
class Talk {
  steps = [];
  carried = {};
  made = { alice: 0, bob: 0, S: 0, R: 0 };

  constructor(sides, write, wrap = box => box, unwrap = box => box) {
    Object.assign(this, { sides, write, wrap, unwrap });
    for (const side of Object.values(sides)) (side.lines ? side.lines[0].ratchet : side).begun = keys => Object.assign(this.chain, keys);
  }

  seal(name, ...what) {
    const side = this.sides[name], as = `${name}${this.made[name]++}`, { bytes, step } = this.write(...what), dice = { seed: any(32), eseed: any(64) };
    this.chain = {};
    const carried = this.carried[as] = this.wrap(side.seal(bytes, 0, dice));
    this.steps.push({ seal: name, as, ...(this.chain.rk && { ...dice, ...this.chain }), ...step(bytes, carried) });
    return as;
  }

  skip(name, n) {
    for (let i = 0; i < n; i++) this.sides[name].seal(p.zeros(0));
    this.steps.push({ seal: name, skip: n });
  }

  open(name, box, { alter, cut = 0, at, field = 'plain' } = {}) {
    const bytes = this.carried[box].slice(0, this.carried[box].length - cut);
    for (const [place, byte] of alter ?? []) bytes[place] ^= byte;
    const got = result(() => ({ [field]: this.sides[name].open(this.unwrap(bytes), at ?? 0) }));
    this.steps.push({ open: name, box, alter, cut: cut || undefined, at, ...got });
  }
}

const secrets = () => ({ sk: any(32), hka: any(32), nhkb: any(32), ad: any(32) });
const shuffled = list => list.map(v => [any(8), v]).sort(([a], [b]) => p.compare(a, b)).map(([, v]) => v);

const talks = {
  turns(t) {
    for (let i = 0; i < 4; i++) {
      t.open('bob', t.seal('alice', any(20)));
      t.open('alice', t.seal('bob', any(0)));
    }
  },
  'out of order, over chains'(t) {
    const late = [];
    for (let turn = 0; turn < 6; turn++) {
      const [from, to] = turn % 2 ? ['bob', 'alice'] : ['alice', 'bob'], boxes = shuffled(Array.from({ length: 5 }, () => t.seal(from, any(9))));
      for (const box of boxes.slice(1)) t.open(to, box);
      late.push([to, boxes[0]], [to, boxes[1]]);
    }
    for (const [to, box] of shuffled(late)) t.open(to, box);
  },
  'a skip of 1000, and of 1001'(t) {
    t.open('bob', t.seal('alice', any(1)));
    t.skip('alice', 1000);
    t.open('bob', t.seal('alice', any(2)));
    t.skip('alice', 1001);
    t.open('bob', t.seal('alice', any(3)));
  },
  'altered'(t) {
    const box = t.seal('alice', any(30));
    for (const at of [0, 24, 60, 2415, 2416, 2440, 2480, 2517]) t.open('bob', box, { alter: [[at, 1]] });
    t.open('bob', box, { cut: 1 });
    t.open('bob', box, { cut: 31 });
    t.open('alice', box);
    t.open('bob', box);
    t.open('bob', box);
  },
  'keys of 30 days'(t) {
    const [a, b, c] = [1, 2, 3].map(n => t.seal('alice', any(n)));
    t.open('bob', c);
    t.open('bob', a, { at: 2592000 });
    t.open('bob', t.seal('alice', any(4)), { at: 2592001 });
    t.open('bob', b, { at: 2592001 });
  },
};

const ratchet = () => Object.entries(talks).map(([name, talk]) => {
  const bob_seed = any(32), keys = secrets();
  const sides = { alice: Ratchet.alice({ ...keys, rpk: p.publicKey(bob_seed) }), bob: Ratchet.bob({ ...keys, seed: bob_seed }) };
  const t = new Talk(sides, bytes => ({ bytes, step: (text, box) => ({ bytes: box, plain: text }) }));
  talk(t);
  return { name, ...keys, bob_seed, steps: t.steps };
});

function session() {
  const r_seed = any(32), keys = secrets(), sides = { S: new Session(), R: new Session() }, seqs = { S: 0n, R: 0n }, streams = { S: p.toNumber(any(8)), R: p.toNumber(any(8)) };
  sides.S.agreed(Ratchet.alice({ ...keys, rpk: p.publicKey(r_seed) }), p.zeros(32), 0);
  sides.R.agreed(Ratchet.bob({ ...keys, seed: r_seed }), p.zeros(32), 0);
  const write = (who, kind, body) => {
    const other = who === 'S' ? 'R' : 'S', fields = [kind, streams[who], ++seqs[who], 1n, seqs[other] ? streams[other] : 0n, seqs[other]];
    const [, stream, seq, base, ackStream, ack] = fields, bytes = env.content({ kind, stream, seq, base, ackStream, ack, body });
    return { bytes, step: (content, cell) => ({ fields, body, content, cell, digest: p.sha256(cell.slice(16)).slice(0, 16) }) };
  };
  const t = new Talk(sides, write, box => env.cell(any(16), box), cell => env.splitCell(cell)[1]), field = 'content';
  const say = (who, words) => t.seal(who, who, env.KIND_TEXT, env.text(1700000000000n, words));
  t.open('R', t.seal('S', 'S', env.EMPTY, p.zeros(0)), { field });
  t.open('S', say('R', 'x'.repeat(12288)), { field });
  const boxes = shuffled(['one', 'two', '\u00e9'.repeat(3000)].map(words => say('S', words)));
  for (const box of [...boxes, ...boxes]) t.open('R', box, { field });
  const grant = env.grant({ seed: any(32), count: 256n, notAfter: 1800000000n, kb: any(32), mailbox: p.zeros(0) });
  t.open('S', t.seal('R', 'R', env.KIND_GRANT, grant), { field, alter: [[0, 255]] });
  return [{ name: 'after a meeting', ...keys, r_seed, steps: t.steps }];
}

function reset() {
  return [0n, 2n ** 62n - 1n].map((seen, i) => {
    const [s, r] = [id.identity(), id.identity()].sort((a, b) => p.compare(a.fp, b.fp)), rs = any(32), dice = drawn();
    const R = new Reset({ rs, me: r, peer: s, seen, dice: { ...dice } }), S = new Reset({ rs, me: s, peer: r, dice: { ...dice } });
    const ask = R.start(0).send[0], boxes = [ask];
    for (let n = 1; n <= 5; n++) boxes.push((n % 2 ? S : R).receive(boxes[n - 1], 0).send[0]);
    R.receive(boxes[5], 0);
    const messages = Object.fromEntries([1, 2, 3, 4, 5].flatMap(n => [[`m${n}`, (n % 2 ? S : R).role[`m${n}`]], [`box${n}`, boxes[n]]]));
    return { name: `${i}`, root_r: r.root, root_s: s.root, n: seen + 1n, ask, ...dice, ...messages, ...keysOf(S.role), code: undefined, rs };
  });
}

const resetRefused = () => [1, 2, 3, 4, 5].flatMap(of => [0, 24, 60, 4079].map(at => ({
  name: `box ${of}, byte ${at}`, to: of % 2 ? 'R' : 'S', after: of - 1 || undefined, of, alter: [[at, 1]], result: 'unknown',
})));

const token = () => [0, 1, 255].map(index => ({ index, seed: any(32) })).map(({ index, seed }) => ({ name: `${index}`, seed, index, token: env.token(seed, index) }));

function grant() {
  const g = (count, notAfter, mailbox = p.zeros(0), seed = any(32), lot = any(16)) => env.grant({ seed, count, notAfter, kb: any(32), mailbox, lot });
  const good = g(256n, 1800000000n), all = [
    good, g(1n, 1n), g(256n, 253402300799n, hintBytes(1, any(4))), g(0n, 1n), g(257n, 1n), g(1n, 253402300800n), g(1n, -1n), g(1n, 1n, any(5)), g(1n, 1n, hintBytes(5, any(4))),
    g(1n, 1n, p.zeros(0), any(31)), g(1n, 1n, hintBytes(1, any(4)), any(32), any(15)), good.slice(1), good.slice(0, -1), p.cat(good, p.zeros(1)), flipped(good, 0), flipped(good, 1),
  ];
  return all.map((bytes, i) => ({ name: `${i}`, bytes, ...result(() => {
    const { seed, count, notAfter, kb, mailbox, lot } = env.parseGrant(bytes);
    return { seed, count: Number(count), not_after: Number(notAfter), kb, mailbox, lot };
  }) }));
}

const padding = () => [0, 1, 1588, 1589, 13876, 13877].map(length => ({ name: `${length}`, length, ...result(() => {
  const padded = env.pad(pattern(length));
  return { size: padded.length, sha256: p.sha256(padded) };
}) }));

function unpadding() {
  const all = [[1592, '00000003616263', ''], [1592, '00000634', '01'], [13880, '00000635', ''], [1592, '00000635', ''], [13880, '00000634', ''], [1592, '00000000', '01'], [1593, '', '']];
  return all.map(([size, head, tail], i) => {
    const [h, t] = [head, tail].map(text => Uint8Array.from(Buffer.from(text, 'hex')));
    const padded = p.cat(h, p.zeros(size - h.length - t.length), t);
    return { name: `${i}`, size, head, tail, ...result(() => ({ content: env.unpad(padded) })) };
  });
}

const layoutLengths = [0, 1, 65428, 65429, 65428 * 8, 65428 * 8 + 1, 65428 * 1000 + 5, 2 ** 31];
const layout = () => layoutLengths.map(length => ({ name: `${length}`, length, ...file.layout(length) }));

const chunksOf = length => Array.from({ length: file.layout(length).chunks }, (_, i) => pattern(Math.min(65428, length - 65428 * i), 65428 * i));
const tree = () => [0, 1, 65429, 65428 * 5, 65428 * 6 + 1].map(length => ({ name: `${length}`, length, tree: file.tree(chunksOf(length)) }));

const describe = length => file.descriptor({ key: any(32), id: any(16), length, tree: file.tree(chunksOf(length)) });

function descriptor() {
  const good = describe(5), tooLong = file.descriptor({ key: any(32), id: any(16), length: 2 ** 31 + 1, tree: any(32) });
  const all = [good, describe(0), tooLong, good.slice(1), good.slice(0, -1), p.cat(good, p.zeros(1)), flipped(good, 0), flipped(good, 1)];
  return all.map((bytes, i) => ({ name: `${i}`, bytes, ...result(() => {
    const { key, id: name, length, tree } = file.parseDescriptor(bytes);
    return { key, id: name, length, tree };
  }) }));
}

function fileCell() {
  const good = [[0, 0], [100, 0], [65428 * 9 - 1, 8], [65428 * 9 - 1, 9]].map(([length, index], i) => {
    const bytes = describe(length), d = file.parseDescriptor(bytes), chunk = chunksOf(length)[index] ?? p.zeros(0), tok = any(16), nonce = any(24);
    return { name: `${i}`, descriptor: bytes, index, token: tok, nonce, sha256: p.sha256(file.sealCell(d, index, chunk, tok, nonce)), result: 'ok' };
  });
  const { descriptor: d } = good[1];
  return [...good, ...[16, 32, 35, 36, 60, 92, 65535].map(at => ({ name: `byte ${at}`, descriptor: d, of: '1', alter: [[at, 1]], result: 'refused' })),
    { name: 'another file', descriptor: describe(100), of: '1', result: 'refused' }, { name: 'short', descriptor: d, of: '1', cut: 1, result: 'refused' }];
}

function content() {
  const c = (kind, seq, base, body = p.zeros(0), ack = 0n, stream = p.toNumber(any(8))) => env.content({ kind, stream, seq, base, ackStream: ack && 7n, ack, body });
  const good = c(1n, 3n, 2n, env.text(-5n, 'h\u00e9llo'), 9n), top = 2n ** 62n, words = text => c(1n, 1n, 1n, text);
  const all = [
    good, c(0n, 1n, 1n), c(0n, 1n, 1n, any(3)), c(9n, top, top, any(300), top), c(2n ** 64n - 1n, 1n, 1n), c(0n, top + 1n, 1n), c(0n, 1n, 0n), c(0n, 0n, 0n), c(0n, 1n, 2n),
    c(0n, 1n, 1n, p.zeros(0), top + 1n), ...['', 'x'.repeat(12288), 'x'.repeat(12289)].map(text => words(env.text(1n, text))),
    ...[-(2n ** 63n) - 1n, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 63n].map(at => words(env.text(at, 'x'))), words(any(5).fill(255)), words(env.encode([1n, any(3)])),
    words(env.encode([1n, 'x', 1n])), ...remarks(), good.slice(1), good.slice(0, -1), p.cat(good, p.zeros(1)), flipped(good, 0), p.cat(Uint8Array.of(0x87, 0x18, 0x00), good.slice(2)),
  ];
  return all.map((bytes, i) => ({ name: `${i}`, bytes, ...parsed(bytes) }));
}

// remarks are contents of the kinds 3 to 12, good and bad ones.
function remarks() {
  const c = (kind, ...body) => env.content({ kind, stream: 7n, seq: 1n, base: 1n, ackStream: 0n, ack: 0n, body: env.encode(body) });
  const ref = any(16), at = 1700000000000n;
  return [
    c(3n, ref, at, 'hello', null, false, 0n, null), c(3n, ref, at, 'hello', [0n, any(16)], true, 30n, null), c(3n, ref, at, '', null, false, 0n, null),
    c(3n, p.zeros(16), at, 'x', null, false, 0n, null), c(3n, ref, at, 'x', [2n, ref], false, 0n, null), c(3n, ref, at, 'x', null, null, 0n, null),
    ...[29n, 30n, 2419200n, 2419201n, -1n].map(t => c(3n, ref, at, 'x', null, false, t, null)),
    ...['\u{1F44D}\u{1F3FF}', '\u2764\uFE0F', '\u{1F1EB}\u{1F1F7}', '#\u20E3', 'x', '\u{1F44D}\u{1F44D}', '\u{1F44D}\u200D', ''].map(e => c(4n, 1n, ref, e, true, at)),
    c(5n, ref, 'x', 1n, at), c(5n, ref, 'x', 0n, at), c(6n, ref), c(6n, any(15)), c(7n, 0n, 1n, at), c(7n, 60n, 2n ** 62n + 1n, at),
    c(8n, [ref, any(16)]), c(8n, []), c(8n, Array(65).fill(ref)), c(9n, true), c(9n, 1n), c(10n, false, 0n), c(10n, true), c(11n, ref, 9n), c(12n, ref, 1n, 3n), c(12n, ref, 2n, 3n),
  ];
}

function parsed(bytes) {
  return result(() => {
    const { kind, stream, seq, base, ackStream, ack, body } = env.parseContent(bytes), fields = { kind, stream, seq, base, ack_stream: ackStream, ack, body };
    if (kind !== env.KIND_TEXT) {
      const said = result(() => ({ says: says(kind, body) }));
      if (said.result !== 'ok') return { ...fields, result: 'body malformed' };
      return said.says ? { ...fields, says: said.says } : fields;
    }
    const words = result(() => env.parseText(body));
    return words.result === 'ok' ? { ...fields, sent_at: words.sentAt, text: words.words } : { ...fields, result: 'body malformed' };
  });
}

const letters = (b, change) => node.nodeText(change(b.slice()));

function nodeAddress() {
  const made = (hint, invite = p.zeros(0)) => p.cat(p.number(1, 1), p.number(hint.length, 1), hint, invite);
  const good = made(hintBytes(3, p.utf8('node-1.example.org')), any(16)), text = node.nodeText(good);
  const texts = [
    text, node.nodeText(made(hintBytes(1, any(4)))), node.nodeText(made(hintBytes(2, p.cat(p.number(0x2001, 2), any(14).map(byte => byte | 16))), any(16))), ` ${text}\u00a0`, `\ufeff${text}`,
    text.toLowerCase(), text.replace('NODE1', 'NODE2'), text.replace('NODE1', 'NODE0'), text.replace('NODE1', 'NODE'), 'TACITNODE1:', '', text.slice(0, -1), `${text}A`, `${text}=`,
    letters(good, b => b.with(0, 0)), letters(good, b => b.with(0, 7)), letters(good, b => b.with(1, 36)), letters(good, b => b.with(2, 9)), letters(good, b => b.slice(0, 1)),
    node.nodeText(made(hintBytes(1, any(4)), p.zeros(16))), node.nodeText(made(hintBytes(1, any(4), 0))), node.nodeText(made(any(5))), node.nodeText(made(hintBytes(1, any(4)), any(17))), ' '.repeat(512) + text,
  ];
  return texts.map((text, i) => ({ name: `${i}`, text, ...result(() => {
    const { bytes, hint: h, invite } = node.parseNode(text), host = { 1: () => ({ addr: [...h.address].join('.') }), 2: () => ({ addr: id.ipv6(h.address) }), 3: () => ({ host: Buffer.from(h.address).toString() }) };
    return { bytes, node: h.node, port: h.port, ...host[h.type](), invite };
  }) }));
}

const slot = () => [1, 2, 5, 6, 9].map(n => ({ n, invite: any(16) })).map(({ n, invite }) => ({ name: `${n}`, invite, n, slot: node.slot(invite, n) }));

function keyRecord() {
  const node_seed = any(32), seed = any(32), pk = ed25519.getPublicKey(node_seed), made = (from, until) => node.keyRecord(node_seed, seed, from, until), good = made(1800000000n, 1801209600n);
  const all = [good, made(0n, 253402300800n), made(0n, 253402300801n), made(9n, 9n), made(10n, 9n), good.slice(1), good.slice(0, -1), p.cat(good, p.zeros(1)), ...[0, 1, 1216, 1217, 1232, 1233, 1296].map(at => flipped(good, at))];
  return all.map((record, i) => ({ name: `${i}`, record, node: pk, ...result(() => {
    const r = node.parseKeyRecord(pk, record);
    return { node_seed, seed, from: r.from, until: r.until, id: r.id };
  }) }));
}

const nodeTalk = () => [0, 1].map(at => {
  const dice = { node_seed: any(32), key_seed: any(32), eseed: any(64), account_seed: any(32), invite: any(16) }, t = node.talk(dice.node_seed, dice.key_seed, dice.eseed);
  const login = node.login(t.bound, dice.account_seed, dice.invite);
  const frames = [['q', 0, 1, login, 0], ['a', 0, 1, any(9), 0], ['q', 1, 3, any(40), 65536], ['a', 1, 1, p.zeros(1), 0], ['q', 2, 2, any(90), 16384], ['a', 2, 3, any(300), 0]].map(([direction, number, c, head, patterned]) => {
    const nonce = any(24), frame = node.seal(direction === 'q' ? t.kq : t.ka, direction, number, c, node.payload(c, head, pattern(patterned)), nonce);
    return { direction, number, class: c, head, pattern: patterned, ...(c === 1 ? { frame } : { sha256: p.sha256(frame), nonce }), result: 'ok' };
  });
  const refused = [['q', 0, 1], ['a', 1, 1], ['a', 0, 0], ['q', 0, 0, [[5, 1]]], ['a', 2, 5, [[66120, 1]]], ['q', 1, 2, [[0, 1]]]].map(([direction, number, of, alter]) => ({ direction, number, of, alter, result: 'refused' }));
  return { name: `${at}`, ...dice, opening: t.opening, kq: t.kq, ka: t.ka, login, frames: [...frames, ...refused] };
});

const said = (parse, c) => ({ ...c, ...result(() => parse(node.payload(c.class, c.head, pattern(c.pattern ?? 0)))) });
const n8 = n => p.number(n, 8), n1 = n => p.number(n, 1);

function request() {
  const h = hintBytes(3, p.utf8('a.b')), all = [
    [1, p.cat(n1(1), any(16), n1(1)), 4096], [2, p.cat(n1(1), any(16), n1(4), any(48)), 16384], [3, p.cat(n1(1), any(16), n1(16), any(240)), 65536], [1, p.cat(n1(1), any(16), n1(2), any(16)), 4096],
    [2, p.cat(n1(1), any(16), n1(16), any(240)), 16000], [1, p.cat(n1(2), any(16))], [1, p.cat(n1(2), any(17))], [1, p.cat(n1(3), any(16)), 4096], [1, p.cat(n1(3), any(16)), 4097], [1, p.cat(n1(4), any(16))],
    [1, p.cat(n1(5), n1(h.length), h)], [1, p.cat(n1(5), n1(h.length + 1), h)], [1, p.cat(n1(5), n1(0))], [1, p.cat(n1(16), any(112))], [2, p.cat(n1(16), any(112))], [1, p.cat(n1(17), p.number(5, 2), n1(3), any(48))],
    [1, p.cat(n1(17), p.number(601, 2), n1(0))], [1, p.cat(n1(17), p.number(600, 2), n1(16), any(256))], [1, p.cat(n1(17), p.number(0, 2), n1(17), any(272))], [3, p.cat(n1(18), any(16), n8(1n)), 65536],
    [3, p.cat(n1(18), any(16), n8(253402300801n)), 65536], [3, p.cat(n1(18), any(16), n8(1n)), 65537], [1, p.cat(n1(19), any(16))], [3, p.cat(n1(20), n1(0)), 33792], [3, p.cat(n1(20), n1(200)), 33792], [1, p.cat(n1(20), n1(0))],
    [1, p.cat(n1(21), n8(7n), n1(1), any(16))], [1, p.cat(n1(21), n8(7n), n1(0))], [1, p.cat(n1(21), n8(2n ** 63n), n1(1), any(16))], [1, n1(22)], [1, p.cat(n1(22), n1(9))], [1, n1(0)], [1, n1(7)], [1, n1(255)],
  ];
  return all.map(([c, head, patterned], i) => said(b => node.parseRequest(b, c), { name: `${i}`, class: c, head, pattern: patterned }));
}

function answer() {
  const page = (...classes) => p.cat(n1(0), p.number(1, 4), p.number(2, 4), n8(3n), n8(4n), n1(classes.length), ...classes.flatMap(c => [any(16), n1(c)])), full = b => p.cat(b, p.zeros(512 - b.length)), all = [
    [1, n1(0)], [1, n1(1)], [1, n1(2)], [1, n1(3)], [1, n1(9)], [1, p.cat(n1(1), n1(1))], [2, n1(0), 512], [2, n1(2)], [2, n1(0), 513], [4, n1(0), 4096], [4, n1(3), 4096], [4, n1(3), 4097], [4, n1(1)],
    [16, p.cat(n1(0), n8(1n), n8(2n), p.number(3, 4), p.number(4, 4), n8(5n))], [16, p.cat(n1(0), n8(2n ** 63n))], [16, p.cat(n1(0), any(8).with(0, 1), n8(2n), p.number(3, 4), p.number(4, 4), n8(253402300801n))], [16, n1(2)],
    [17, full(page()), 65536], [17, full(page(1, 2, 1, 2)), 65536], [17, full(page(3)), 65536], [17, full(page(3, 1)), 65536], [17, full(page(0)), 65536], [17, full(page(...Array(17).fill(1))), 65536], [17, full(page(1)).with(511, 1), 65536], [17, n1(1)],
  ];
  return all.map(([kind, head, patterned], i) => said(b => node.parseAnswer(b, kind), { name: `${i}`, kind, class: kind === 17 ? 3 : 1, head, pattern: patterned }));
}

function presence() {
  const relay = hintBytes(1, any(4)), now = 1800000000n, made = (until, relays) => node.presence({ peer: any(32), until, relays });
  const all = [made(now + 1n, []), made(now + 7200n, [relay, hintBytes(3, p.utf8('a'))]), made(now + 9n, Array(6).fill(relay)), made(now + 9n, Array(7).fill(relay)), made(now, []), made(now + 7201n, []), made(now + 9n, [any(4)]), flipped(made(now + 9n, []), 439)];
  return all.map((plain, i) => {
    const kb = any(32), name = node.presenceID(kb), content = p.seal(node.presenceKey(kb), plain, name);
    return { name: `${i}`, kb, id: name, key: node.presenceKey(kb), content, now, ...result(() => node.openPresence(kb, content, now)) };
  });
}

function nearFrame() {
  const said = [{ kind: 1, animal: 63, number: 99 }, { kind: 1, animal: 0, number: 10 }, { kind: 2, pick: true }, { kind: 2 }, { kind: 3, card: 'A'.repeat(512) }, { kind: 3, card: '!~' }, { kind: 4 }].map(near.frame);
  const bad = [[1, 64, 10], [1, 0, 100], [1, 0, 9], [1, 0], [2, 2], [2], [3], [3, 0x20], [3, 0x7f], [3, ...Array(513).fill(65)], [4, 0], [5], [0], []].map(b => p.cat(p.number(b.length, 2), Uint8Array.from(b)));
  return [...said, ...bad, said[0].slice(0, 4), said[0].slice(0, 1), p.cat(p.number(4097, 2), p.number(4, 1), any(4096))].map((bytes, i) => ({ name: `${i}`, bytes, ...result(() => near.parseFrame(bytes)) }));
}

const makers = {
  identity: { hash, hkdf, kem, caead, identity, safety, hint, card, hello, node_address: nodeAddress, slot },
  'identity/pairing': { pairing, refused, sas },
  'identity/ratchet': { ratchet },
  'identity/envelope': { token, grant, padding, unpadding, file_layout: layout, file_tree: tree, file_descriptor: descriptor, file_cell: fileCell },
  'identity/session': { session, reset, reset_refused: resetRefused },
  'transport/mailbox': { key_record: keyRecord, talk: nodeTalk, request, answer, presence },
  'transport/near': { frame: nearFrame },
  app: { content },
};

// make writes all files below dir.
export function make(dir) {
  for (const [folder, files] of Object.entries(makers)) {
    for (const [name, cases] of Object.entries(files)) {
      const path = join(dir, folder, 'testdata/vectors', `${name}.json`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${JSON.stringify({ description: `made by the second implementation: ${name}`, section: '18', cases: plain(cases()) }, null, 1)}\n`);
    }
  }
}
