/*
 * The first message in each direction: JSON text, whatever protocol follows.
 *
 * Rule: hub messages may follow the answer in the same frame, and none of them may be lost.
 */

import { isObject, type JsonObject } from "./json-value.js";
import { readRecords, writeRecord } from "./record-separator.js";

export function handshakeRequest(protocol: string, version: number): string {
  return writeRecord(JSON.stringify({ protocol, version }));
}

/** Reads the server's answer and gives back what followed it. Throws if it refuses or is no answer. */
export function readHandshakeResponse(frame: string | ArrayBuffer): string {
  const { answer, rest } = parse(frame);
  if (answer["error"]) {
    throw new Error(`Server returned handshake error: ${answer["error"]}`);
  }
  return rest;
}

function parse(frame: string | ArrayBuffer): { answer: JsonObject; rest: string } {
  try {
    const [first = "", ...rest] = readRecords(frame);
    const answer: unknown = JSON.parse(first);
    if (!isObject(answer) || "type" in answer) {
      throw new Error("Expected a handshake response from the server.");
    }
    return { answer, rest: rest.map(writeRecord).join("") };
  } catch (cause) {
    throw new Error(`Error parsing handshake response: ${cause}`, { cause });
  }
}
