import type { CompletionMessage } from "./message.js";
export declare class PendingInvocations {
    #private;
    /** Registers a call: its id, and the promise of its result. */
    open(): {
        invocationId: string;
        result: Promise<unknown>;
    };
    /** Settles the call; one that nobody waits for is ignored. */
    complete({ invocationId, error, result }: CompletionMessage): void;
    /** Fails a call that could not be sent. */
    fail(invocationId: string, error: Error): void;
    /** Fails all calls: their answers cannot come any more. */
    failAll(error: Error): void;
}
