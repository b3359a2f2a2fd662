/*
 * The JSON hub protocol.
 *
 * Rule: what .NET refuses is refused (tests/vectors), but a message of an unknown type is skipped, so that a server may
 * say things that this client has not learned.
 */

import type { HubProtocol } from "./hub-protocol.js";
import { isObject, isString, type JsonObject } from "./json-value.js";
import { MessageType, type HubMessage } from "./message.js";
import { readRecords, writeRecord } from "./record-separator.js";

export const jsonProtocol: HubProtocol = {
  name: "json",
  version: 1,
  transferFormat: "Text",

  read(data) {
    return readRecords(data)
      .map((record): unknown => JSON.parse(record))
      .filter(isKnownMessage);
  },

  write(message) {
    return writeRecord(JSON.stringify(message));
  },
};

/** Whether the type is one of ours. Throws if it is, and the properties are not those of that type. */
function isKnownMessage(value: unknown): value is HubMessage {
  if (!isObject(value) || !isInteger(value["type"])) {
    throw new Error("Invalid payload.");
  }
  const names = required[value["type"] as number];
  if (names && !(names.every((name) => name in value) && isWellFormed(value))) {
    throw new Error(`Invalid payload for message type ${value["type"]}.`);
  }
  return names !== undefined;
}

const required: Readonly<Record<number, readonly string[]>> = {
  [MessageType.Invocation]: ["target", "arguments"],
  [MessageType.StreamItem]: ["invocationId", "item"],
  [MessageType.Completion]: ["invocationId"],
  [MessageType.StreamInvocation]: ["invocationId", "target", "arguments"],
  [MessageType.CancelInvocation]: ["invocationId"],
  [MessageType.Ping]: [],
  [MessageType.Close]: [],
  [MessageType.Ack]: ["sequenceId"],
  [MessageType.Sequence]: ["sequenceId"],
};

/** A property means the same in every message that has it. */
const properties: Readonly<Record<string, (value: unknown) => boolean>> = {
  headers: (value) => isObject(value) && Object.values(value).every(isString),
  invocationId: isString,
  target: isString,
  arguments: Array.isArray,
  streamIds: (value) => Array.isArray(value) && value.every(isString),
  error: isString,
  allowReconnect: (value) => typeof value === "boolean",
  sequenceId: isInteger,
};

function isWellFormed(fields: JsonObject): boolean {
  return (
    !("error" in fields && "result" in fields) &&
    Object.entries(properties).every(([name, isValid]) => !(name in fields) || isValid(fields[name]))
  );
}

function isInteger(value: unknown): boolean {
  return Number.isInteger(value);
}
