/*
 * The seam between hub messages and what a transport carries; the names are those of `@microsoft/signalr`.
 */

import type { ILogger } from "./logger.js";
import type { HubMessage } from "./message.js";
import type { TransferFormat } from "./transport/transport.js";

/** Turns hub messages into text or bytes and back. */
export interface IHubProtocol {
  /** The name in the handshake, for example "json". */
  readonly name: string;
  /** The newest version it speaks. The handshake asks for 1 unless stateful reconnect, which came with 2, is agreed. */
  readonly version: number;
  /** A transport is used only if the server offers it with this format. */
  readonly transferFormat: TransferFormat;

  /** Reads all messages of one frame; messages of an unknown type are left out. Throws on anything malformed. */
  parseMessages(input: string | ArrayBuffer, logger: ILogger): HubMessage[];

  /** Throws if an argument or a result cannot be written. */
  writeMessage(message: HubMessage): string | ArrayBuffer | Uint8Array;
}
