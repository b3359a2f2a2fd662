import type { IHubProtocol } from "./hub-protocol.js";
import { type HubMessage } from "./message.js";
import type { Frame, Transport } from "./transport/transport.js";
export interface ReplayBuffer {
    /** Keeps a message that is counted. Resolves when there is room for the next: at once, or after an Ack. */
    keep(message: HubMessage, frame: Frame): Promise<void> | undefined;
    /** Whether a received message is for the hub. Throws if the server has lost count. */
    accepts(message: HubMessage): boolean;
    /** Tells the server on a new transport where our count goes on, and all that it has not acknowledged. */
    replay(transport: Transport, protocol: IHubProtocol): Promise<void>;
    stop(): void;
}
/** `limit` is in bytes (of text, UTF-16 units); at or above it, senders wait. */
export declare function replayBuffer(limit: number, send: (message: HubMessage) => Promise<void>): ReplayBuffer;
