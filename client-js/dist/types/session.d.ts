import type { Connect, ConnectRequest, Endpoint } from "./connect.js";
import type { IHubProtocol } from "./hub-protocol.js";
import { type HubMessage } from "./message.js";
/** How a session behaves, and who hears of it. */
export interface SessionSettings extends Omit<ConnectRequest, "sink" | "format" | "openers" | "statefulReconnect"> {
    readonly dial: Connect;
    readonly protocol: IHubProtocol;
    /** Milliseconds. */
    readonly keepAliveIntervalInMilliseconds: number;
    /** Milliseconds. */
    readonly serverTimeoutInMilliseconds: number;
    /** How much may wait for the server's Ack, in bytes. None: no stateful reconnect. */
    readonly replayLimit: number | undefined;
    /** The server has accepted the handshake; nothing was dispatched yet. */
    opened(session: Session): void;
    message(message: HubMessage, session: Session): void;
    /** The session ended after it was open, and not by `stop`. */
    ended(error: Error | undefined, mayReconnect: boolean): void;
}
/** A session that is open, or was. */
export interface Session {
    readonly endpoint: Endpoint;
    /** Rejects if the message cannot be written or the session has ended. */
    send(message: HubMessage): Promise<void>;
    /** Tells the server that we leave, and ends the session. */
    stop(): Promise<void>;
}
/** Resolves when the server has accepted the handshake; rejects if it does not, or `signal` aborts, with its reason. */
export declare function openSession(settings: SessionSettings): Promise<void>;
