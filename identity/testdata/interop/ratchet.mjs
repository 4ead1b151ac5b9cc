// The ratchet, and a contact's session of ratchets (sections 9 and 10).
import { CT, Decap, Encap, HKDF, HMAC, OVERHEAD, PK, Refused, cat, compare, cut, number, open, orRefuse, parses, publicKey, random, refuse, seal, toNumber, utf8 } from './primitives.mjs';
import { pad, unpad } from './envelope.mjs';

const HEADER = PK + CT + 8, ENC_HEADER = HEADER + OVERHEAD, SKIP = 1000, SKIPPED = 2000, OLD = 8, DAYS_30 = 30 * 86400, END = 2 ** 32 - 1;

const kdfRK = (ss, rk) => cut(HKDF(ss, rk, 'tacit/1/rk', 96), 32, 32, 32);
const kdfCK = ck => [HMAC(ck, number(1, 1)), HMAC(ck, number(2, 1))];
const number4 = b => Number(toNumber(b));
const tried = (key, box) => {
  try {
    return key && open(key, box.slice(0, ENC_HEADER), box.ad);
  } catch (e) {
    if (e instanceof Refused) return undefined;
    throw e;
  }
};

export class Ratchet {
  constructor(state) {
    Object.assign(this, state);
  }

  static #begin({ ad, sk }, stage) {
    const info = cat(utf8('tacit/1/ratchet'), ad);
    return new Ratchet({ ad, info, rk: sk, ns: 0, pn: 0, nr: 0, epoch: 0, old: [], skipped: [], ...stage });
  }

  // alice is S, bob is R; keys are those of a handshake.
  static alice(keys) {
    return Ratchet.#begin(keys, { stage: 'turn', peer: keys.rpk, nhks: keys.hka, nhkr: keys.nhkb });
  }

  static bob(keys) {
    return Ratchet.#begin(keys, { stage: 'waiting', seed: keys.seed, nhks: keys.nhkb, nhkr: keys.hka });
  }

  // seal gives the box of a padded content. dice: seed and eseed of a new chain, header and body (nonces).
  seal(padded, now = 0, dice = {}) {
    if (this.stage === 'waiting' || (this.stage === 'sending' && this.ns === END)) refuse('impossible');
    if (this.stage === 'turn') this.#beginChain(dice);
    const [mk, ck] = kdfCK(this.cks);
    const header = cat(this.pk, this.ct, number(this.pn, 4), number(this.ns, 4)), encHeader = seal(this.hks, header, this.ad, dice.header);
    this.cks = ck;
    this.ns++;
    this.#forget(now);
    return cat(encHeader, seal(mk, padded, cat(this.ad, encHeader), dice.body));
  }

  #beginChain({ seed = random(32), eseed }) {
    const [ct, ss] = Encap(this.peer, this.info, eseed);
    Object.assign(this, { stage: 'sending', ct, seed, pk: publicKey(seed), hks: this.nhks, peer: undefined });
    [this.rk, this.cks, this.nhks] = kdfRK(ss, this.rk);
    this.begun?.({ rk: this.rk, ck: this.cks, nhk: this.nhks });
  }

  // open gives what read makes of the padded content of a box; a refusal, also by read, leaves the state as it was.
  open(box, now = 0, read = padded => padded) {
    if (box.length < ENC_HEADER + OVERHEAD) refuse('malformed');
    const next = new Ratchet({ ...this, old: [...this.old], skipped: [...this.skipped] });
    const content = next.#open(box, now, read);
    Object.assign(this, next);
    return content;
  }

  #open(box, now, read) {
    const [chain, header] = this.#header(box);
    const [pk, ct, pn, n] = cut(header, PK, CT, 4, 4), number = number4(n);
    let mk;
    if (chain.epoch < this.epoch || (chain.epoch === this.epoch && number < this.nr)) {
      mk = this.#take(chain.epoch, number);
    } else {
      if (chain.epoch > this.epoch) this.#step(pk, ct, number4(pn), now);
      this.#skipTo(number, now);
      [mk, this.ckr] = kdfCK(this.ckr);
      this.nr = number + 1;
    }
    const encHeader = box.slice(0, ENC_HEADER);
    const content = read(orRefuse('forged', () => open(mk, box.slice(ENC_HEADER), cat(this.ad, encHeader))));
    this.#forget(now);
    return content;
  }

  // #header finds the chain whose key opens the header.
  #header(box) {
    const chains = [...this.old].reverse();
    if (this.stage !== 'turn') chains.unshift({ epoch: this.epoch + 1, hk: this.nhkr });
    if (this.epoch > 0) chains.unshift({ epoch: this.epoch, hk: this.hkr });
    const sealed = Object.assign(box.slice(0, ENC_HEADER), { ad: this.ad });
    for (const chain of chains) {
      const header = tried(chain.hk, sealed);
      if (header) return [chain, header];
    }
    return refuse('unknown');
  }

  #take(epoch, n) {
    const at = this.skipped.findIndex(key => key.epoch === epoch && key.n === n);
    if (at < 0) refuse('used');
    return this.skipped.splice(at, 1)[0].mk;
  }

  #skipTo(n, now) {
    if (n - this.nr > SKIP) refuse('too far');
    for (; this.nr < n; this.nr++) {
      const [mk, ck] = kdfCK(this.ckr);
      this.skipped.push({ epoch: this.epoch, n: this.nr, now, mk });
      this.ckr = ck;
    }
    this.skipped = this.skipped.slice(-SKIPPED);
  }

  #step(pk, ct, pn, now) {
    if (pn < this.nr || (this.epoch === 0 && pn > 0)) refuse('malformed');
    if (this.epoch > 0) this.#skipTo(pn, now);
    if (this.skipped.some(key => key.epoch === this.epoch)) this.old.push({ epoch: this.epoch, hk: this.hkr });
    if (this.old.length > OLD) {
      const { epoch } = this.old.shift();
      this.skipped = this.skipped.filter(key => key.epoch !== epoch);
    }
    if (!parses(pk)) refuse('malformed');
    const ss = orRefuse('malformed', () => Decap(this.seed, ct, this.info));
    this.hkr = this.nhkr;
    [this.rk, this.ckr, this.nhkr] = kdfRK(ss, this.rk);
    Object.assign(this, { epoch: this.epoch + 1, nr: 0, pn: this.ns, ns: 0, peer: pk, seed: undefined, pk: undefined, ct: undefined, cks: undefined, hks: undefined, stage: 'turn' });
  }

  #forget(now) {
    this.skipped = this.skipped.filter(key => now - key.now <= DAYS_30);
    this.old = this.old.filter(chain => this.skipped.some(key => key.epoch === chain.epoch));
  }
}

const REPLACED = 8, TOGETHER = 600, BOXES = [4080, 16368];

// Session: the ratchet that sends, first, and those that it replaced. A line is {ratchet, t2, made, until}.
export class Session {
  lines = [];

  // agreed takes the ratchet of a pairing; renewed, one that goes back to the line that sends.
  agreed(ratchet, t2, made) {
    if (this.lines.some(line => compare(line.t2, t2) === 0)) return;
    const [now] = this.lines, line = { ratchet, t2, made };
    const stays = now && Math.abs(now.made - made) <= TOGETHER && compare(now.t2, t2) > 0;
    this.#put(line, stays, made);
  }

  renewed(ratchet, at) {
    const { t2, made } = this.lines[0] ?? {};
    this.#put({ ratchet, t2, made }, false, at);
  }

  #put(line, stays, now) {
    const [first, ...rest] = this.lines;
    const pair = !first ? [line] : stays ? [first, line] : [line, first];
    if (pair[1]) pair[1].until = now + DAYS_30;
    this.lines = [...pair, ...rest].slice(0, 1 + REPLACED).filter((l, i) => i === 0 || l.until >= now);
  }

  seal(content, now, dice) {
    return this.lines[0].ratchet.seal(pad(content), now, dice);
  }

  open(box, now) {
    if (!BOXES.includes(box.length)) refuse('malformed');
    for (const line of this.lines) {
      try {
        return line.ratchet.open(box, now, unpad);
      } catch (e) {
        if (!(e instanceof Refused) || e.why !== 'unknown') throw e;
      }
    }
    return refuse('unknown');
  }
}
