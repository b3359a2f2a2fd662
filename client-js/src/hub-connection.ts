/*
 * A connection to a hub, over as many sessions as it takes.
 *
 * Rule: each state holds what `stop()` must free in it. Whoever resumes after an await checks that its state still is.
 * Not here: one handshake and what follows (session.ts), how a transport is found (connect.ts).
 */

import { Callbacks } from "./callbacks.js";
import { ClientMethods, type Handler } from "./client-methods.js";
import { connect } from "./connect.js";
import { asError } from "./errors.js";
import { HubConnectionState } from "./hub-connection-state.js";
import type { IHubProtocol } from "./hub-protocol.js";
import { LogLevel, type ILogger } from "./logger.js";
import { MessageType, type HubMessage, type InvocationMessage } from "./message.js";
import type { IHttpConnectionOptions } from "./options.js";
import { PendingInvocations } from "./pending-invocations.js";
import { retryDelay, type IRetryPolicy } from "./reconnect-policy.js";
import { Session, stoppedBeforeHandshake } from "./session.js";
import { sleep } from "./sleep.js";
import { absoluteUrl } from "./url.js";

/** What `HubConnectionBuilder` has gathered. Times are in milliseconds. */
export interface HubConnectionSettings {
  readonly url: string;
  readonly options: IHttpConnectionOptions;
  readonly protocol: IHubProtocol;
  readonly logger: ILogger;
  readonly reconnectPolicy: IRetryPolicy | undefined;
  readonly serverTimeout: number;
  readonly keepAliveInterval: number;
}

type State =
  | { kind: HubConnectionState.Disconnected }
  | { kind: HubConnectionState.Connecting; abort: AbortController }
  | { kind: HubConnectionState.Connected; session: Session; connectionId: string | null }
  | { kind: HubConnectionState.Disconnecting; stopped: Promise<void> }
  | { kind: HubConnectionState.Reconnecting; abort: AbortController };

/** Calls a hub's methods and is called by it. Made by `HubConnectionBuilder`. */
export class HubConnection {
  /** The connection is lost if the server is silent for so long. Takes effect with the next session. Default: 30,000. */
  serverTimeoutInMilliseconds: number;
  /** The time between pings. Takes effect with the next session. Default: 15,000. */
  keepAliveIntervalInMilliseconds: number;

  readonly #settings: HubConnectionSettings;
  readonly #methods: ClientMethods;
  readonly #pending = new PendingInvocations();
  readonly #onclose: Callbacks<[error?: Error | undefined]>;
  readonly #onreconnecting: Callbacks<[error?: Error | undefined]>;
  readonly #onreconnected: Callbacks<[connectionId?: string | undefined]>;
  #url: string;
  #state: State = { kind: HubConnectionState.Disconnected };

  constructor(settings: HubConnectionSettings) {
    const { logger } = settings;
    this.#settings = settings;
    this.#url = settings.url;
    this.#methods = new ClientMethods(logger);
    this.#onclose = new Callbacks("onclose", logger);
    this.#onreconnecting = new Callbacks("onreconnecting", logger);
    this.#onreconnected = new Callbacks("onreconnected", logger);
    this.serverTimeoutInMilliseconds = settings.serverTimeout;
    this.keepAliveIntervalInMilliseconds = settings.keepAliveInterval;
  }

  get state(): HubConnectionState {
    return this.#state.kind;
  }

  /** The id by which the server knows this connection; null unless Connected, and without negotiation. */
  get connectionId(): string | null {
    return this.#state.kind === HubConnectionState.Connected ? this.#state.connectionId : null;
  }

  get baseUrl(): string {
    return this.#url;
  }

  /** Changes where the next attempt goes. Throws unless Disconnected or Reconnecting. */
  set baseUrl(url: string) {
    if (this.state !== HubConnectionState.Disconnected && this.state !== HubConnectionState.Reconnecting) {
      throw new Error("The HubConnection must be in the Disconnected or Reconnecting state to change the url.");
    }
    if (!url) {
      throw new Error("The HubConnection url must be a valid url.");
    }
    this.#url = absoluteUrl(url);
  }

  /** Connects. Rejects if that fails, which is not retried, or if the connection is not Disconnected. */
  async start(): Promise<void> {
    if (this.#state.kind !== HubConnectionState.Disconnected) {
      throw new Error("Cannot start a HubConnection that is not in the 'Disconnected' state.");
    }
    const state: State = { kind: HubConnectionState.Connecting, abort: new AbortController() };
    this.#state = state;
    try {
      await this.#open(state.abort.signal);
    } catch (thrown) {
      if (this.#state === state) {
        this.#state = { kind: HubConnectionState.Disconnected };
      }
      this.#log(LogLevel.Error, `Failed to start the connection: ${thrown}`);
      throw thrown;
    }
  }

  /** Disconnects, and gives up connecting or reconnecting. Resolves when the connection is Disconnected. */
  async stop(): Promise<void> {
    const state = this.#state;
    switch (state.kind) {
      case HubConnectionState.Disconnected:
        break;
      case HubConnectionState.Connecting:
        this.#state = { kind: HubConnectionState.Disconnected };
        state.abort.abort(stoppedBeforeHandshake());
        break;
      case HubConnectionState.Connected: {
        const stopped = state.session.stop();
        this.#state = { kind: HubConnectionState.Disconnecting, stopped };
        await stopped;
        break;
      }
      case HubConnectionState.Disconnecting:
        await state.stopped;
        break;
      case HubConnectionState.Reconnecting:
        state.abort.abort(stoppedBeforeHandshake());
        this.#finish(undefined);
        break;
    }
  }

  /** Calls a hub method and waits for its result. Rejects with the server's error, or when the connection is lost. */
  async invoke<T = unknown>(methodName: string, ...args: unknown[]): Promise<T> {
    const session = this.#session();
    const { invocationId, result } = this.#pending.open();
    session
      .send({ type: MessageType.Invocation, invocationId, target: methodName, arguments: args })
      .catch((thrown) => this.#pending.fail(invocationId, asError(thrown)));
    return (await result) as T;
  }

  /** Calls a hub method and does not wait for it. Resolves when the call is handed to the transport. */
  async send(methodName: string, ...args: unknown[]): Promise<void> {
    await this.#session().send({ type: MessageType.Invocation, target: methodName, arguments: args });
  }

  /**
   * Calls `handler` when the server calls `methodName`, in any case. If the server waits for a result, it is what the
   * handler returns or its promise resolves to.
   */
  on<A extends unknown[]>(methodName: string, handler: (...args: A) => unknown): void {
    if (methodName && handler) {
      this.#methods.add(methodName, handler);
    }
  }

  /** Removes one handler of a method, or all of them. */
  off(methodName: string, handler?: Handler): void {
    if (methodName) {
      this.#methods.remove(methodName, handler);
    }
  }

  /** Calls `callback` when the connection has ended for good, with the error if there was one. */
  onclose(callback: (error?: Error) => void): void {
    this.#onclose.add(callback);
  }

  /** Calls `callback` when the connection is lost and will be tried again. */
  onreconnecting(callback: (error?: Error) => void): void {
    this.#onreconnecting.add(callback);
  }

  /** Calls `callback` when the connection is back, with its new id. Groups have to be joined again. */
  onreconnected(callback: (connectionId?: string) => void): void {
    this.#onreconnected.add(callback);
  }

  async #open(signal: AbortSignal): Promise<void> {
    const { options, protocol, logger } = this.#settings;
    let connectionId: string | null = null;
    const session: Session = new Session({
      protocol,
      logger,
      keepAliveInterval: this.keepAliveIntervalInMilliseconds,
      serverTimeout: this.serverTimeoutInMilliseconds,
      opened: () => {
        this.#state = { kind: HubConnectionState.Connected, session, connectionId };
      },
      message: (message) => this.#received(session, message),
      ended: (error, mayReconnect) => this.#lost(error, mayReconnect),
    });
    signal.throwIfAborted();
    signal.addEventListener("abort", () => session.end(signal.reason, false));
    const endpoint = await connect(this.#url, options, protocol.transferFormat, session, signal, logger);
    connectionId = endpoint.connectionId;
    await session.handshake(endpoint.transport);
  }

  #received(session: Session, message: HubMessage): void {
    if (message.type === MessageType.Invocation) {
      void this.#answer(session, message);
    } else if (message.type === MessageType.Completion) {
      this.#pending.complete(message);
    }
  }

  async #answer(session: Session, invocation: InvocationMessage): Promise<void> {
    const outcome = await this.#methods.call(invocation);
    const { invocationId } = invocation;
    if (!invocationId) {
      return;
    }
    try {
      await session.send({ type: MessageType.Completion, invocationId, ...outcome });
    } catch (thrown) {
      this.#log(LogLevel.Error, `The result of '${invocation.target}' could not be sent: ${thrown}`);
      await session
        .send({ type: MessageType.Completion, invocationId, error: String(thrown) })
        // Then the session has ended, and the server waits no more.
        .catch(() => undefined);
    }
  }

  #lost(error: Error | undefined, mayReconnect: boolean): void {
    this.#log(
      error ? LogLevel.Error : LogLevel.Information,
      error ? `Connection disconnected with error '${error}'.` : "Connection disconnected.",
    );
    const { reconnectPolicy } = this.#settings;
    const wanted = this.#state.kind === HubConnectionState.Connected;
    this.#pending.failAll(error ?? new Error("Invocation canceled due to the underlying connection being closed."));
    if (reconnectPolicy && wanted && mayReconnect) {
      void this.#reconnect(reconnectPolicy, error);
    } else {
      this.#finish(error);
    }
  }

  async #reconnect(policy: IRetryPolicy, error: Error | undefined): Promise<void> {
    const lostAt = performance.now();
    let retryReason = error ?? new Error("Attempting to reconnect due to a unknown error.");
    for (let previousRetryCount = 0; ; previousRetryCount++) {
      // Each attempt has its own, so that what listens to it goes with the attempt.
      const abort = new AbortController();
      const { signal } = abort;
      this.#state = { kind: HubConnectionState.Reconnecting, abort };
      const context = { previousRetryCount, elapsedMilliseconds: performance.now() - lostAt, retryReason };
      const delay = retryDelay(policy, context, this.#settings.logger);
      if (signal.aborted) {
        return;
      }
      if (delay === null) {
        this.#finish(previousRetryCount ? undefined : error);
        return;
      }
      if (previousRetryCount === 0) {
        this.#onreconnecting.call(error);
      }
      this.#log(LogLevel.Information, `Reconnect attempt number ${previousRetryCount + 1} will start in ${delay} ms.`);
      try {
        signal.throwIfAborted();
        await sleep(delay, signal);
        await this.#open(signal);
        // It may have ended at once.
        if (this.state === HubConnectionState.Connected) {
          this.#log(LogLevel.Information, "HubConnection reconnected successfully.");
          this.#onreconnected.call(this.connectionId ?? undefined);
        }
        return;
      } catch (thrown) {
        if (signal.aborted) {
          return;
        }
        retryReason = asError(thrown);
      }
    }
  }

  #finish(error: Error | undefined): void {
    this.#state = { kind: HubConnectionState.Disconnected };
    this.#onclose.call(error);
  }

  #session(): Session {
    if (this.#state.kind !== HubConnectionState.Connected) {
      throw new Error("Cannot send data if the connection is not in the 'Connected' State.");
    }
    return this.#state.session;
  }

  #log(level: LogLevel, message: string): void {
    this.#settings.logger.log(level, message);
  }
}
