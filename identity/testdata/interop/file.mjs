// File cells (section 20).
import { HKDF, OVERHEAD, allZero, cat, cut, equal, number, open, random, refuse, seal, sha256, toNumber, utf8 } from './primitives.mjs';
import { fields, record } from './envelope.mjs';

const CELL = 65536, CHUNK = 65428, FILE = 2 ** 31;

export const descriptor = d => record(d.key, d.id, BigInt(d.length), d.tree);

export function parseDescriptor(b) {
  const [key, id, length, tree] = fields(b, 4);
  const sized = (v, n) => v instanceof Uint8Array && v.length === n;
  if (!sized(key, 32) || !sized(id, 16) || !sized(tree, 32)) refuse('malformed');
  if (typeof length !== 'bigint' || length < 0n || length > BigInt(FILE)) refuse('malformed');
  return { key, id, length: Number(length), tree };
}

function padme(n) {
  if (n < 2) return n;
  const e = Math.floor(Math.log2(n)), z = Math.max(0, e - Math.floor(Math.log2(e)) - 1);
  return Math.ceil(n / 2 ** z) * 2 ** z;
}

export function layout(length) {
  const chunks = Math.max(1, Math.ceil(length / CHUNK));
  return { chunks, cells: padme(chunks), last: length - (chunks - 1) * CHUNK };
}

const size = (length, i) => {
  const { chunks, last } = layout(length);
  return i < chunks - 1 ? CHUNK : i === chunks - 1 ? last : 0;
};

export function tree(chunks) {
  if (chunks.length === 1) return sha256(cat(number(0, 1), chunks[0]));
  const k = 2 ** (Math.ceil(Math.log2(chunks.length)) - 1);
  return sha256(cat(number(1, 1), tree(chunks.slice(0, k)), tree(chunks.slice(k))));
}

const cellKey = (key, i) => HKDF(key, '', cat(utf8('tacit/1/file'), number(i, 4)), 32);

export function sealCell(d, i, chunk, token = random(16), nonce = random(24)) {
  const place = cat(d.id, number(i, 4));
  return cat(token, place, seal(cellKey(d.key, i), cat(chunk, new Uint8Array(CHUNK - chunk.length)), place, nonce));
}

// openCell gives [index, chunk]; the chunk of a padding cell is empty.
export function openCell(d, cell) {
  if (cell.length !== CELL) refuse('refused');
  const [, id, index, box] = cut(cell, 16, 16, 4, CHUNK + OVERHEAD), i = Number(toNumber(index));
  if (!equal(id, d.id) || i >= layout(d.length).cells) refuse('refused');
  const plain = open(cellKey(d.key, i), box, cat(id, index)), n = size(d.length, i);
  if (!allZero(plain.slice(n))) refuse('refused');
  return [i, plain.slice(0, n)];
}
