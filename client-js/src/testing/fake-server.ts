/*
 * A server for specs: answers `fetch`, and holds the other end of each WebSocket.
 *
 * Rule: nothing happens by itself but what `automatic` says, so that a spec can stop between any two steps.
 */

import { mock } from "node:test";
import type { WebSocketEnd, WebSocketLike } from "../platform/web-socket.js";

export const RS = "\x1e";

/** What `negotiate` answers unless told otherwise. */
export const accepting = {
  negotiateVersion: 1,
  connectionId: "public-id",
  connectionToken: "secret/token",
  availableTransports: [{ transport: "WebSockets", transferFormats: ["Text", "Binary"] }],
};

/** A request as `fetch` was given it. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: string | undefined;
  readonly body: BodyInit | null | undefined;
  readonly signal: AbortSignal | null | undefined;
}

type Answer = (request: SeenRequest) => Response | Promise<Response>;

export class FakeServer {
  readonly requests: SeenRequest[] = [];
  readonly sockets: FakeWebSocket[] = [];
  /** Opens sockets and accepts handshakes. */
  automatic = true;
  /** Answers the next requests; when there is none left, `accepting`. */
  readonly answers: Answer[] = [];
  readonly WebSocket: new (url: string, protocols?: string[], init?: unknown) => FakeWebSocket;

  constructor() {
    const server = this;
    this.WebSocket = class extends FakeWebSocket {
      constructor(url: string, protocols?: string[], init?: unknown) {
        super(url, [protocols, init], () => server.automatic);
        server.sockets.push(this);
      }
    };
    mock.method(globalThis, "fetch", (url: string, init: RequestInit) => this.#fetch(url, init));
  }

  /** The newest socket. */
  get socket(): FakeWebSocket {
    const socket = this.sockets.at(-1);
    if (!socket) {
      throw new Error("no socket was opened");
    }
    return socket;
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const { signal } = init;
    signal?.throwIfAborted();
    const { method, credentials, body } = init;
    const request = { method, url, headers: init.headers as Record<string, string>, credentials, body, signal };
    this.requests.push(request);
    const answer = this.answers.shift() ?? (() => json(accepting));
    return await new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
      Promise.resolve(answer(request)).then(resolve, reject);
    });
  }
}

/** An answer with a JSON body. */
export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}

/** An answer that does not come. */
export function silence(): Promise<Response> {
  return new Promise(() => undefined);
}

/** The server's end of a WebSocket. */
export class FakeWebSocket implements WebSocketLike {
  binaryType = "blob";
  /** What the client sent, a frame each. */
  readonly sent: string[] = [];
  closedByClient = false;
  readonly #listeners = new Map<string, (event: never) => void>();
  readonly #automatic: () => boolean;

  constructor(
    readonly url: string,
    /** The arguments after the address. */
    readonly args: readonly unknown[],
    automatic: () => boolean,
  ) {
    this.#automatic = automatic;
    queueMicrotask(() => automatic() && this.open());
  }

  /** The hub messages that the client sent after the handshake. */
  get messages(): unknown[] {
    return this.sent.slice(1).map((frame) => JSON.parse(frame.slice(0, -1)) as unknown);
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, listener);
  }

  send(data: string | ArrayBuffer | Uint8Array): void {
    if (this.closedByClient) {
      throw new Error("the socket is closed");
    }
    if (this.sent.push(data as string) === 1) {
      queueMicrotask(() => this.#automatic() && this.receive({}));
    }
  }

  close(): void {
    this.closedByClient = true;
  }

  open(): void {
    this.#emit("open", {});
  }

  /** Gives the client messages, all in one frame. */
  receive(...messages: unknown[]): void {
    this.receiveRaw(messages.map((message) => JSON.stringify(message) + RS).join(""));
  }

  receiveRaw(data: string | ArrayBuffer): void {
    this.#emit("message", { data });
  }

  /** Ends the socket from the server's side, or by the network. */
  end({ code = 1006, reason = "", wasClean = code !== 1006 }: Partial<WebSocketEnd> = {}): void {
    if (!wasClean) {
      this.fail();
    }
    this.#emit("close", { code, reason, wasClean });
  }

  /** An error, and no close event. */
  fail(): void {
    this.#emit("error", {});
  }

  #emit(type: string, event: object): void {
    this.#listeners.get(type)?.(event as never);
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Stops the clock. It moves by `mock.timers.tick` alone. */
export function stopClock(): void {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  mock.method(performance, "now", () => Date.now());
}

/** Ends what `FakeServer` and `stopClock` began; for `afterEach`. */
export function restore(): void {
  mock.timers.reset();
  mock.restoreAll();
}
