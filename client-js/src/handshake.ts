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
    // A character for each byte, so that both count alike.
    const text = typeof frame === "string" ? frame : new TextDecoder("latin1").decode(frame);
    end = text.indexOf(SEPARATOR);
    if (end < 0) {
      throw new Error(INCOMPLETE);
    }
    answer = JSON.parse(text.slice(0, end));
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
