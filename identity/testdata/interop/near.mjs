// What people who pair nearby say (section 25).
import * as p from './primitives.mjs';

const MAX_FRAME = 4096, MAX_CARD = 512;

const bodies = {
  1: f => p.cat(p.number(f.animal ?? 0, 1), p.number(f.number, 1)),
  2: f => p.number(f.pick ? 1 : 0, 1),
  3: f => p.utf8(f.card),
  4: () => p.zeros(0),
};

// frame writes one thing said.
export function frame(f) {
  const body = bodies[f.kind](f);
  return p.cat(p.number(1 + body.length, 2), p.number(f.kind, 1), body);
}

const readers = {
  1: b => b.length === 2 && b[0] < 64 && b[1] >= 10 && b[1] <= 99 && { animal: b[0], number: b[1] },
  2: b => b.length === 1 && b[0] <= 1 && { pick: b[0] === 1 },
  3: b => b.length > 0 && b.length <= MAX_CARD && b.every(byte => byte > 0x20 && byte < 0x7f) && { card: Buffer.from(b).toString() },
  4: b => b.length === 0 && {},
};

// parseFrame reads one frame and nothing behind it.
export function parseFrame(b) {
  const length = b.length < 2 ? 0 : b[0] * 256 + b[1];
  if (length < 1 || length > MAX_FRAME || b.length !== 2 + length) p.refuse('malformed');
  const kind = b[2], says = readers[kind]?.(b.slice(3)) || p.refuse('malformed');
  return { kind, ...says };
}
