/*
 * The JSON hub protocol: each message is a record of JSON text.
 *
 * Rule: where .NET refuses what a client reads, this does too (tests/vectors). Messages of a type that is unknown, or that
 * only clients send, are skipped, so that a server may say things that this client has not learned.
 */

import type { IHubProtocol } from "./hub-protocol.js";
import type { ILogger } from "./logger.js";
import { MessageType, type HubMessage } from "./message.js";
import { INCOMPLETE, SEPARATOR } from "./record-separator.js";
import { TransferFormat } from "./transport/transport.js";

type Fields = Readonly<Record<string, unknown>>;

/** Writes and reads JSON text. */
export class JsonHubProtocol implements IHubProtocol {
  readonly name: string = "json";
  readonly version: number = 2;
  readonly transferFormat: TransferFormat = TransferFormat.Text;

  parseMessages(input: string | ArrayBuffer, _logger?: ILogger): HubMessage[] {
    if (typeof input !== "string") {
      throw new Error("Invalid input for JSON hub protocol. Expected a string.");
    }
    const records = input.split(SEPARATOR);
    if (records.pop()) {
      throw new Error(INCOMPLETE);
    }
    return records.map((record) => JSON.parse(record) as HubMessage & Fields).filter(isKnown);
  }

  writeMessage(message: HubMessage): string {
    return JSON.stringify(message) + SEPARATOR;
  }
}

/** The names of the types by their number, and what each must have. Not here are those that only clients send. */
const types: Readonly<Record<number, string>> = {
  [MessageType.Invocation]: "Invocation target arguments",
  [MessageType.StreamItem]: "StreamItem invocationId item",
  [MessageType.Completion]: "Completion invocationId",
  [MessageType.Ping]: "Ping",
  [MessageType.Close]: "Close",
  [MessageType.Ack]: "Ack sequenceId",
  [MessageType.Sequence]: "Sequence sequenceId",
};

/** Whether the type is one of ours. Throws if it is, and what is read of it is not as it must be. */
function isKnown(fields: Fields): boolean {
  // What may be left out has a value that is right.
  const { type, target = "", arguments: args = [], invocationId = "", sequenceId = 0, error = "", allowReconnect = true } = fields;
  if (!Number.isInteger(type)) {
    throw new Error("Invalid payload.");
  }
  const [name, ...required] = types[type as number]?.split(" ") ?? [];
  const isValid =
    required.every((property) => property in fields) &&
    [target, invocationId, error].every((text) => typeof text === "string") &&
    Array.isArray(args) &&
    Number.isInteger(sequenceId) &&
    typeof allowReconnect === "boolean" &&
    !("error" in fields && "result" in fields);
  if (name && !isValid) {
    throw new Error(`Invalid payload for ${name} message.`);
  }
  return !!name;
}
