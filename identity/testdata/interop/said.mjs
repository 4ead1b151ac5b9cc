// What people say besides texts: the bodies of the kinds 3 to 14 (sections 12, 20 and 23).
import { allZero, refuse, utf8 } from './primitives.mjs';
import { decode } from './envelope.mjs';
import { parseDescriptor } from './file.mjs';
import { parseNodeBytes } from './node.mjs';

// Each of these refuses what is not of its kind.
const is = ok => v => ok(v) || refuse('malformed');
const MAX = 2n ** 64n - 1n, COUNT = 2n ** 62n, TEXT = 12288;
const some = (low, high) => is(v => typeof v === 'bigint' && v >= low && v <= high);
const bytes = n => is(v => v instanceof Uint8Array && v.length === n);
const bool = is(v => typeof v === 'boolean'), time = some(-(2n ** 63n), 2n ** 63n - 1n), author = some(0n, 1n), ref = bytes(16);
const words = is(v => typeof v === 'string' && utf8(v).length <= TEXT), any = is(v => typeof v === 'string');
const timer = is(v => v === 0n || (typeof v === 'bigint' && v >= 30n && v <= 2419200n));
const picture = '[\\p{Extended_Pictographic}\\u2600-\\u27BF](?:\\uFE0F|[\\u{1F3FB}-\\u{1F3FF}])?(?:[\\u{E0020}-\\u{E007E}]+\\u{E007F})?';
const EMOJI = new RegExp(`^(?:[\\u{1F1E6}-\\u{1F1FF}]{2}|[#*0-9]\\uFE0F?\\u20E3|${picture}(?:\\u200D${picture})*)$`, 'u');
const emoji = is(v => typeof v === 'string' && utf8(v).length <= 64 && EMOJI.test(v));
const list = (...kinds) => v => {
  if (!Array.isArray(v) || v.length !== kinds.length) refuse('malformed');
  v.forEach((e, i) => kinds[i](e));
};
const or = kind => v => v === null || kind(v);
const many = (low, high, kind) => v => {
  if (!Array.isArray(v) || v.length < low || v.length > high) refuse('malformed');
  v.forEach(kind);
};
const described = is(v => v instanceof Uint8Array && parseDescriptor(v));
const offered = is(v => v instanceof Uint8Array && (v.length === 0 || parseNodeBytes(v)));
const SAID = new Map([
  [3n, v => {
    list(ref, time, words, or(list(author, ref)), bool, timer, or(list(described, any, any, some(0n, MAX), some(0n, MAX))))(v);
    if (allZero(v[0]) || (v[2] === '' && v[6] === null)) refuse('malformed');
  }],
  [4n, list(author, ref, emoji, bool, time)],
  [5n, list(ref, words, some(1n, COUNT), time)],
  [6n, list(ref)],
  [7n, list(timer, some(1n, COUNT), time)],
  [8n, list(many(1, 64, ref))],
  [9n, list(bool)],
  [10n, list(bool, time)],
  [11n, list(bytes(16), some(0n, 32823n - 1n))],
  [12n, list(bytes(16), author, some(0n, 4n))],
  [13n, list(many(1, 64, bytes(16)))],
  [14n, list(offered)],
]);

// says spells the elements of the body of a kind; undefined for one that it does not know.
export function says(kind, body) {
  if (!SAID.has(kind)) return undefined;
  const v = decode(body);
  SAID.get(kind)(v);
  return v.map(spelled);
}

const spelled = v => {
  if (v instanceof Uint8Array) return Buffer.from(v).toString('hex');
  return Array.isArray(v) ? `[${v.map(spelled).join(', ')}]` : `${v}`;
};
