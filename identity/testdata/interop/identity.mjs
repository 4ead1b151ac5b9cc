// Who somebody is and how they are met: identity, card, hint and hello (sections 3, 4 and 6).
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { HKDF, HMAC, Join, PK, SHA256, allZero, cat, compare, cut, equal, number, parses, publicKey, random, refuse, toNumber, utf8 } from './primitives.mjs';

export const BUNDLE = 1 + 32 + PK;

export function identity(root = random(32)) {
  const edSeed = HKDF(root, '', 'tacit/1/ed25519', 32), seed = HKDF(root, '', 'tacit/1/xwing', 32);
  const bundle = cat(number(1, 1), ed25519.getPublicKey(edSeed), publicKey(seed));
  return { root, edSeed, seed, ...parseBundle(bundle) };
}

export function parseBundle(bundle) {
  const [version, edPk, xwPk] = cut(bundle, 1, 32, PK);
  if (version[0] !== 1 || !parses(xwPk)) refuse('refused');
  return { bundle, edPk, xwPk, fp: SHA256('tacit/1/id', bundle) };
}

export function safetyNumber(a, b) {
  const half = fp => [0, 5, 10, 15, 20, 25].map(i => {
    const five = sha512(cat(utf8('tacit/1/sn'), fp)).slice(i, i + 5);
    return String(toNumber(five) % 100000n).padStart(5, '0');
  }).join('');
  return [a, b].sort(compare).map(half).join('');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const bits = (n, width) => n.toString(2).padStart(width, '0');

export function base32(b) {
  const all = [...b].map(byte => bits(byte, 8)).join('');
  return all.match(/.{1,5}/g).map(five => ALPHABET[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

export function unbase32(text) {
  if (!/^[A-Z2-7]*$/.test(text)) refuse('malformed');
  const all = [...text].map(c => bits(ALPHABET.indexOf(c), 5)).join('');
  const end = all.length - (all.length % 8);
  if (all.length - end >= 5 || all.slice(end).includes('1')) refuse('malformed');
  return Uint8Array.from(all.slice(0, end).match(/.{8}/g) ?? [], byte => parseInt(byte, 2));
}

export const rendezvous = inv => HKDF(inv, '', 'lan', 32);

export const cardText = ({ shown, fp, inv, expiry, hint }) =>
  'TACIT1:' + base32(cat(number(1, 1), number(shown ? 1 : 0, 1), fp, inv, number(expiry, 4), hint?.bytes ?? number(0, 0)));

export function parseCard(text) {
  if (utf8(text).length > 512) refuse('malformed');
  const [, version, rest] = /^TACIT(0|[1-9][0-9]*):(.*)$/s.exec(text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '')) ?? refuse('malformed');
  if (version !== '1') refuse(version === '0' ? 'malformed' : 'newer');
  const b = unbase32(rest);
  if (b[0] > 1) refuse('newer');
  if (b[0] !== 1 || b.length < 54 || b.length > 118) refuse('malformed');
  if (b[1] > 1) refuse('newer');
  const [, flags, fp, inv, expiry, hint] = cut(b, 1, 1, 32, 16, 4, b.length - 54);
  return { bytes: b, shown: flags[0] === 1, fp, inv, expiry: Number(toNumber(expiry)), hint: hint.length ? parseHint(hint) : undefined, kb: rendezvous(inv) };
}

const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const ipv4Inside = a => allZero(a.slice(0, 10)) && a[10] === 255 && a[11] === 255;

export function parseHint(b) {
  if (b.length < 36) refuse('malformed');
  const [[type], node, port, address] = cut(b, 1, 32, 2, b.length - 35);
  if (allZero(port) || type === 0) refuse('malformed');
  if (type > 3) refuse('newer');
  const good = {
    1: () => address.length === 4,
    2: () => address.length === 16 && !ipv4Inside(address),
    3: () => address.length <= 29 && NAME.test(Buffer.from(address).toString('latin1')),
  }[type];
  if (!good()) refuse('malformed');
  return { bytes: b, type, node, port: Number(toNumber(port)), address };
}

// ipv6 writes an address in its shortest form (RFC 5952).
export const ipv6 = a => new URL(`http://[${Buffer.from(a).toString('hex').match(/.{4}/g).join(':')}]`).hostname.slice(1, -1);

// Hello: eD and eL are the peer IDs of the dialler and the listener.
const PLACES = 255;
export const tag = (kb, eD, eL) => HMAC(kb, Join('d', eD, eL)).slice(0, 16);
export const answer = (kb, eD, eL) => HMAC(kb, Join('l', eL, eD));

export function hello(keys, eD, eL) {
  const cell = random(4096), places = Array.from({ length: PLACES }, (_, i) => i);
  for (const kb of keys.slice(0, PLACES)) {
    const [place] = places.splice(Number(toNumber(random(6)) % BigInt(places.length)), 1);
    cell.set(tag(kb, eD, eL), 16 * place);
  }
  return cell;
}

// found gives the index of the first of the listener's keys that is in the hello, or -1.
export function found(cell, keys, eD, eL) {
  const places = Array.from({ length: PLACES }, (_, i) => cell.slice(16 * i, 16 * i + 16));
  return keys.findIndex(kb => places.some(place => equal(place, tag(kb, eD, eL))));
}
