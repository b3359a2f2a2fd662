/*
 * WebSocket frames as a client writes them (RFC 6455, section 5): one frame a message, masked.
 */

import { randomFillSync } from "node:crypto";

export enum Opcode {
  Continuation = 0,
  Text = 1,
  Binary = 2,
  Close = 8,
  Ping = 9,
  Pong = 10,
}

/** The most that the payload of a control frame may have, in bytes. */
export const CONTROL_LIMIT = 125;

/** A whole message, or a control frame. */
export function writeFrame(opcode: Opcode, payload: Uint8Array): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 0x10000 ? 2 : 8;
  const start = 2 + extended + 4;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) {
    frame.writeUInt16BE(length, 2);
  } else if (extended === 8) {
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  const mask = nextMask();
  frame.set(mask, start - 4);
  for (let index = 0; index < length; index++) {
    // Both are in range.
    frame[start + index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  }
  return frame;
}

/** The payload of a Close frame. Without a code it is empty. */
export function closePayload(code: number | undefined, reason: string): Buffer {
  if (code === undefined) {
    return Buffer.alloc(0);
  }
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}

/** Whether a Close frame may have this code (RFC 6455, section 7.4, and the registry of codes). */
export function isCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
}

const pool = Buffer.alloc(4096);
let used = pool.length;

/** Four bytes that no one can foretell, as section 10.3 wants them. */
function nextMask(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 4;
  return pool.subarray(used - 4, used);
}
