// The plan that two peers follow (README.md): who says what in which turn, and what becomes of it.
import { SHA256, compare, number, toNumber, zeros } from './primitives.mjs';
import { EMPTY, KIND_GRANT, KIND_TEXT, grant, text } from './envelope.mjs';

const h = (label, ...numbers) => SHA256(label, ...numbers.map(n => number(n, 4)));

function message(seed, i) {
  const x = h('message', seed, i), fate = x[4] < 13 ? 'lost' : x[4] < 39 ? 'held' : x[4] >= 243 ? 'twice' : 'once';
  if (x[0] < 16) return { i, fate, kind: KIND_GRANT, body: grant({ seed: h('grant', seed, i), count: 256n, notAfter: 2000000000n, kb: h('kb', seed, i), mailbox: zeros(0) }) };
  if (x[0] < 32) return { i, fate, kind: EMPTY, body: zeros(0) };
  const u16 = Number(toNumber(x.slice(2, 4))), length = x[1] < 64 ? 1600 + (u16 % 8000) : 1 + (u16 % 1500);
  const words = Array.from({ length }, (_, j) => String.fromCharCode(97 + ((i + j) % 26))).join('');
  return { i, fate, kind: KIND_TEXT, body: text(BigInt(i), words) };
}

// turns gives for each turn the messages that are sealed in it, and the frames that are written, as {message, copy}, in order.
export function turns(messages, seed) {
  const all = [];
  for (let i = 0, t = 0; i < messages; t++) {
    const end = Math.min(messages, i + 1 + (h('turn', seed, t)[0] % 40)), sealed = [];
    for (; i < end; i++) sealed.push(message(seed, i));
    all.push(sealed);
  }
  all.push([], []);
  return all.map((sealed, t) => {
    const written = [...sealed.filter(m => m.fate !== 'lost' && m.fate !== 'held'), ...(all[t - 2] ?? []).filter(m => m.fate === 'held')];
    const frames = written.flatMap(m => (m.fate === 'twice' ? [{ m, copy: 0 }, { m, copy: 1 }] : [{ m, copy: 0 }]));
    const rank = f => h('order', seed, t, f.m.i, f.copy);
    return { sealed, frames: frames.sort((a, b) => compare(rank(a), rank(b))) };
  });
}

