// The frames of a link (section 7) over two streams.
import { cat, number } from './primitives.mjs';

export const SMALL = 1, LARGE = 2, ACK = 3, HEARTBEAT = 4;
const BODY = { [SMALL]: 4096, [LARGE]: 16384, [ACK]: 16, [HEARTBEAT]: 0 };

// frames gives what comes as {type, body}, and ends with the stream.
export async function* frames(input) {
  let have = Buffer.alloc(0);
  for await (const chunk of input) {
    have = Buffer.concat([have, chunk]);
    while (have.length) {
      const type = have[0], end = 1 + (BODY[type] ?? NaN);
      if (Number.isNaN(end)) throw new Error(`a frame of type ${type}`);
      if (have.length < end) break;
      yield { type, body: Uint8Array.from(have.subarray(1, end)) };
      have = have.subarray(end);
    }
  }
}

export const frame = (type, body) => cat(number(type, 1), body);
export const cellFrame = cell => frame(cell.length === BODY[SMALL] ? SMALL : LARGE, cell);
