// What a cell carries: padding, content, grants, tokens (sections 11 to 13), in CBOR of one spelling (RFC 8949, 4.2.1).
import { HMAC, allZero, cat, cut, equal, number, orRefuse, refuse, toNumber, utf8 } from './primitives.mjs';
import { parseHint } from './identity.mjs';

export const TOKEN = 16, SMALL = 1592, LARGE = 13880;

export function pad(content) {
  const size = [SMALL, LARGE].find(n => content.length <= n - 4) ?? refuse('too long');
  return cat(number(content.length, 4), content, new Uint8Array(size - 4 - content.length));
}

export function unpad(padded) {
  if (padded.length !== SMALL && padded.length !== LARGE) refuse('malformed');
  const length = Number(toNumber(padded.slice(0, 4)));
  if (length > padded.length - 4 || (padded.length === LARGE && length <= SMALL - 4)) refuse('malformed');
  if (!allZero(padded.slice(4 + length))) refuse('malformed');
  return padded.slice(4, 4 + length);
}

// CBOR: a bigint is an int, a Uint8Array a byte string, a string text, an array an array, a Map a map; false, true, null.
const head = (major, n) => {
  const size = n < 24n ? 0 : n < 256n ? 1 : n < 65536n ? 2 : n < 4294967296n ? 4 : 8;
  return cat(number((BigInt(major) << 5n) | (size ? 24n + BigInt(Math.log2(size)) : n), 1), number(n, size));
};

const SIMPLE = [false, true, null];

export function encode(v) {
  if (SIMPLE.includes(v)) return number(0xf4n + BigInt(SIMPLE.indexOf(v)), 1);
  if (typeof v === 'bigint') return v < 0n ? head(1, -1n - v) : head(0, v);
  if (v instanceof Uint8Array) return cat(head(2, BigInt(v.length)), v);
  if (typeof v === 'string') return cat(head(3, BigInt(utf8(v).length)), utf8(v));
  if (Array.isArray(v)) return cat(head(4, BigInt(v.length)), ...v.map(encode));
  return cat(head(5, BigInt(v.size)), ...[...v].flat().map(encode));
}

// item reads one value at the start of b and gives it with what is left.
function item(b) {
  const major = b[0] >> 5, low = b[0] & 31, size = low < 24 ? 0 : [1, 2, 4, 8][low - 24];
  if (size === undefined || b.length < 1 + size) refuse('malformed');
  const n = size ? toNumber(b.slice(1, 1 + size)) : BigInt(low);
  let rest = b.slice(1 + size);
  if (major === 7 && low >= 20 && low <= 22) return [SIMPLE[low - 20], rest];
  if (major < 2) return [major ? -1n - n : n, rest];
  if (major > 5 || n > BigInt(rest.length)) refuse('malformed');
  const end = Number(n), items = [];
  if (major === 2) return [rest.slice(0, end), rest.slice(end)];
  if (major === 3) return [orRefuse('malformed', () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rest.slice(0, end))), rest.slice(end)];
  for (let i = 0; i < (major === 5 ? 2 * end : end); i++) {
    const [value, left] = item(rest);
    items.push(value);
    rest = left;
  }
  if (major === 4) return [items, rest];
  return [new Map(items.flatMap((key, i) => (i % 2 ? [] : [[key, items[i + 1]]]))), rest];
}

export function decode(b) {
  const [value, rest] = item(b);
  if (rest.length || !equal(encode(value), b)) refuse('malformed');
  return value;
}

const uint = (v, low, high) => (typeof v === 'bigint' && v >= low && v <= high ? v : refuse('malformed'));
const binary = (v, n = v?.length) => (v instanceof Uint8Array && v.length === n ? v : refuse('malformed'));
const MAX = 2n ** 64n - 1n, COUNT = 2n ** 62n, TEXT = 12288;
export const EMPTY = 0n, KIND_TEXT = 1n, KIND_GRANT = 2n;

export const content = c => encode([c.kind, c.stream, c.seq, c.base, c.ackStream, c.ack, c.body]);

export function parseContent(b) {
  const list = decode(b);
  if (!Array.isArray(list) || list.length !== 7) refuse('malformed');
  const [kind, stream, seq, base, ackStream, ack, body] = list;
  uint(kind, 0n, MAX);
  uint(stream, 0n, MAX);
  uint(base, 1n, uint(seq, 1n, COUNT));
  uint(ackStream, 0n, MAX);
  uint(ack, 0n, COUNT);
  return { kind, stream, seq, base, ackStream, ack, body: binary(body) };
}

export const text = (sentAt, words) => encode([sentAt, words]);

export function parseText(body) {
  const list = decode(body);
  if (!Array.isArray(list) || list.length !== 2 || typeof list[1] !== 'string') refuse('malformed');
  const [sentAt, words] = list, length = utf8(words).length;
  uint(sentAt, -(2n ** 63n), 2n ** 63n - 1n);
  if (length < 1 || length > TEXT) refuse('malformed');
  return { sentAt, words };
}

// fields reads a map with the keys 1 to n, or to most, in this order.
export function fields(b, n, most = n) {
  const map = decode(b);
  if (!(map instanceof Map) || map.size < n || map.size > most || ![...map.keys()].every((key, i) => key === BigInt(i + 1))) refuse('malformed');
  return [...map.values()];
}
export const record = (...values) => encode(new Map(values.map((v, i) => [BigInt(i + 1), v])));

const YEAR_10000 = 253402300800n;
// A grant names a lot exactly where it names a mailbox.
export const grant = g => record(g.seed, g.count, g.notAfter, g.kb, g.mailbox, ...(g.mailbox.length ? [g.lot] : []));

export function parseGrant(b) {
  const [seed, count, notAfter, kb, mailbox, lot] = fields(b, 5, 6);
  if (binary(mailbox).length) orRefuse('malformed', () => parseHint(mailbox));
  if (mailbox.length) binary(lot, 16);
  else if (lot !== undefined) refuse('malformed');
  return { seed: binary(seed, 32), count: uint(count, 1n, 256n), notAfter: uint(notAfter, 0n, YEAR_10000 - 1n), kb: binary(kb, 32), mailbox, lot };
}

export const token = (seed, i) => HMAC(seed, cat(utf8('tok'), number(i, 4))).slice(0, 16);

export const cell = (tok, box) => cat(tok, box);
export const splitCell = c => cut(c, TOKEN, c.length - TOKEN);
