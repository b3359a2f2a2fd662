/** Who is told of a stream; the names are those of `@microsoft/signalr`. */
export interface IStreamSubscriber<T> {
    closed?: boolean;
    next(value: T): void;
    error(err: unknown): void;
    complete(): void;
}
/** Ends a subscription. */
export interface ISubscription<_T> {
    dispose(): void;
}
/** A stream that can be subscribed to. */
export interface IStreamResult<T> {
    subscribe(subscriber: IStreamSubscriber<T>): ISubscription<T>;
}
/** A stream that a program fills: as an argument of a call it is sent to the hub. Items before a subscription are lost. */
export declare class Subject<T> implements IStreamResult<T> {
    #private;
    next(item: T): void;
    error(err: unknown): void;
    complete(): void;
    subscribe(observer: IStreamSubscriber<T>): ISubscription<T>;
}
