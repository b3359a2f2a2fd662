import type { IHubProtocol } from "./hub-protocol.js";
import type { ILogger } from "./logger.js";
import { type HubMessage } from "./message.js";
import { TransferFormat } from "./transport/transport.js";
/** Writes and reads JSON text. */
export declare class JsonHubProtocol implements IHubProtocol {
    readonly name: string;
    readonly version: number;
    readonly transferFormat: TransferFormat;
    parseMessages(input: string | ArrayBuffer, _logger?: ILogger): HubMessage[];
    writeMessage(message: HubMessage): string;
}
