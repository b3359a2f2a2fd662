/*
 * The first message in each direction: JSON text, whatever protocol follows.
 *
 * Rule: hub messages may follow the answer in the same frame, and none of them may be lost.
 */

import { HubcastError } from "./errors.js";
import { INCOMPLETE, SEPARATOR } from "./record-separator.js";

export function handshakeRequest(protocol: string, version: number): string {
  return JSON.stringify({ protocol, version }) + SEPARATOR;
}

/** Reads the server's answer and gives back what followed it. Throws if it refuses or is no answer. */
export function readHandshakeResponse(frame: string | ArrayBuffer): string | ArrayBuffer {
  let answer: { readonly type?: number; readonly error?: string };
  let end: number;
  try {
    end = typeof frame === "string" ? frame.indexOf(SEPARATOR) : new Uint8Array(frame).indexOf(0x1e);
    if (end < 0) {
      throw new Error(INCOMPLETE);
    }
    const record = frame.slice(0, end);
    answer = JSON.parse(typeof record === "string" ? record : new TextDecoder().decode(record));
    if (answer.type) {
      throw new Error("Expected a handshake response from the server.");
    }
  } catch (cause) {
    throw new HubcastError("handshake", `Error parsing handshake response: ${cause}`, { cause });
  }
  if (answer.error) {
    throw new HubcastError("handshake", `Server returned handshake error: ${answer.error}`);
  }
  return frame.slice(end + 1);
}
