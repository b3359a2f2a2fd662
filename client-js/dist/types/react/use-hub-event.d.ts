import type { Handler, HubContract, MethodName } from "../hub-contract.js";
/** A connection that can be listened to. What the hub gives is `any`, as it is to the connection's own `on`. */
export interface HubEvents {
    on(methodName: string, handler: (...args: any[]) => any): void;
    off(methodName: string, handler: (...args: any[]) => any): void;
}
/**
 * Calls `handler` when the server calls `name`. If the server waits for a result, it is what the handler returns or its
 * promise resolves to; one component alone may answer. Without a connection it waits for one.
 */
export declare function useHubEvent<Hub, Client, Name extends MethodName<Client>>(connection: {
    readonly contract?: HubContract<Hub, Client>;
} | undefined, name: Name, handler: Handler<Client[Name]>): void;
export declare function useHubEvent<Args extends unknown[]>(connection: (HubEvents & {
    readonly contract?: never;
}) | undefined, name: string, handler: (...args: Args) => unknown): void;
