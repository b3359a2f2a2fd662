/*
 * A connection for specs of the hooks: it does what it is told, and remembers what it was asked.
 */

import type { ConnectionState, ManagedConnection } from "../react/connection-status.js";

type Listener = (...args: unknown[]) => unknown;

interface Subscriber {
  next(item: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/** One call of `stream`. */
export interface FakeStream extends Subscriber {
  readonly name: string;
  readonly args: readonly unknown[];
  disposed: boolean;
}

export class FakeHub implements ManagedConnection {
  state: ConnectionState = "Disconnected";
  /** "start", "stop", "on a", "off a" in order. */
  readonly asked: string[] = [];
  readonly streams: FakeStream[] = [];
  /** What `start` waits for. */
  starting: Promise<void> = Promise.resolve();
  readonly #listeners = new Map<string, Listener[]>();
  readonly #callbacks = new Map<string, ((error?: Error) => void)[]>();

  async start(): Promise<void> {
    this.asked.push("start");
    this.state = "Connecting";
    try {
      await this.starting;
      this.state = "Connected";
    } catch (error) {
      this.state = "Disconnected";
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.asked.push("stop");
    this.state = "Disconnected";
  }

  on(name: string, listener: (...args: never[]) => unknown): void {
    this.asked.push(`on ${name}`);
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener as Listener]);
  }

  off(name: string, listener: (...args: never[]) => unknown): void {
    this.asked.push(`off ${name}`);
    this.#listeners.set(name, (this.#listeners.get(name) ?? []).filter((other) => other !== listener));
  }

  onclose(callback: (error?: Error) => void): void {
    this.#add("close", callback);
  }

  onreconnecting(callback: (error?: Error) => void): void {
    this.#add("reconnecting", callback);
  }

  onreconnected(callback: () => void): void {
    this.#add("reconnected", callback);
  }

  stream(name: string, ...args: unknown[]): { subscribe(subscriber: Subscriber): { dispose(): void } } {
    if (this.state !== "Connected") {
      throw new Error("Cannot send data if the connection is not in the 'Connected' State.");
    }
    return {
      subscribe: (subscriber) => {
        const stream: FakeStream = {
          name,
          args,
          disposed: false,
          next: (item) => subscriber.next(item),
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        };
        this.streams.push(stream);
        return { dispose: () => (stream.disposed = true) };
      },
    };
  }

  /** The server calls the client. Gives what the listeners return. */
  call(name: string, ...args: unknown[]): unknown[] {
    return (this.#listeners.get(name) ?? []).map((listener) => listener(...args));
  }

  /** The connection goes to a state and tells why. */
  become(state: "Reconnecting" | "Connected" | "Disconnected", error?: Error): void {
    this.state = state;
    const event = { Reconnecting: "reconnecting", Connected: "reconnected", Disconnected: "close" }[state];
    for (const callback of this.#callbacks.get(event) ?? []) {
      callback(error);
    }
  }

  #add(event: string, callback: (error?: Error) => void): void {
    this.#callbacks.set(event, [...(this.#callbacks.get(event) ?? []), callback]);
  }
}
