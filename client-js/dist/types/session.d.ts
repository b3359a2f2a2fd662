import type { HubProtocol } from "./hub-protocol.js";
import { type HubMessage } from "./message.js";
import type { Transport, TransportSink } from "./transport/transport.js";
/** How a session behaves, and who hears of it. */
export interface SessionSettings {
    readonly protocol: HubProtocol;
    /** Milliseconds. */
    readonly keepAliveInterval: number;
    /** Milliseconds. */
    readonly serverTimeout: number;
    /** The server has accepted the handshake; nothing was dispatched yet. */
    opened(): void;
    message(message: HubMessage): void;
    /** The session ended after it was open. */
    ended(error: Error | undefined, mayReconnect: boolean): void;
}
export declare class Session implements TransportSink {
    #private;
    constructor(settings: SessionSettings);
    /** Sends the handshake. Resolves when the server accepts it; rejects if it does not, or the session ends before. */
    handshake(transport: Transport): Promise<void>;
    /** Rejects if the message cannot be written or the session is not open. */
    send(message: HubMessage): Promise<void>;
    /** Tells the server that we leave, and ends the session. */
    stop(): Promise<void>;
    /** Ends the session, if it has not ended. */
    end(error: Error | undefined, mayReconnect: boolean): void;
    received(data: string | ArrayBuffer): void;
    closed(error: Error | undefined): void;
}
/** Why a session ends that `stop()` finds before its handshake was answered. */
export declare function stoppedBeforeHandshake(): Error;
