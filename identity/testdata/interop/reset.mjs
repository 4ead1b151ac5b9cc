// Session reset (section 19): the handshake of section 8 under the secret of a pairing; the lower fingerprint is S.
import { HKDF, OVERHEAD, allZero, cat, compare, cut, number, open, refuse, seal, toNumber, utf8, zeros } from './primitives.mjs';
import { Presenter, Scanner } from './pairing.mjs';

const BOX = 4080, SIZE = BOX - OVERHEAD - 9, HIGHEST = 2n ** 62n, HOUR = 3600, ASK = 0;
const LAST = { searching: 1, answered: 2, replied: 3, confirming: 4, agreed: 5 };
const TAKES = { searching: [2], replied: [2, 4], agreed: [4], answered: [1, 3], confirming: [1, 3, 5] }, NOTHING = { send: [] };
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
    if (this.underWay) return this.last();
    if (this.resting(now)) refuse('too soon');
    if (this.isS) return this.#begin(this.seen + 1n);
    Object.assign(this, { underWay: true, role: undefined });
    return this.#ask(this.seen + 1n);
  }

  #ask(n) {
    if (n > HIGHEST) return NOTHING;
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
    if (n > HIGHEST) return NOTHING;
    Object.assign(this, { seen: n, role: this.#role(n, Scanner), underWay: true });
    return this.last();
  }

  receive(box, now) {
    const { n, type, message } = this.parse(box);
    return this.isS ? this.#atS(n, type, message, now) : this.#atR(n, type, message, now);
  }

  #atS(n, type, message, now) {
    if (type === ASK) return this.#asked(n, now);
    if (type !== 2 && type !== 4) return NOTHING;
    return this.#fitting(n, type, message, now) ?? this.#asked(n + 1n, now);
  }

  #asked(n, now) {
    if (this.underWay && this.seen >= n) return this.last();
    return this.resting(now) ? NOTHING : this.#begin(greater(this.seen + 1n, n));
  }

  #atR(n, type, message, now) {
    const fits = this.#fitting(n, type, message, now);
    if (fits || (type !== 1 && type !== 3)) return fits ?? NOTHING;
    if (this.resting(now)) return NOTHING;
    return type === 1 && n > this.seen ? this.#first(n, message) : this.#ask(greater(n, this.seen) + 1n);
  }

  #first(n, message) {
    const role = this.#role(n, Presenter), { reply } = role.receive(message);
    if (!reply) return NOTHING;
    Object.assign(this, { seen: n, role, underWay: true });
    return { send: [this.box(n, 2, reply)] };
  }

  // heard says that the new ratchet opened a box, in the place of M5.
  heard(now) {
    Object.assign(this, { underWay: false, ended: now });
    return { send: [], ...this.role.heard(), agreed: this.role.keys };
  }

  // #fitting gives the handshake its next message, or one that it answered; undefined is for any other.
  #fitting(n, type, message, now) {
    const { state } = this.role ?? {};
    if (n !== this.seen || !TAKES[state]?.includes(type) || (!this.underWay && type !== 4)) return undefined;
    const { reply, agreed, failed } = this.role.receive(message);
    if (!reply && !agreed && !failed) return undefined;
    if (agreed || failed) Object.assign(this, { underWay: false, ended: now });
    if (failed) this.role = undefined;
    return { send: reply ? [this.box(n, type + 1, reply)] : [], agreed: agreed && this.role.keys };
  }
}
