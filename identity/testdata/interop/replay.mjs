// How each file of vectors is replayed: every value derived anew, every refusal met with the word that is given.
import { isDeepStrictEqual } from 'node:util';
import * as p from './primitives.mjs';
import * as id from './identity.mjs';
import * as env from './envelope.mjs';
import { says } from './said.mjs';
import * as file from './file.mjs';
import * as node from './node.mjs';
import * as near from './near.mjs';
import { Presenter, Scanner, code } from './pairing.mjs';
import { Reset } from './reset.mjs';
import { Ratchet, Session } from './ratchet.mjs';

export const hex = b => Buffer.from(b).toString('hex');
export const un = text => Uint8Array.from(Buffer.from(text ?? '', 'hex'));
const pattern = (n, from = 0) => Uint8Array.from({ length: n }, (_, j) => (from + j) % 251);
const plain = v => (v instanceof Uint8Array ? hex(v) : typeof v === 'bigint' ? String(v) : v);

// same compares what was derived with what the case says; fields that say nothing are left out of both.
function same(c, derived) {
  for (const [name, value] of Object.entries(derived)) {
    const got = plain(value) || undefined, want = c[name] || undefined;
    if (!isDeepStrictEqual(got, want)) throw new Error(`${name}: derived ${String(got).slice(0, 80)}, given ${String(want).slice(0, 80)}`);
  }
}

// result runs f and gives the word for what came of it.
function result(f) {
  try {
    f();
    return 'ok';
  } catch (e) {
    if (e instanceof p.Refused) return e.why;
    throw e;
  }
}

// checked runs f, which must end with the result of the case.
const checked = (c, f, expected = c.result ?? 'ok') => same({ result: expected }, { result: result(f) });

// changed gives bytes as a case has them: cut, add and alter in this order.
function changed(b, c) {
  const out = p.cat(b.slice(0, b.length - (c.cut ?? 0)), un(c.add));
  for (const [at, byte] of c.alter ?? []) out[at] ^= byte;
  return out;
}

const nearFrame = c => checked(c, () => {
  const f = near.parseFrame(un(c.bytes));
  same(c, { animal: undefined, number: undefined, pick: undefined, card: undefined, ...f });
  same(c, { bytes: near.frame(f) });
});

const hint = c => checked(c, () => {
  const h = id.parseHint(un(c.bytes)), shown = { 1: { addr: [...h.address].join('.') }, 2: { addr: h.type === 2 && id.ipv6(h.address) }, 3: { host: Buffer.from(h.address).toString() } };
  same(c, { node: h.node, port: h.port, addr: undefined, host: undefined, ...shown[h.type] });
});

const card = c => checked(c, () => {
  const d = id.parseCard(c.text);
  same(c, { bytes: d.bytes, shown: d.shown, fingerprint: d.fp, invite: d.inv, expiry: d.expiry, hint: d.hint?.bytes, kb: d.kb });
  same({ text: c.text.trim() }, { text: id.cardText(d) });
});

function kem(c) {
  const seed = un(c.seed), info = un(c.info), ct = un(c.ct);
  same(c, { public: p.publicKey(seed) });
  if (c.eseed) same({ ...c, ct: [c.ct, c.ss] }, { ct: p.Encap(un(c.public), info, un(c.eseed)).map(hex) });
  checked(c, () => same(c, { ss: p.Decap(seed, ct, info) }), c.result === 'refused' ? 'refused' : 'ok');
}

function caead(c) {
  const key = un(c.key), ad = un(c.ad), box = un(c.box);
  checked(c, () => same(c, { plain: p.open(key, box, ad) }));
  if (c.result === 'ok') same(c, { box: p.seal(key, un(c.plain), ad, box.slice(0, 24)) });
}

function identity(c) {
  const { fp } = c.result === 'ok' ? id.parseBundle(un(c.bundle)) : {};
  if (!fp) return same(c, { result: result(() => id.parseBundle(un(c.bundle))) === 'ok' ? 'ok' : 'refused' });
  const i = id.identity(un(c.root));
  return same(c, { ed25519_seed: i.edSeed, xwing_seed: i.seed, bundle: i.bundle, fingerprint: fp });
}

function hello(c) {
  const keys = c.listener_keys.map(un), eD = un(c.dialler), eL = un(c.listener), found = id.found(un(c.hello), keys, eD, eL);
  same(c, { found });
  if (found >= 0) same(c, { tag: id.tag(keys[found], eD, eL), answer: id.answer(keys[found], eD, eL) });
}

// dice gives the randomness of the case to the two roles.
function dice(c) {
  const m = name => un(c[name]);
  return {
    S: { seed_e: m('seed_e'), nonce_s: m('nonce_s'), fill_1: m('m1').slice(1248), eseed_r: m('eseed_r'), x3: m('m3').slice(1120, 1144), fill_5: m('m5').slice(32) },
    R: { eseed_e: m('eseed_e'), seed_rpk: m('seed_rpk'), nonce_r: m('nonce_r'), x2: m('m2').slice(1120, 1144), eseed_s: m('eseed_s'), fill_4: m('m4').slice(1152) },
  };
}

// roles puts both sides of a pairing at their beginnings.
function roles(c) {
  const { inv, fp } = id.parseCard(c.card), { S, R } = dice(c);
  return {
    S: new Scanner({ me: id.identity(un(c.root_s)), profile: un(c.profile_s), inv, fp, dice: S }),
    R: new Presenter({ me: id.identity(un(c.root_r)), profile: un(c.profile_r), inv, dice: R }),
  };
}

const keysOf = side => {
  const { mk, sk, hka, nhkb, rs, ad, code } = side.keys;
  return { k1: side.k1, k2: side.k2, t2: side.t2, mk, sk, hka, nhkb, rs, ad, code };
};

function pairing(c) {
  const { S, R } = roles(c);
  same(c, { m1: S.m1 });
  same(c, { m2: R.receive(un(c.m1)).reply });
  same(c, { m3: S.receive(un(c.m2)).reply });
  same(c, { m4: R.receive(un(c.m3)).reply });
  same(c, { m5: S.receive(un(c.m4)).reply, ...keysOf(S) });
  for (const [again, answered] of [['m1', 'm2'], ['m3', 'm4']]) same({ [answered]: c[answered] }, { [answered]: R.receive(un(c[again])).reply });
  same({ agreed: true }, { agreed: R.receive(un(c.m5)).agreed });
  same(c, keysOf(R));
}

// refused gives one altered message to its receiver, at the place where the first case of pairing.json brings it.
function refused(c, files) {
  const [whole] = files.pairing.cases, { S, R } = roles(whole), receiver = { M1: R, M2: S, M3: R, M4: S, M5: R }[c.message];
  for (const [to, before] of [[R, 'M1'], [S, 'M2'], [R, 'M3'], [S, 'M4']]) {
    if (before < c.message) to.receive(un(whole[before.toLowerCase()]));
  }
  const right = un(whole[c.message.toLowerCase()]), state = receiver.state, got = receiver.receive(c.cell ? un(c.cell) : changed(right, c));
  const word = got.failed ? 'failed' : got.reply || got.agreed ? 'ok' : 'dropped';
  same(c, { result: word });
  if (word !== 'dropped') return;
  const then = receiver.receive(right);
  same({ state, taken: true }, { state: state === receiver.state ? `${state} after the right message` : state, taken: Boolean(then.reply || then.agreed) });
}

// resets puts both sides of a reset at their beginnings: R will ask for n, S has seen nothing.
function resets(c) {
  const { S, R } = dice(c), [r, s] = [c.root_r, c.root_s].map(root => id.identity(un(root))), nonces = names => names.map(name => un(c[name]).slice(0, 24));
  const rs = un(c.rs);
  return {
    S: new Reset({ rs, me: s, peer: r, dice: { ...S, boxes: nonces(['box1', 'box3', 'box5']) } }),
    R: new Reset({ rs, seen: BigInt(c.n) - 1n, me: r, peer: s, dice: { ...R, boxes: nonces(['ask', 'box2', 'box4']) } }),
  };
}

function reset(c) {
  const { S, R } = resets(c), one = ({ send }) => send[0], box = name => un(c[name]);
  same(c, { ask: one(R.start(0)) });
  same(c, { box1: one(S.receive(box('ask'), 0)), m1: S.role.m1 });
  same(c, { box2: one(R.receive(box('box1'), 0)), m2: R.role.m2 });
  same(c, { box3: one(S.receive(box('box2'), 0)), m3: S.role.m3 });
  same(c, { box4: one(R.receive(box('box3'), 0)), m4: R.role.m4 });
  const last = S.receive(box('box4'), 0);
  same(c, { box5: one(last), m5: S.role.m5, ...keysOf(S.role), rs: c.rs, code: undefined });
  const end = R.receive(box('box5'), 0);
  same(c, { ...keysOf(R.role), rs: c.rs, code: undefined });
  same({ agreed: 2, boxes: 0 }, { agreed: [last, end].filter(step => step.agreed).length, boxes: end.send.length });
}

// resetRefused gives one box to a side of the first case of reset.json, when everything up to box `after` was made.
function resetRefused(c, files) {
  const [whole] = files.reset.cases, { S, R } = resets(whole), to = { S, R }[c.to], asked = R.start(0).send[0];
  let box = asked;
  for (let i = 1; i <= (c.after ?? 0); i++) box = (i % 2 ? S : R).receive(box, 0).send[0];
  const before = to.seen, state = to.role?.state, given = c.box ? un(c.box) : changed(un(whole[`box${c.of}`]), c);
  const word = result(() => to.parse(given));
  if (word !== 'ok') return same({ result: c.result }, { result: word === 'refused' ? 'unknown' : 'dropped' });
  const [answer] = to.receive(given, 0).send, type = answer && to.parse(answer).type;
  const what = !answer ? 'dropped' : type === 0 ? 'asks' : type === 1 && to.seen > before ? 'begins' : 'ok';
  same(c, { result: what });
  if (what !== 'begins') same({ state, seen: String(before) }, { state: to.role?.state, seen: to.seen });
}

function sas(c) {
  const bundle = name => id.identity(un(c[name])).bundle;
  same(c, { code: code(un(c.nonce_s), un(c.nonce_r), un(c.t2), bundle('root_s'), un(c.profile_s), bundle('root_r')) });
}

// conversation replays steps: sides are the two receivers by name, content what a step seals.
function conversation(c, sides, content, box) {
  const boxes = {};
  for (const [i, step] of c.steps.entries()) {
    try {
      const at = step.at ?? 0;
      if (step.skip) for (let n = 0; n < step.skip; n++) sides[step.seal].seal(p.zeros(0), at);
      else if (step.seal) boxes[step.as] = sealed(step, sides[step.seal], content(step), box(step), at);
      else {
        const bytes = step.bytes ? un(step.bytes) : changed(boxes[step.box], step);
        checked(step, () => same(step, { [box.plain]: sides[step.open].open(box.unwrap(bytes), at) }));
      }
    } catch (e) {
      throw new Error(`step ${i}: ${e.message}`);
    }
  }
}

function sealed(step, side, content, given, at) {
  const derived = {}, unwrapped = given.unwrap;
  const ratchet = side.lines ? side.lines[0].ratchet : side;
  ratchet.begun = keys => Object.assign(derived, keys);
  const dice = { eseed: step.eseed && un(step.eseed), header: unwrapped.slice(0, 24), body: unwrapped.slice(2416, 2440) };
  if (step.seed) dice.seed = un(step.seed);
  const box = side.seal(content, at, dice);
  same({ rk: step.rk, ck: step.ck, nhk: step.nhk, box: hex(unwrapped) }, { rk: derived.rk, ck: derived.ck, nhk: derived.nhk, box });
  return given.whole;
}

const secrets = c => ({ sk: un(c.sk), hka: un(c.hka), nhkb: un(c.nhkb), ad: un(c.ad) });

function ratchet(c) {
  const bob = un(c.bob_seed), keys = secrets(c);
  const sides = { alice: Ratchet.alice({ ...keys, rpk: p.publicKey(bob) }), bob: Ratchet.bob({ ...keys, seed: bob }) };
  const box = Object.assign(step => ({ whole: un(step.bytes), unwrap: un(step.bytes) }), { plain: 'plain', unwrap: b => b });
  conversation(c, sides, step => un(step.plain), box);
}

function session(c) {
  const seed = un(c.r_seed), keys = secrets(c), sides = { S: new Session(), R: new Session() };
  sides.S.agreed(Ratchet.alice({ ...keys, rpk: p.publicKey(seed) }), p.zeros(32), 0);
  sides.R.agreed(Ratchet.bob({ ...keys, seed }), p.zeros(32), 0);
  const unwrap = cell => env.splitCell(cell)[1];
  const box = Object.assign(step => ({ whole: un(step.cell), unwrap: unwrap(un(step.cell)) }), { plain: 'content', unwrap });
  const content = step => {
    const [kind, stream, seq, base, ackStream, ack] = step.fields.map(BigInt), bytes = env.content({ kind, stream, seq, base, ackStream, ack, body: un(step.body) });
    same(step, { content: bytes, digest: p.sha256(unwrap(un(step.cell))).slice(0, 16) });
    env.parseContent(bytes);
    return bytes;
  };
  conversation(c, sides, content, box);
}

const grant = c => checked(c, () => {
  const g = env.parseGrant(un(c.bytes));
  same(c, { seed: g.seed, count: Number(g.count), not_after: Number(g.notAfter), kb: g.kb, mailbox: g.mailbox, lot: g.lot });
  same(c, { bytes: env.grant(g) });
});

const padding = c => checked(c, () => {
  const padded = env.pad(pattern(c.length ?? 0));
  same(c, { size: padded.length, sha256: p.sha256(padded) });
});

const unpadding = c => checked(c, () => {
  const head = un(c.head), tail = un(c.tail), padded = p.cat(head, p.zeros(c.size - head.length - tail.length), tail), content = env.unpad(padded);
  same({ content: c.content ?? hex(content), padded: hex(padded) }, { content, padded: env.pad(content) });
});

const descriptor = c => checked(c, () => {
  const d = file.parseDescriptor(un(c.bytes));
  same(c, { key: d.key, id: d.id, length: d.length, tree: d.tree, bytes: file.descriptor(d) });
});

const chunksOf = length => Array.from({ length: file.layout(length).chunks }, (_, i) => pattern(Math.min(65428, length - 65428 * i), 65428 * i));

function fileCell(c, files) {
  const d = file.parseDescriptor(un(c.descriptor)), made = c.of ? files.file_cell.cases.find(other => other.name === c.of) : c, from = file.parseDescriptor(un(made.descriptor));
  const index = made.index ?? 0, chunk = index < file.layout(from.length).chunks ? pattern(Math.min(65428, from.length - 65428 * index), 65428 * index) : p.zeros(0);
  const cell = file.sealCell(from, index, chunk, un(made.token), un(made.nonce));
  if (!c.of) same(c, { sha256: p.sha256(cell), ...(c.cell && { cell }) });
  checked(c, () => {
    const [i, got] = file.openCell(d, changed(cell, c));
    same({ index: c.index, chunk: hex(chunk) }, { index: i, chunk: got });
  });
}

function content(c) {
  checked(c, () => {
    const m = env.parseContent(un(c.bytes));
    same(c, { kind: m.kind, stream: m.stream, seq: m.seq, base: m.base, ack_stream: m.ackStream, ack: m.ack, body: m.body, bytes: env.content(m) });
    if (m.kind !== env.KIND_TEXT) {
      const said = p.orRefuse('body malformed', () => says(m.kind, m.body));
      if (said) same(c, { says: said });
      return;
    }
    const t = p.orRefuse('body malformed', () => env.parseText(m.body));
    same(c, { sent_at: t.sentAt, text: t.words });
  });
}

const nodeAddress = c => checked(c, () => {
  const { bytes, hint: h, invite } = node.parseNode(c.text), shown = { 1: { addr: [...h.address].join('.') }, 2: { addr: h.type === 2 && id.ipv6(h.address) }, 3: { host: Buffer.from(h.address).toString() } };
  same(c, { bytes, node: h.node, port: h.port, addr: undefined, host: undefined, ...shown[h.type], invite });
  same({ text: c.text.trim() }, { text: node.nodeText(bytes) });
});

const keyRecord = c => checked(c, () => {
  const r = node.parseKeyRecord(un(c.node), un(c.record));
  same(c, { from: r.from, until: r.until, id: r.id, record: node.keyRecord(un(c.node_seed), un(c.seed), r.from, r.until) });
});

function talk(c) {
  const t = node.talk(un(c.node_seed), un(c.key_seed), un(c.eseed)), frames = [];
  same(c, { opening: t.opening, kq: t.kq, ka: t.ka, login: node.login(t.bound, un(c.account_seed), un(c.invite)) });
  for (const f of c.frames) {
    const key = f.direction === 'q' ? t.kq : t.ka, number = f.number ?? 0;
    if (f.result !== 'ok') {
      checked(f, () => node.open(key, f.direction, number, changed(frames[f.of ?? 0], f)));
      continue;
    }
    const plain = node.payload(f.class, un(f.head), pattern(f.pattern ?? 0)), nonce = un(f.nonce ?? f.frame.slice(2, 50));
    const frame = node.seal(key, f.direction, number, f.class, plain, nonce);
    frames.push(frame);
    same(f, f.frame ? { frame } : { sha256: p.sha256(frame) });
    same({ plain: hex(plain) }, { plain: node.open(key, f.direction, number, frame) });
  }
}

const SAID = ['kind', 'lot', 'tokens', 'id', 'hint', 'account', 'invite', 'signature', 'wait', 'names', 'until', 'page', 'status', 'used', 'quota', 'cells', 'lots', 'time', 'left', 'refused', 'classes'];

// said compares every field that a request or an answer may have; lists that are empty are left out.
const said = (c, got) => {
  const list = v => (Array.isArray(v) ? (v.length ? v.map(plain) : undefined) : v);
  same(c, Object.fromEntries(SAID.map(name => [name, list({ kind: c.kind, ...got }[name])])));
};
const request = c => checked(c, () => said(c, node.parseRequest(node.payload(c.class, un(c.head), pattern(c.pattern ?? 0)), c.class)));
const answer = c => checked(c, () => said(c, node.parseAnswer(node.payload(c.class, un(c.head), pattern(c.pattern ?? 0)), c.kind)));

function presence(c) {
  const kb = un(c.kb);
  same(c, { id: node.presenceID(kb), key: node.presenceKey(kb) });
  checked(c, () => {
    const got = node.openPresence(kb, un(c.content), BigInt(c.now));
    same({ ...c, relays: c.relays ?? [] }, { peer: got.peer, until: got.until });
    same({ relays: (c.relays ?? []).join() }, { relays: got.relays.map(hex).join() });
    same({ plain: hex(node.presence(got)) }, { plain: p.open(node.presenceKey(kb), un(c.content), node.presenceID(kb)) });
  });
}

export const replay = {
  'identity/hash': c => same(c, { join: p.Join(...c.values.map(un)), hash: p.H(...c.values.map(un)) }),
  'identity/hkdf': c => same(c, { out: p.HKDF(un(c.secret), un(c.salt), un(c.info), c.out.length / 2) }),
  'identity/kem': kem,
  'identity/caead': caead,
  'identity/identity': identity,
  'identity/safety': c => same(c, { number: id.safetyNumber(un(c.a), un(c.b)) }),
  'identity/card': card,
  'identity/hint': hint,
  'identity/hello': hello,
  'identity/node_address': nodeAddress,
  'identity/slot': c => same(c, { slot: node.slot(un(c.invite), c.n) }),
  'transport/near/frame': nearFrame,
  'transport/mailbox/key_record': keyRecord,
  'transport/mailbox/talk': talk,
  'transport/mailbox/request': request,
  'transport/mailbox/answer': answer,
  'transport/mailbox/presence': presence,
  'identity/pairing/pairing': pairing,
  'identity/pairing/refused': refused,
  'identity/pairing/sas': sas,
  'identity/ratchet/ratchet': ratchet,
  'identity/envelope/token': c => same(c, { token: env.token(un(c.seed), c.index ?? 0) }),
  'identity/envelope/grant': grant,
  'identity/envelope/padding': padding,
  'identity/envelope/unpadding': unpadding,
  'identity/envelope/file_descriptor': descriptor,
  'identity/envelope/file_layout': c => same(c, file.layout(c.length ?? 0)),
  'identity/envelope/file_tree': c => same(c, { tree: file.tree(chunksOf(c.length ?? 0)) }),
  'identity/envelope/file_cell': fileCell,
  'identity/session/session': session,
  'identity/session/reset': reset,
  'identity/session/reset_refused': resetRefused,
  'app/content': content,
};
