/*
 * Streams as the official client has them: whoever subscribes is told each item, and then the end.
 */

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
export class Subject<T> implements IStreamResult<T> {
  readonly #observers = new Set<IStreamSubscriber<T>>();

  next(item: T): void {
    this.#observers.forEach((observer) => observer.next(item));
  }

  error(err: unknown): void {
    this.#observers.forEach((observer) => observer.error?.(err));
  }

  complete(): void {
    this.#observers.forEach((observer) => observer.complete?.());
  }

  subscribe(observer: IStreamSubscriber<T>): ISubscription<T> {
    this.#observers.add(observer);
    return { dispose: () => void this.#observers.delete(observer) };
  }
}
