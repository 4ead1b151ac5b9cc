// Session reset (section 19): the handshake of section 8 under the secret of a pairing; the lower fingerprint is S.
import { HKDF, OVERHEAD, allZero, cat, compare, cut, equal, number, open, refuse, seal, sha256, toNumber, utf8, zeros } from './primitives.mjs';
import { Presenter, Scanner } from './pairing.mjs';

const BOX = 4080, SIZE = BOX - OVERHEAD - 9, HIGHEST = 2n ** 62n, HOUR = 3600, ASK = 0;
const LAST = { searching: 1, answered: 2, replied: 3, confirming: 4, agreed: 5 };
const greater = (a, b) => (a > b ? a : b);

// Reset is what a side keeps of its resets with one contact: rs, me and peer (identities), seen. start and receive give {send: boxes, agreed: keys of the new ratchet}.
export class Reset {
  constructor({ rs, me, peer, seen = 0n, dice = {} }) {
    Object.assign(this, { rs, me, peer, seen, dice, key: HKDF(rs, '', 'tacit/1/reset', 32), isS: compare(me.fp, peer.fp) < 0, underWay: false });
  }

  box(n, type, message) {
    return seal(this.key, cat(number(n, 8), number(type, 1), message), '', this.dice.boxes?.shift());
  }

  parse(box) {
    if (box.length !== BOX) refuse('malformed');
    const [n, [type], message] = cut(open(this.key, box, ''), 8, 1, SIZE), value = toNumber(n);
    if (value < 1n || value > HIGHEST || type > 5 || (type === ASK && !allZero(message))) refuse('malformed');
    return { n: value, type, message };
  }

  // resting: nothing is under way, and the last one ended less than an hour ago.
  resting(now) {
    return !this.underWay && now >= this.ended && now - this.ended < HOUR;
  }

  start(now) {
    if (this.resting(now)) refuse('too soon');
    if (this.isS) return this.#begin(this.seen + 1n);
    this.underWay = true;
    return this.#ask(this.seen + 1n);
  }

  #ask(n) {
    return { send: [this.box(n, ASK, zeros(SIZE))] };
  }

  // last is the last message once more, in a new box.
  last() {
    if (!this.role) return this.#ask(this.seen + 1n);
    const type = LAST[this.role.state];
    return { send: [this.box(this.seen, type, this.role[`m${type}`])] };
  }

  #role(n, Role) {
    const inv = HKDF(this.rs, '', cat(utf8('r'), number(n, 8)), 16);
    return new Role({ me: this.me, inv, size: SIZE, fp: this.peer.fp, noNames: true, dice: this.dice });
  }

  #begin(n) {
    Object.assign(this, { seen: n, role: this.#role(n, Scanner), underWay: true });
    return this.last();
  }

  receive(box, now) {
    const { n, type, message } = this.parse(box);
    return this.isS ? this.#atS(n, type, message, now) : this.#atR(n, type, message, now);
  }

  #atS(n, type, message, now) {
    if (type === ASK) {
      if (this.underWay && this.seen >= n) return this.last();
      return this.resting(now) ? { send: [] } : this.#begin(greater(this.seen, n - 1n) + 1n);
    }
    const wanted = { searching: 2, replied: 4, agreed: 4 }[this.role?.state];
    return n === this.seen && (type === wanted || (type === 2 && this.role?.state === 'replied')) ? this.#step(type, message, now) : { send: [] };
  }

  #atR(n, type, message, now) {
    if (type === 1) return this.#first(n, message, now);
    if (type === 3 && n > this.seen) return this.resting(now) ? { send: [] } : this.#ask(n + 1n);
    const wanted = { answered: [3], confirming: [3, 5], agreed: [5] }[this.role?.state] ?? [];
    return n === this.seen && wanted.includes(type) ? this.#step(type, message, now) : { send: [] };
  }

  // #first takes an M1.
  #first(n, message, now) {
    if (n === this.seen && this.m1 && equal(this.m1, sha256(message))) return this.role ? this.#step(1, message, now) : { send: [] };
    if (this.resting(now)) return { send: [] };
    if (n <= this.seen) return this.#ask(this.seen + 1n);
    const role = this.#role(n, Presenter), { reply } = role.receive(message);
    if (!reply) return { send: [] };
    Object.assign(this, { seen: n, role, underWay: true, m1: sha256(message) });
    return { send: [this.box(n, 2, reply)] };
  }

  // #step gives a message to the handshake, whose answer has the next type.
  #step(type, message, now) {
    const { reply, agreed, failed } = this.role.receive(message);
    if (agreed || failed) Object.assign(this, { underWay: false, ended: now });
    return { send: reply ? [this.box(this.seen, type + 1, reply)] : [], agreed: agreed && this.role.keys };
  }
}
