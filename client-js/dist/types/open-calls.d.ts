import type { CallOptions, HubCalls } from "./call-options.js";
import type { ILogger } from "./logger.js";
import { type CompletionMessage, type StreamItemMessage } from "./message.js";
import type { IHttpConnectionOptions } from "./options.js";
import type { Session } from "./session.js";
/** Runs at once or when the connection is there, and gives back how to prevent that. Throws if that cannot be. */
export type WhenConnected = (run: (session: Session) => void) => () => void;
/** The calls of a HubConnection. */
export interface OpenCalls {
    /** Makes calls with these options. */
    with(options: CallOptions): HubCalls;
    /** Gives a message to its call; one of no call is ignored. */
    received(message: StreamItemMessage | CompletionMessage): void;
    /** Ends all calls: their answers cannot come any more. */
    fail(error?: Error): void;
}
export declare function openCalls(whenConnected: WhenConnected, { messageHeaders }: IHttpConnectionOptions, logger: ILogger): OpenCalls;
