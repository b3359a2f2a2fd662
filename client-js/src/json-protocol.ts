/*
 * The JSON hub protocol: each message is a record of JSON text.
 *
 * Rule: what .NET refuses is refused (tests/vectors), but a message of an unknown type is skipped, so that a server may
 * say things that this client has not learned.
 */

import type { IHubProtocol } from "./hub-protocol.js";
import { LogLevel, type ILogger } from "./logger.js";
import type { HubMessage } from "./message.js";
import { INCOMPLETE, SEPARATOR } from "./record-separator.js";
import { TransferFormat } from "./transport/transport.js";

type Fields = Readonly<Record<string, unknown>>;

/** Writes and reads JSON text. */
export class JsonHubProtocol implements IHubProtocol {
  readonly name: string = "json";
  readonly version: number = 2;
  readonly transferFormat: TransferFormat = TransferFormat.Text;

  parseMessages(input: string | ArrayBuffer, logger: ILogger): HubMessage[] {
    if (typeof input !== "string") {
      throw new Error("Invalid input for JSON hub protocol. Expected a string.");
    }
    const records = input.split(SEPARATOR);
    if (records.pop()) {
      throw new Error(INCOMPLETE);
    }
    return records.map((record) => JSON.parse(record) as Fields | null).filter((fields) => isKnown(fields, logger));
  }

  writeMessage(message: HubMessage): string {
    return JSON.stringify(message) + SEPARATOR;
  }
}

/** What a message of a type must have, by the number of the type. */
const required = [
  undefined,
  ["target", "arguments"],
  ["invocationId", "item"],
  ["invocationId"],
  ["invocationId", "target", "arguments"],
  ["invocationId"],
  [],
  [],
  ["sequenceId"],
  ["sequenceId"],
];

/** A property means the same in every message that has it. */
const kinds = {
  // What comes from the server may be called like a property of all objects.
  __proto__: null,
  headers: "object",
  invocationId: "string",
  target: "string",
  arguments: "array",
  streamIds: "array",
  error: "string",
  allowReconnect: "boolean",
  sequenceId: "integer",
} as unknown as Readonly<Record<string, string>>;

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;

/** Whether the type is one of ours. Throws if it is, and the properties are not those of that type. */
function isKnown(fields: Fields | null, logger: ILogger): fields is Fields & HubMessage {
  const type = fields?.["type"] as number;
  if (!fields || kindOf(type) !== "integer") {
    throw new Error("Invalid payload.");
  }
  const names = required[type];
  const { headers = {}, streamIds = {} } = fields as Readonly<Record<string, {}>>;
  if (!names) {
    logger.log(LogLevel.Information, `Unknown message type '${type}' ignored.`);
  } else if (
    !names.every((name) => name in fields) ||
    ("error" in fields && "result" in fields) ||
    !Object.keys(fields).every((name) => kinds[name] === undefined || kinds[name] === kindOf(fields[name])) ||
    // Throws by itself on null.
    ![headers, streamIds].flatMap(Object.values).every((value) => kindOf(value) === "string")
  ) {
    throw new Error(`Invalid payload for ${["Invocation", "StreamItem", "Completion"][type - 1] ?? type} message.`);
  }
  return !!names;
}
