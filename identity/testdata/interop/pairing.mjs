// The handshake of five messages, by a card or for a session reset (section 8), both roles. A role's receive gives {reply}, {failed}, {agreed}, {box} for what is no message
// of it and may be a box of the ratchet, or {} for what it drops. dice holds randomness that is not to be drawn.
import {
  CT, Decap, Encap, H, HKDF, HMAC, Join, OVERHEAD, PK, Refused, SHA256, allZero, cat, cut, equal, number, open, parses, publicKey, random, refuse, seal, toNumber, utf8,
  zeros,
} from './primitives.mjs';
import { BUNDLE, parseBundle } from './identity.mjs';

const NAME = 256, FIRST_MESSAGES = 3, SESSION = 120;
const FULL = 4096;

export const profile = name => cat(number(name.length, 2), name);
const padTo = (b, n) => cat(b, zeros(n - b.length));

function parseProfile(field) {
  const length = Number(toNumber(field.slice(0, 2)));
  if (length > NAME || !allZero(field.slice(2 + length))) refuse('malformed');
  return field.slice(0, 2 + length);
}

// hidden reads the plaintext of x2 (with rpk) or x3: bundle, profile, nonce, rpk, zeros.
function hidden(plain, withKey) {
  const key = withKey ? PK : 0;
  const [bundle, field, nonce, rpk, fill] = cut(plain, BUNDLE, 2 + NAME, 32, key, plain.length - BUNDLE - 2 - NAME - 32 - key);
  if (!allZero(fill)) refuse('malformed');
  return { ...parseBundle(bundle), profile: parseProfile(field), nonce, rpk };
}

export function code(nonceS, nonceR, t2, bundleS, profileS, bundleR) {
  const sixteen = HKDF(cat(nonceS, nonceR), t2, Join('sas', bundleS, profileS, bundleR), 16);
  return String(toNumber(sixteen) % 10n ** 12n).padStart(12, '0');
}

const commitment = (bundle, prof, nonce, pk) => H('tacit/1/com', bundle, prof, nonce, pk);
const key1 = (ss, inv, m1, ct) => HKDF(ss, SHA256(inv), cat(utf8('k1'), H(m1, ct)), 32);
const key2 = (ss, k1, t2, bundleR, ctR) => HKDF(ss, k1, Join('k2', t2, bundleR, ctR), 32);
const infoE = m1 => cat(utf8('tacit/1/pair/e'), H(m1)), infoR = t2 => cat(utf8('tacit/1/pair/R'), t2);
const infoS = (t2, m3) => cat(utf8('tacit/1/pair/S'), H(t2, m3.slice(0, CT), m3.slice(CT)));

// agree derives what both have after M3 and ct_S: s and r are {bundle, fp, profile, nonce} of the two sides.
function agree(ss, k2, t2, s, r, ctR, ctS) {
  const mk = HKDF(ss, k2, cat(utf8('mk'), H(t2, s.bundle, s.profile, r.bundle, s.nonce, r.nonce, ctR, ctS)), 32);
  const [sk, hka, nhkb, rs] = cut(HKDF(mk, '', 'tacit/1/session', 128), 32, 32, 32, 32);
  return { mk, sk, hka, nhkb, rs, t2, ad: H(s.fp, r.fp, number(1, 1)), code: code(s.nonce, r.nonce, t2, s.bundle, s.profile, r.bundle), tagR: HMAC(mk, 'R'), tagS: HMAC(mk, 'S') };
}

class Role {
  // o: me (identity), profile, inv, size of the messages, fp of the other side where it is known, dice.
  constructor(o) {
    Object.assign(this, { size: FULL, profile: profile(zeros(0)), dice: {} }, o);
    this.self = { ...this.me, profile: this.profile };
  }

  roll(name, n) {
    return this.dice[name] ?? random(n);
  }

  filled(name, b) {
    return cat(b, this.roll(name, this.size - b.length));
  }

  // seal and unseal a box of M2 or M3, which takes the rest of the message.
  seal(key, plain, nonce) {
    return seal(key, padTo(plain, this.size - CT - OVERHEAD), '', this.roll(nonce, 24));
  }

  unseal(key, box, withKey) {
    const them = hidden(open(key, box, ''), withKey);
    if (this.noNames && them.profile.length > 2) refuse('dropped');
    return them;
  }

  // place: the states are named as the methods that take a message in them.
  place(state, values) {
    Object.assign(this, { state }, values);
  }

  receive(cell, now = 0) {
    try {
      return cell.length === this.size ? this[this.state](cell, now) : { box: true };
    } catch (e) {
      if (e instanceof Refused) return {};
      throw e;
    }
  }

  // failed is the way into that state, and drops everything in it.
  failed() {
    return this.state === 'failed' ? {} : (this.place('failed'), { failed: true });
  }
}

// Presenter is R. end is the last second of the card's life; seen are the hashes of the first messages that it answered.
export class Presenter extends Role {
  state = 'offered';
  end = Infinity;
  seen = [];

  constructor(o) {
    super(o);
    Object.assign(this, o);
  }

  offered(m1, now) {
    const [pk, c] = cut(m1, PK, 32, m1.length - PK - 32), hash = H(m1);
    if (!parses(pk) || now > this.end || this.seen.some(h => equal(h, hash)) || this.seen.length >= FIRST_MESSAGES) return {};
    const [ct, ss] = Encap(pk, infoE(m1), this.dice.eseed_e), k1 = key1(ss, this.inv, m1, ct);
    const seed = this.roll('seed_rpk', 32), nonce = this.roll('nonce_r', 32);
    const plain = cat(this.me.bundle, padTo(this.profile, 2 + NAME), nonce, publicKey(seed)), x2 = this.seal(k1, plain, 'x2');
    this.self.nonce = nonce;
    this.seen.push(hash);
    this.place('answered', { hash, pk, c, seed, k1, m2: cat(ct, x2), t2: H(m1, ct, x2), answeredAt: now });
    return { reply: this.m2 };
  }

  answered(cell, now) {
    if (equal(H(cell), this.hash)) return { reply: this.m2 };
    try {
      return this.answerM3(cell);
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
    }
    const age = now - this.answeredAt;
    return age >= 0 && age < SESSION ? {} : this.offered(cell, now);
  }

  answerM3(m3) {
    const [ctR, x3] = cut(m3, CT, m3.length - CT);
    const k2 = key2(Decap(this.me.seed, ctR, infoR(this.t2)), this.k1, this.t2, this.me.bundle, ctR), them = this.unseal(k2, x3, false);
    if (!equal(commitment(them.bundle, them.profile, them.nonce, this.pk), this.c)) return this.failed();
    if (equal(them.bundle, this.me.bundle) || (this.fp && !equal(them.fp, this.fp))) return this.failed();
    const [ctS, ss] = Encap(them.xwPk, infoS(this.t2, m3), this.dice.eseed_s);
    this.keys = { ...agree(ss, k2, this.t2, them, this.self, ctR, ctS), seed: this.seed };
    this.place('confirming', { k2, them, m3hash: H(m3), m4: this.filled('fill_4', cat(ctS, this.keys.tagR)) });
    return { reply: this.m4 };
  }

  confirming(cell) {
    if (equal(H(cell), this.hash)) return { reply: this.m2 };
    if (equal(H(cell), this.m3hash)) return { reply: this.m4 };
    return equal(cell.slice(0, 32), this.keys.tagS) ? this.heard() : { box: true };
  }

  // heard: M5 came, or a first box of the ratchet in its place.
  heard() {
    this.place('agreed');
    return { agreed: true };
  }

  agreed(cell) {
    if (equal(H(cell), this.hash)) return { reply: this.m2 };
    return equal(cell.slice(0, 32), this.keys.tagS) ? {} : { box: true };
  }
}

// Scanner is S. fp is that of the card.
export class Scanner extends Role {
  constructor(o) {
    super(o);
    const seed = this.roll('seed_e', 32), nonce = this.roll('nonce_s', 32), pk = publicKey(seed);
    this.self.nonce = nonce;
    this.place('searching', { seed, m1: this.filled('fill_1', cat(pk, commitment(this.me.bundle, this.profile, nonce, pk))) });
  }

  searching(m2) {
    const [ctE, x2] = cut(m2, CT, m2.length - CT);
    const k1 = key1(Decap(this.seed, ctE, infoE(this.m1)), this.inv, this.m1, ctE), them = this.unseal(k1, x2, true), t2 = H(this.m1, ctE, x2);
    if (!parses(them.rpk)) return {};
    if (equal(them.bundle, this.me.bundle) || !equal(them.fp, this.fp)) return this.failed();
    const [ctR, ss] = Encap(them.xwPk, infoR(t2), this.dice.eseed_r), k2 = key2(ss, k1, t2, them.bundle, ctR);
    const x3 = this.seal(k2, cat(this.me.bundle, padTo(this.profile, 2 + NAME), this.self.nonce), 'x3');
    this.place('replied', { k1, k2, t2, them, ctR, hash: H(m2), m3: cat(ctR, x3) });
    return { reply: this.m3 };
  }

  replied(cell) {
    if (equal(H(cell), this.hash)) return { reply: this.m3 };
    const [ctS, tag] = cut(cell, CT, 32, cell.length - CT - 32);
    const keys = agree(Decap(this.me.seed, ctS, infoS(this.t2, this.m3)), this.k2, this.t2, this.self, this.them, this.ctR, ctS);
    if (!equal(tag, keys.tagR)) return {};
    this.keys = { ...keys, rpk: this.them.rpk };
    this.place('agreed', { m4hash: H(cell), m5: this.filled('fill_5', keys.tagS) });
    return { reply: this.m5, agreed: true };
  }

  agreed(cell) {
    return equal(H(cell), this.m4hash) ? { reply: this.m5 } : { box: true };
  }
}

