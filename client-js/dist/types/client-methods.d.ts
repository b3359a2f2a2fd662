import { type ILogger } from "./logger.js";
import type { InvocationMessage } from "./message.js";
/** A handler with parameters of any type: what the server sends is the server's word. */
export type Handler = (...args: any[]) => any;
/** How a call ended for a server that waits for its result. */
export type Outcome = {
    readonly result: unknown;
} | {
    readonly error: string;
};
/** The handlers by the names of their methods, in lower case. */
export type ClientMethods = Map<string, Set<Handler>>;
/** Adds a handler; the same one twice for a method counts once. */
export declare function addHandler(methods: ClientMethods, name: string, handler: Handler): void;
/** Removes one handler of a method, or all. */
export declare function removeHandler(methods: ClientMethods, name: string, handler?: Handler): void;
/** Calls the handlers in the order they were added, each after the one before has settled. */
export declare function callMethod(methods: ClientMethods, { target, arguments: args }: InvocationMessage, logger: ILogger): Promise<Outcome>;
