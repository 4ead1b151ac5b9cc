// Notation and primitives (sections 1 and 2).
import { sha256 } from '@noble/hashes/sha2.js';
import { hmac } from '@noble/hashes/hmac.js';
import { expand, extract, hkdf } from '@noble/hashes/hkdf.js';
import { concatBytes, randomBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ml_kem768_x25519 as xwing } from '@noble/post-quantum/hybrid.js';

export { concatBytes as cat, randomBytes as random, sha256 };

// Refused says that bytes of somebody else were not taken; why is the word of section 18.
export class Refused extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}
export const refuse = why => { throw new Refused(why); };

// orRefuse runs f and turns whatever a library throws at its input into a refusal.
export const orRefuse = (why, f) => {
  try {
    return f();
  } catch {
    return refuse(why);
  }
};

export const utf8 = utf8ToBytes;
const bytes = v => (typeof v === 'string' ? utf8(v) : v);
const all = (...parts) => concatBytes(...parts.map(bytes));

export const number = (value, n) => Uint8Array.from({ length: n }, (_, i) => Number((BigInt(value) >> BigInt(8 * (n - 1 - i))) & 255n));
export const toNumber = b => BigInt(`0x0${Buffer.from(b).toString('hex')}`);
export const zeros = n => new Uint8Array(n);
export const allZero = b => b.every(byte => byte === 0);
export const compare = (a, b) => Buffer.compare(a, b);
export const equal = (a, b) => compare(a, b) === 0;

// cut splits b into parts of these lengths.
export const cut = (b, ...lengths) => {
  if (b.length !== lengths.reduce((sum, n) => sum + n, 0)) refuse('malformed');
  let at = 0;
  return lengths.map(n => b.slice(at, at += n));
};

export const Join = (...values) => all(...values.flatMap(v => [number(bytes(v).length, 4), v]));
export const H = (...values) => sha256(Join(...values));
export const HKDF = (secret, salt, info, n) => hkdf(sha256, secret, bytes(salt), bytes(info), n);
export const HMAC = (key, data) => hmac(sha256, key, bytes(data));
export const SHA256 = (...parts) => sha256(all(...parts));

// The KEM: X-Wing through the key schedule of HPKE, one export.
export const PK = 1216, CT = 1120;
const ESEED = 64;
const suite = all('HPKE', number(0x647a, 2), number(1, 2), number(0xffff, 2));
const lExtract = (salt, label, ikm) => extract(sha256, all('HPKE-v1', suite, label, ikm), bytes(salt));
const lExpand = (prk, label, info, n) => expand(sha256, prk, all(number(n, 2), 'HPKE-v1', suite, label, info), n);

function exported(z, info) {
  const context = all(number(0, 1), lExtract('', 'psk_id_hash', ''), lExtract('', 'info_hash', info));
  return lExpand(lExpand(lExtract(z, 'secret', ''), 'exp', context, 32), 'sec', 'ss', 32);
}

export const publicKey = seed => xwing.getPublicKey(seed);

// Points of low order, with which every X25519 secret is 0.
const little = b => toNumber(b.toReversed()), P = 2n ** 255n - 19n;
const LOW_ORDER = [
  0n, 1n, P - 1n, P, P + 1n,
  little(Buffer.from('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', 'hex')),
  little(Buffer.from('5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157', 'hex')),
];

// parses: 1216 bytes, every 12-bit number of the ML-KEM half below q, and no point of low order.
export function parses(pk) {
  if (pk.length !== PK) return false;
  for (let i = 0; i < 1152; i += 3) {
    const low = pk[i] | ((pk[i + 1] & 15) << 8), high = (pk[i + 1] >> 4) | (pk[i + 2] << 4);
    if (low >= 3329 || high >= 3329) return false;
  }
  return !LOW_ORDER.includes(little(pk.slice(1184)) % 2n ** 255n);
}

export function Encap(pk, info, eseed = randomBytes(ESEED)) {
  if (!parses(pk)) refuse('refused');
  const { cipherText, sharedSecret } = orRefuse('refused', () => xwing.encapsulate(pk, eseed));
  return [cipherText, exported(sharedSecret, bytes(info))];
}

export const Decap = (seed, ct, info) => exported(orRefuse('refused', () => xwing.decapsulate(ct, seed)), bytes(info));

// The committing AEAD: nonce 24 || commitment 32 || ciphertext and tag.
export const OVERHEAD = 72;
const aeadKeys = (key, nonce, ad) => cut(HKDF(key, nonce, all('tacit/1/aead', sha256(ad)), 64), 32, 32);

export function seal(key, plain, ad, nonce = randomBytes(24)) {
  const [k, com] = aeadKeys(key, nonce, bytes(ad));
  return all(nonce, com, xchacha20poly1305(k, nonce, bytes(ad)).encrypt(plain));
}

export function open(key, box, ad) {
  if (box.length < OVERHEAD) refuse('refused');
  const [nonce, com, sealed] = cut(box, 24, 32, box.length - 56);
  const [k, want] = aeadKeys(key, nonce, bytes(ad));
  if (!equal(com, want)) refuse('refused');
  return orRefuse('refused', () => xchacha20poly1305(k, nonce, bytes(ad)).decrypt(sealed));
}
