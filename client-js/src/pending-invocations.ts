/*
 * Calls that wait for their Completion.
 *
 * Rule: ids are never used twice by one HubConnection, not even after a reconnect, so that a late Completion cannot
 * answer another call.
 */

import type { CompletionMessage } from "./message.js";

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class PendingInvocations {
  #waiting = new Map<string, Waiting>();
  #nextId = 0;

  /** Registers a call: its id, and the promise of its result. */
  open(): { invocationId: string; result: Promise<unknown> } {
    const invocationId = String(this.#nextId++);
    const result = new Promise<unknown>((resolve, reject) => this.#waiting.set(invocationId, { resolve, reject }));
    return { invocationId, result };
  }

  /** Settles the call; one that nobody waits for is ignored. */
  complete({ invocationId, error, result }: CompletionMessage): void {
    const waiting = this.#take(invocationId);
    if (error === undefined) {
      waiting?.resolve(result);
    } else {
      waiting?.reject(new Error(error));
    }
  }

  /** Fails a call that could not be sent. */
  fail(invocationId: string, error: Error): void {
    this.#take(invocationId)?.reject(error);
  }

  /** Fails all calls: their answers cannot come any more. */
  failAll(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const { reject } of waiting.values()) {
      reject(error);
    }
  }

  #take(invocationId: string): Waiting | undefined {
    const waiting = this.#waiting.get(invocationId);
    this.#waiting.delete(invocationId);
    return waiting;
  }
}
