import type { IHubProtocol } from "../hub-protocol.js";
import type { HubMessage } from "../message.js";
import type { MessagePackOptions } from "./options.js";
/** For `HubConnectionBuilder.withHubProtocol`. The server has to have the protocol too. */
export declare class MessagePackHubProtocol<Context = unknown> implements IHubProtocol {
    #private;
    readonly name = "messagepack";
    readonly version = 2;
    /** `TransferFormat.Binary` */
    readonly transferFormat = 2;
    constructor(options?: MessagePackOptions<Context>);
    /** Reads all messages of one frame; messages of an unknown type are left out. Throws on anything malformed. */
    parseMessages(input: string | ArrayBuffer | ArrayBufferView): HubMessage[];
    /** Throws if an argument or a result cannot be written: a function, a symbol, or one that is too deep. */
    writeMessage(message: HubMessage): Uint8Array<ArrayBuffer>;
}
