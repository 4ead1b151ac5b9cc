// A peer that talks over standard input and output; the command line and the plan stand in README.md.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Refused, equal, random, sha256, toNumber, utf8, zeros } from './primitives.mjs';
import { cardText, identity, parseCard, safetyNumber } from './identity.mjs';
import { EMPTY, TOKEN, cell, content, parseContent, splitCell, unpad } from './envelope.mjs';
import { Presenter, Scanner, profile } from './pairing.mjs';
import { Ratchet, Session } from './ratchet.mjs';
import { Reset } from './reset.mjs';
import { ACK, HEARTBEAT, cellFrame, frame, frames } from './link.mjs';
import { turns } from './plan.mjs';

const { values: args } = parseArgs({
  options: {
    role: { type: 'string' }, card: { type: 'string' }, root: { type: 'string' }, name: { type: 'string', default: '' },
    messages: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' }, repeat: { type: 'boolean' }, lose: { type: 'boolean' }, reset: { type: 'string' },
  },
});

const hex = b => Buffer.from(b).toString('hex');
const now = () => Math.floor(Date.now() / 1000);
const say = line => process.stderr.write(`${JSON.stringify(line)}\n`);
const digest = box => hex(sha256(box).slice(0, 16));
const must = (good, what) => {
  if (!good) throw new Error(what);
};

async function write(bytes) {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}

class Peer {
  session = new Session();
  mine = { stream: toNumber(random(8)), sealed: 0n };
  theirs = { stream: 0n, sealed: 0n, upTo: 0n, seqs: new Set() };
  turn = 0;
  got = 0; // frames of the turn of the other side
  opened = new Set(); // messages of the other side, by number
  cells = new Map(); // own messages that were sealed, by number
  numbers = new Map(); // the seq that a message of the other side must have
  waiting = []; // digests of frames that were written and not acknowledged
  firstBox = false; // R waits for the first box of a new ratchet
  counts = { opened: 0, used: 0, acknowledged: 0 };

  constructor() {
    this.me = identity(args.root && Uint8Array.from(Buffer.from(args.root, 'hex')));
    this.plan = turns(Number(args.messages), Number(args.seed));
    this.parity = args.role === 'scan' ? 0 : 1;
    this.resetAt = args.reset === undefined ? -1 : Number(args.reset);
    const own = { me: this.me, profile: profile(utf8(args.name)) };
    if (args.role === 'present') {
      const card = { shown: false, fp: this.me.fp, inv: random(16), expiry: now() + 7 * 86400 };
      this.pairing = new Presenter({ ...own, inv: card.inv, end: card.expiry });
      say({ event: 'card', card: cardText(card) });
    } else {
      const card = parseCard(args.card);
      this.pairing = new Scanner({ ...own, inv: card.inv, fp: card.fp });
    }
  }

  async run() {
    if (this.pairing.m1) await this.handshake(this.pairing.m1, true);
    for await (const { type, body } of frames(process.stdin)) {
      if (type === ACK) this.acknowledged(body);
      else if (type !== HEARTBEAT) await this.cell(body);
      if (this.turn === this.plan.length && !this.waiting.length) return say({ event: 'done', ...this.counts });
    }
    throw new Error('the link ended');
  }

  async handshake(message, fresh) {
    for (let i = fresh && args.repeat ? 2 : 1; i > 0; i--) await write(cellFrame(message));
  }

  async cell(bytes) {
    const before = this.pairing.state, got = this.pairing.receive(bytes, now());
    must(!got.failed, 'the pairing failed');
    const fresh = before !== this.pairing.state, lost = args.lose && fresh && this.pairing.m5;
    if (got.reply && !lost) await this.handshake(got.reply, fresh);
    if (got.agreed) await this.paired();
    if (got.box) await this.box(splitCell(bytes)[1]);
  }

  async paired() {
    const { keys, them } = this.pairing;
    this.session.agreed(ratchet(keys), keys.t2, now());
    this.reset = new Reset({ rs: keys.rs, me: this.me, peer: them });
    const name = Buffer.from(them.profile.slice(2)).toString();
    say({ event: 'agreed', role: keys.rpk ? 'S' : 'R', code: keys.code, safety: safetyNumber(this.me.fp, them.fp), peer: hex(them.fp), name });
    await this.begin(keys);
  }

  // begin follows an agreement: S writes the first box of the new ratchet and goes on, R waits for it.
  async begin(keys) {
    this.firstBox = !keys.rpk;
    if (this.firstBox) return;
    await write(cellFrame(this.seal(EMPTY, zeros(0))));
    await this.proceed();
  }

  // proceed goes through the plan as far as the other side lets it.
  async proceed() {
    for (; this.turn < this.plan.length; this.turn++, this.got = 0) {
      const turn = this.plan[this.turn], own = this.turn % 2 === this.parity;
      if (own && this.turn === this.resetAt) return this.renew(this.reset.start(now()));
      if (!own && this.got < turn.frames.length) return;
      if (own) await this.speak(turn);
      else this.count(turn.sealed);
    }
  }

  // count gives the messages that the other side seals in a turn their numbers.
  count(sealed) {
    for (const m of sealed) if (!this.numbers.has(m.i)) this.numbers.set(m.i, ++this.theirs.sealed);
  }

  seal(kind, body) {
    const { stream, upTo } = this.theirs, seq = ++this.mine.sealed;
    const c = content({ kind, stream: this.mine.stream, seq, base: 1n, ackStream: upTo ? stream : 0n, ack: upTo, body });
    return cell(random(TOKEN), this.session.seal(c, now()));
  }

  async speak({ sealed, frames }) {
    for (const m of sealed) this.cells.set(m.i, this.seal(m.kind, m.body));
    for (const { m } of frames) {
      const bytes = this.cells.get(m.i);
      this.waiting.push(digest(splitCell(bytes)[1]));
      await write(cellFrame(bytes));
    }
  }

  acknowledged(body) {
    const at = this.waiting.indexOf(hex(body));
    must(at >= 0, 'an acknowledgement of nothing');
    this.waiting.splice(at, 1);
    this.counts.acknowledged++;
  }

  async box(box) {
    if (opensFirst(this.pairing, box)) {
      this.pairing.heard();
      await this.paired();
    }
    let got;
    try {
      got = parseContent(this.session.open(box, now()));
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      if (e.why === 'unknown') return this.foreign(box);
      got = e.why;
    }
    if (this.firstBox) await this.first(got);
    else await this.planned(got, box);
  }

  // foreign takes a box that no ratchet knows: it is the first of a reset's, or one of a reset.
  async foreign(box) {
    if (!opensFirst(this.reset.role, box)) return this.renew(this.reset.receive(box, now()));
    await this.renew(this.reset.heard(now()));
    return this.box(box);
  }

  async first(got) {
    must(got.kind === EMPTY, 'no first box');
    this.take(got, ++this.theirs.sealed);
    this.firstBox = false;
    await this.proceed();
  }

  async planned(got, box) {
    const { m } = this.plan[this.turn]?.frames[this.got] ?? {};
    must(m && this.turn % 2 !== this.parity, 'a box out of turn');
    this.count(this.plan[this.turn].sealed);
    if (this.opened.has(m.i)) must(got === 'used', `message ${m.i} again: ${got}`);
    else {
      must(got.kind === m.kind && equal(got.body, m.body), `message ${m.i}: ${got.kind ?? got}`);
      this.take(got, this.numbers.get(m.i));
    }
    this.counts[this.opened.has(m.i) ? 'used' : 'opened']++;
    this.opened.add(m.i);
    await write(frame(ACK, sha256(box).slice(0, 16)));
    this.got++;
    await this.proceed();
  }

  // take checks the numbers of a content of the other side.
  take({ stream, seq, base, ackStream, ack }, number) {
    const { theirs, mine } = this;
    theirs.stream ||= stream;
    must(stream === theirs.stream && seq === number && base === 1n, `number ${seq} in place of ${number}`);
    must(ack ? ackStream === mine.stream && ack <= mine.sealed : ackStream === 0n, 'an acknowledgement of another stream');
    theirs.seqs.add(seq);
    while (theirs.seqs.has(theirs.upTo + 1n)) theirs.upTo++;
  }

  // renew sends what a session reset gives, and changes the ratchet when it is agreed.
  async renew({ send, agreed }) {
    const lost = args.lose && agreed?.rpk;
    for (const box of lost ? [] : send) await write(cellFrame(cell(random(TOKEN), box)));
    if (!agreed) return;
    this.resetAt = -1;
    this.session.renewed(ratchet(agreed), now());
    say({ event: 'renewed', number: Number(this.reset.seen) });
    await this.begin(agreed);
  }
}

// opensFirst: a handshake of R that waits for M5, and whose ratchet opens the box; by a card, its content must parse, too.
function opensFirst(role, box) {
  if (role?.state !== 'confirming') return false;
  try {
    return Boolean(ratchet(role.keys).open(box, now(), padded => role.noNames || parseContent(unpad(padded))));
  } catch (e) {
    if (e instanceof Refused) return false;
    throw e;
  }
}

const ratchet = keys => (keys.rpk ? Ratchet.alice(keys) : Ratchet.bob(keys));

try {
  await new Peer().run();
} catch (e) {
  say({ event: 'error', what: e.message });
  process.exitCode = 1;
}
