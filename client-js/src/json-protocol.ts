/*
 * The JSON hub protocol.
 *
 * Rule: what .NET refuses is refused (tests/vectors), but a message of an unknown type is skipped, so that a server may
 * say things that this client has not learned.
 */

import type { IHubProtocol } from "./hub-protocol.js";
import { isObject, isString } from "./json-value.js";
import { LogLevel, type ILogger } from "./logger.js";
import { MessageType, type HubMessage } from "./message.js";
import { readRecords, writeRecord } from "./record-separator.js";
import { TransferFormat } from "./transport/transport.js";

/** Writes and reads JSON text. */
export class JsonHubProtocol implements IHubProtocol {
  readonly name: string = "json";
  readonly version: number = 2;
  readonly transferFormat: TransferFormat = TransferFormat.Text;

  parseMessages(input: string | ArrayBuffer, logger: ILogger): HubMessage[] {
    return readRecords(input)
      .map((record): unknown => JSON.parse(record))
      .filter((message) => isKnownMessage(message, logger));
  }

  writeMessage(message: HubMessage): string {
    return writeRecord(JSON.stringify(message));
  }
}

/** Whether the type is one of ours. Throws if it is, and the properties are not those of that type. */
function isKnownMessage(value: unknown, logger: ILogger): value is HubMessage {
  const type = isObject(value) && value["type"];
  if (!isInteger(type) || !isObject(value)) {
    throw new Error("Invalid payload.");
  }
  const names = required[type];
  if (!names) {
    logger.log(LogLevel.Information, `Unknown message type '${type}' ignored.`);
    return false;
  }
  const isValid = (name: string): boolean => {
    const check = properties[name];
    return !(name in value) || !check || check(value[name]);
  };
  if (!names.every((name) => name in value) || !Object.keys(properties).every(isValid) || ("error" in value && "result" in value)) {
    throw new Error(`Invalid payload for ${MessageType[type]} message.`);
  }
  return true;
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

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}
