import type { HubConnection } from "./hub-connection.js";
/** The contract of a hub: the constant at the end of the file that the server's `hubcast::typescript` writes. */
export interface HubContract<Hub, Client> {
    /** Stands for all names and types of the contract: 16 hexadecimal digits. */
    readonly schema: string;
    /** Never there: it carries the type of the hub's methods. */
    readonly hub?: Hub;
    /** Never there: it carries the type of what the hub calls. */
    readonly client?: Client;
}
/**
 * A connection that knows its hub: names, arguments and results are checked. It is a `HubConnection` in all else.
 *
 * `Connection` may be that of `@microsoft/signalr`: `connection as unknown as TypedHubConnection<ChatHub, ChatClient,
 * signalR.HubConnection>`.
 */
export type TypedHubConnection<Hub, Client, Connection = HubConnection> = Omit<Connection, "with" | keyof Typed<Hub, Client, Connection>> & Typed<Hub, Client, Connection> & (Connection extends {
    with(...args: infer Options): unknown;
} ? {
    /** The same calls, with options for each. */
    with(...args: Options): TypedCalls<Hub, Connection>;
} : unknown);
/** How the hub is called. */
export interface TypedCalls<Hub, Connection = HubConnection> {
    /** Calls a hub method and waits for its result. */
    invoke<Name extends CallName<Hub>>(methodName: Name, ...args: Sent<Hub[Name]>): Promise<Result<Hub[Name]>>;
    /** Calls a hub method and does not wait for what comes of it. */
    send<Name extends CallName<Hub>>(methodName: Name, ...args: Sent<Hub[Name]>): Promise<void>;
    /** Calls a hub method that streams. */
    stream<Name extends StreamName<Hub>>(methodName: Name, ...args: Sent<Hub[Name]>): Received<Connection, Item<Hub[Name]>>;
}
interface Typed<Hub, Client, Connection> extends TypedCalls<Hub, Connection> {
    /** Never there: it carries the types of the contract. */
    readonly contract?: HubContract<Hub, Client>;
    /** Takes what the hub calls. */
    on<Name extends MethodName<Client>>(methodName: Name, newMethod: Handler<Client[Name]>): void;
    /** Takes a handler away, or all of that name. */
    off<Name extends MethodName<Client>>(methodName: Name, method?: Handler<Client[Name]>): void;
}
type Streaming = (...args: never[]) => AsyncIterable<unknown>;
export type MethodName<Contract> = keyof Contract & string;
export type StreamName<Hub> = {
    [Name in MethodName<Hub>]: Hub[Name] extends Streaming ? Name : never;
}[MethodName<Hub>];
export type CallName<Hub> = Exclude<MethodName<Hub>, StreamName<Hub>>;
type Result<M> = M extends (...args: never[]) => infer R ? Awaited<R> : never;
export type Item<M> = M extends (...args: never[]) => AsyncIterable<infer T> ? T : never;
export type Handler<M> = M extends (...args: infer A) => infer R ? (...args: A) => R : never;
/** Arguments as a caller may give them: an upload is whatever can be iterated or subscribed to. */
export type Sent<M> = M extends (...args: infer A) => unknown ? {
    [I in keyof A]: SentOne<A[I]>;
} : never;
type SentOne<A> = [A] extends [AsyncIterable<infer T>] ? (unknown extends A ? A : AsyncIterable<T> | Subscribable<T>) : A;
/** What `stream` of a connection gives: all can be subscribed to, and those of this package can be iterated. */
type Received<Connection, T> = Connection extends {
    stream: Streaming;
} ? AsyncIterable<T> & Subscribable<T> : Subscribable<T>;
interface Subscribable<T> {
    subscribe(subscriber: {
        closed?: boolean;
        next(value: T): void;
        error(err: unknown): void;
        complete(): void;
    }): {
        dispose(): void;
    };
}
export {};
