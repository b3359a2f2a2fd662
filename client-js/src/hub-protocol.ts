/*
 * The seam between hub messages and what a transport carries.
 */

import type { HubMessage } from "./message.js";
import type { TransferFormat } from "./transport/transport.js";

/** Turns hub messages into text or bytes and back. */
export interface HubProtocol {
  /** The name in the handshake, for example "json". */
  readonly name: string;
  readonly version: number;
  /** A transport is used only if the server offers it with this format. */
  readonly transferFormat: TransferFormat;

  /** Reads all messages of one frame; messages of an unknown type are left out. Throws on anything malformed. */
  read(data: string | ArrayBuffer): HubMessage[];

  /** Throws if an argument or a result cannot be written. */
  write(message: HubMessage): string;
}
