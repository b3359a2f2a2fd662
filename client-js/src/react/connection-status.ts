/*
 * A connection's state as React can watch it.
 *
 * Rule: a connection's callbacks cannot be taken back, so that each connection gets them once, however many components
 * watch it.
 */

import { useSyncExternalStore } from "react";
import type { HubConnectionState } from "../hub-connection-state.js";

/** The values of `HubConnectionState`. */
export type ConnectionState = `${HubConnectionState}`;

/** What the hooks need of a connection: any of this package's has it, and that of `@microsoft/signalr`. */
export interface ManagedConnection {
  readonly state: ConnectionState;
  start(): Promise<void>;
  stop(): Promise<void>;
  onclose(callback: (error?: Error) => void): void;
  onreconnecting(callback: (error?: Error) => void): void;
  onreconnected(callback: () => void): void;
}

export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** Why the connection could not start, or why it was lost; undefined when it is Connected. */
  readonly error: Error | undefined;
}

const disconnected: ConnectionStatus = { state: "Disconnected", error: undefined };

/** Watches a connection and renders anew when its state changes. */
export function useConnectionStatus(connection: ManagedConnection | undefined): ConnectionStatus {
  const watch = connection && statusOf(connection);
  return useSyncExternalStore(watch?.subscribe ?? subscribeToNothing, watch?.snapshot ?? (() => disconnected), () => disconnected);
}

function subscribeToNothing(): () => void {
  return () => undefined;
}

const watches = new WeakMap<ManagedConnection, StatusWatch>();

/** The one watch of a connection. */
export function statusOf(connection: ManagedConnection): StatusWatch {
  let watch = watches.get(connection);
  if (!watch) {
    watch = new StatusWatch(connection);
    watches.set(connection, watch);
  }
  return watch;
}

export class StatusWatch {
  readonly #connection: ManagedConnection;
  readonly #listeners = new Set<() => void>();
  #status: ConnectionStatus;

  constructor(connection: ManagedConnection) {
    this.#connection = connection;
    this.#status = { state: connection.state, error: undefined };
    connection.onreconnecting((error) => this.#changed(error));
    connection.onreconnected(() => this.#changed(undefined));
    connection.onclose((error) => this.#changed(error));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same object until something changes. */
  readonly snapshot = (): ConnectionStatus => {
    const { state } = this.#connection;
    if (state !== this.#status.state) {
      this.#status = { state, error: this.#status.error };
    }
    return this.#status;
  };

  /** Starts the connection. What goes wrong is in the status. */
  async start(): Promise<void> {
    try {
      const started = this.#connection.start();
      this.#changed(undefined);
      await started;
      this.#changed(undefined);
    } catch (thrown) {
      this.#changed(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  /** Stops the connection, and hides if that fails: nobody is interested any more. */
  async stop(): Promise<void> {
    try {
      await this.#connection.stop();
    } catch {
      // The connection is given up in any case.
    }
    this.#changed(undefined);
  }

  #changed(error: Error | undefined): void {
    this.#status = { state: this.#connection.state, error };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
