/*
 * The MessagePack hub protocol: each message a list behind its length.
 */

import type { IHubProtocol } from "../hub-protocol.js";
import type { HubMessage } from "../message.js";
import { bytesOf } from "./bytes-of.js";
import { decoder } from "./decode.js";
import { encoder } from "./encode.js";
import { fromList, toList } from "./hub-message.js";
import { PREFIX_SIZE, splitMessages, writePrefix } from "./length-prefix.js";
import type { MessagePackOptions } from "./options.js";

/** For `HubConnectionBuilder.withHubProtocol`. The server has to have the protocol too. */
export class MessagePackHubProtocol<Context = unknown> implements IHubProtocol {
  readonly name = "messagepack";
  readonly version = 2;
  /** `TransferFormat.Binary` */
  readonly transferFormat = 2;

  readonly #decode: (bytes: Uint8Array) => unknown;
  readonly #encode: (value: unknown) => Uint8Array<ArrayBuffer>;

  constructor(options: MessagePackOptions<Context> = {}) {
    this.#decode = decoder(options);
    this.#encode = encoder(options, PREFIX_SIZE);
  }

  /** Reads all messages of one frame; messages of an unknown type are left out. Throws on anything malformed. */
  parseMessages(input: string | ArrayBuffer | ArrayBufferView): HubMessage[] {
    if (typeof input === "string") {
      throw new Error("Invalid input for MessagePack hub protocol. Expected an ArrayBuffer.");
    }
    return splitMessages(bytesOf(input))
      .map((message) => fromList(this.#decode(message)))
      .filter((message) => message !== undefined);
  }

  /** Throws if an argument or a result cannot be written: a function, a symbol, or one that is too deep. */
  writeMessage(message: HubMessage): Uint8Array<ArrayBuffer> {
    return writePrefix(this.#encode(toList(message)));
  }
}
