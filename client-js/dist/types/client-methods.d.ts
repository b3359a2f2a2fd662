import { type ILogger } from "./logger.js";
import type { InvocationMessage } from "./message.js";
/** A handler with parameters of any type: what the server sends is the server's word. */
export type Handler = (...args: never[]) => unknown;
/** How a call ended for a server that waits for its result. */
export type Outcome = {
    readonly result: unknown;
} | {
    readonly error: string;
};
export declare class ClientMethods {
    #private;
    constructor(logger: ILogger);
    /** Adds a handler; the same one twice for a method counts once. */
    add(name: string, handler: Handler): void;
    /** Removes one handler of a method, or all. */
    remove(name: string, handler?: Handler): void;
    /** Calls the handlers in the order they were added, each after the one before has settled. */
    call({ target, arguments: args, invocationId }: InvocationMessage): Promise<Outcome>;
}
