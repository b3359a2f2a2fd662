import type { MessageHeaders } from "./message.js";
import type { StreamResult } from "./stream-result.js";
/** How calls are made; without any of it they are as in `@microsoft/signalr`. */
export interface CallOptions {
    /** Cancels the call: the server is told, and the call rejects with AbortError, whose `cause` is the signal's reason. */
    readonly signal?: AbortSignal | undefined;
    /**
     * How long a call may take, in milliseconds, waiting for the connection included; a stream, from its call to its end.
     * Then the server is told, and the call rejects with TimeoutError. Default: no limit.
     */
    readonly timeout?: number | undefined;
    /** Sent with the call, if the server looks for them there. */
    readonly headers?: MessageHeaders | undefined;
}
/** Calls hub methods. Arguments that are streams are uploaded: a `Subject`, an observable, or any AsyncIterable. */
export interface HubCalls {
    /** Calls a hub method and waits for its result. Rejects with the server's error, or when the connection is lost. */
    invoke<T = any>(methodName: string, ...args: any[]): Promise<T>;
    /** Calls a hub method and does not wait for it. Resolves when the call is handed to the transport. */
    send(methodName: string, ...args: any[]): Promise<void>;
    /** Calls a hub method that gives a stream, to `subscribe` to or to loop over with `for await`. */
    stream<T = any>(methodName: string, ...args: any[]): StreamResult<T>;
}
