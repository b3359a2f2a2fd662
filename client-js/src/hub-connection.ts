/*
 * A connection to a hub, over as many sessions as it takes.
 *
 * Rule: whoever resumes after an await checks that what it waited for is still wanted: its signal has not aborted.
 * Not here: one handshake and what follows (session.ts), calls and their answers (open-calls.ts).
 */

import { callEach } from "./call-each.js";
import type { CallOptions, HubCalls } from "./call-options.js";
import { addHandler, callMethod, removeHandler, type ClientMethods, type Outcome } from "./client-methods.js";
import type { Connect } from "./connect.js";
import { AbortError, asError, HubcastError, ignore, notConnected, tooMany } from "./errors.js";
import { HubConnectionState } from "./hub-connection-state.js";
import type { IHubProtocol } from "./hub-protocol.js";
import { LogLevel, type ILogger } from "./logger.js";
import { MessageType, type HubMessage } from "./message.js";
import { openCalls, type OpenCalls } from "./open-calls.js";
import type { IHttpConnectionOptions } from "./options.js";
import { retryDelay, type ReconnectOptions } from "./reconnect-policy.js";
import { openSession, type Session } from "./session.js";
import { sleep } from "./sleep.js";
import { absoluteUrl } from "./url.js";

/** What `HubConnectionBuilder` has gathered. */
export interface HubConnectionSettings {
  readonly dial: Connect;
  readonly url: string;
  readonly options: IHttpConnectionOptions;
  readonly protocol: IHubProtocol;
  readonly logger: ILogger;
  readonly reconnect?: ReconnectOptions;
  /** The connection's own properties, where they are not what they are by default. */
  readonly times: { serverTimeoutInMilliseconds?: number; keepAliveIntervalInMilliseconds?: number };
  readonly replayLimit: number | undefined;
  readonly schema: string | undefined;
}

type EventName = "onclose" | "onreconnecting" | "onreconnected";

// `invoke`, `send` and `stream`.
export interface HubConnection extends HubCalls {}

/** Calls a hub's methods and is called by it. Made by `HubConnectionBuilder`. */
export class HubConnection {
  /** The connection is lost if the server is silent for so long. Takes effect with the next session. Default: 30,000. */
  serverTimeoutInMilliseconds = 30_000;
  /** The time between pings. Takes effect with the next session. Default: 15,000. */
  keepAliveIntervalInMilliseconds = 15_000;

  readonly #settings: HubConnectionSettings;
  readonly #methods: ClientMethods = new Map();
  readonly #callbacks: Record<EventName, ((argument?: any) => void)[]> = {
    onclose: [],
    onreconnecting: [],
    onreconnected: [],
  };
  /** Calls that are made when the connection is there. */
  readonly #waiting = new Set<(session: Session) => void>();
  readonly #calls: OpenCalls;
  #url: string;
  #state = HubConnectionState.Disconnected;
  /** Ends the attempt or the session that there is; none when Disconnected or Disconnecting. */
  #abort: AbortController | undefined;
  /** The session when Connected. */
  #session: Session | undefined;
  /** The end of Disconnecting. */
  #stopped: Promise<void> | undefined;
  /** Ends what the `hold` option began. */
  #letGo: (() => void) | undefined;

  /** @internal */
  constructor(settings: HubConnectionSettings) {
    this.#settings = settings;
    this.#url = settings.url;
    this.#calls = openCalls((run) => this.#whenConnected(run), settings.options, settings.logger);
    Object.assign(this, this.#calls.with({}), settings.times);
  }

  get state(): HubConnectionState {
    return this.#state;
  }

  /** The id by which the server knows this connection; null unless Connected, and without negotiation. */
  get connectionId(): string | null {
    return this.#session?.endpoint.connectionId ?? null;
  }

  get baseUrl(): string {
    return this.#url;
  }

  /** Changes where the next attempt goes. Throws unless Disconnected or Reconnecting. */
  set baseUrl(url: string) {
    if (this.#state !== HubConnectionState.Disconnected && this.#state !== HubConnectionState.Reconnecting) {
      throw new HubcastError(
        "state",
        "The HubConnection must be in the Disconnected or Reconnecting state to change the url.",
      );
    }
    if (!url) {
      throw new Error("The HubConnection url must be a valid url.");
    }
    this.#url = absoluteUrl(url);
  }

  /**
   * Connects. Rejects if the connection is not Disconnected, or if that fails; it is tried again only if the option
   * `retryStart` of `withAutomaticReconnect` says so.
   */
  async start(): Promise<void> {
    if (this.#state !== HubConnectionState.Disconnected) {
      throw new HubcastError("state", "Cannot start a HubConnection that is not in the 'Disconnected' state.");
    }
    this.#letGo = this.#settings.options.hold?.();
    await this.#connect(HubConnectionState.Connecting);
  }

  /** Disconnects, and gives up connecting or reconnecting. Resolves when the connection is Disconnected. */
  async stop(): Promise<void> {
    const abort = this.#abort;
    if (abort) {
      const wasStarting = this.#state === HubConnectionState.Connecting;
      this.#abort = undefined;
      if (this.#session) {
        this.#state = HubConnectionState.Disconnecting;
        await (this.#stopped = this.#session.stop());
      }
      abort.abort(new AbortError("The connection was stopped before the hub handshake could complete."));
      this.#finish(wasStarting);
    }
    await this.#stopped;
  }

  /** The same calls, with options for each: `connection.with({ timeout: 5000 }).invoke("Method")`. */
  with(options: CallOptions): HubCalls {
    return this.#calls.with(options);
  }

  /**
   * Calls `newMethod` when the server calls `methodName`, in any case. If the server waits for a result, it is what the
   * handler returns or its promise resolves to.
   */
  on(methodName: string, newMethod: (...args: any[]) => any): void {
    if (methodName && newMethod) {
      addHandler(this.#methods, methodName, newMethod);
    }
  }

  /** Removes one handler of a method, or all of them. */
  off(methodName: string, method?: (...args: any[]) => void): void {
    if (methodName) {
      removeHandler(this.#methods, methodName, method);
    }
  }

  /** Calls `callback` when the connection has ended for good, with the error if there was one. */
  onclose(callback: (error?: Error) => void): void {
    this.#callbacks.onclose.push(callback);
  }

  /** Calls `callback` when the connection is lost and will be tried again. */
  onreconnecting(callback: (error?: Error) => void): void {
    this.#callbacks.onreconnecting.push(callback);
  }

  /** Calls `callback` when the connection is back, with its new id. Groups have to be joined again. */
  onreconnected(callback: (connectionId?: string) => void): void {
    this.#callbacks.onreconnected.push(callback);
  }

  /** Tries until it works, the policy gives up, or `stop()` ends it. The first attempt of a start is made at once. */
  async #connect(state: HubConnectionState, lost?: Error): Promise<void> {
    const { reconnect, logger } = this.#settings;
    const isStart = state === HubConnectionState.Connecting;
    const lostAt = performance.now();
    let retryReason = lost ?? new Error("Attempting to reconnect due to a unknown error.");
    for (let previousRetryCount = isStart ? -1 : 0; ; previousRetryCount++) {
      // Each attempt has its own, so that what listens to it goes with the attempt.
      const { signal } = (this.#abort = new AbortController());
      this.#state = state;
      if (previousRetryCount >= 0) {
        const context = { previousRetryCount, elapsedMilliseconds: performance.now() - lostAt, retryReason };
        let delay: number | null = null;
        if (reconnect && (!isStart || reconnect.retryStart)) {
          callEach([reconnect], (options) => (delay = retryDelay(options, context)), "IRetryPolicy", logger);
        }
        signal.throwIfAborted();
        if (delay === null) {
          this.#finish(isStart, previousRetryCount ? undefined : lost);
          throw retryReason;
        }
        if (!isStart && !previousRetryCount) {
          this.#notify("onreconnecting", lost);
        }
        logger.log(LogLevel.Information, `Reconnect attempt number ${previousRetryCount + 1} will start in ${delay} ms.`);
        await sleep(delay, signal);
      }
      try {
        await openSession({
          ...this.#settings,
          // The times, as they are by now.
          ...this,
          url: this.#url,
          signal,
          opened: (session) => {
            this.#session = session;
            this.#state = HubConnectionState.Connected;
          },
          message: (message, session) => this.#received(message, session),
          ended: (error, mayReconnect) => {
            this.#session = undefined;
            logger.log(
              error ? LogLevel.Error : LogLevel.Information,
              `Connection disconnected${error ? ` with error '${error}'` : ""}.`,
            );
            this.#calls.fail(error);
            if (reconnect && mayReconnect) {
              this.#connect(HubConnectionState.Reconnecting, error).catch(ignore);
            } else {
              this.#finish(false, error);
            }
          },
        });
        break;
      } catch (thrown) {
        logger.log(LogLevel.Error, `Failed to start the connection: ${thrown}`);
        if (signal.aborted) {
          throw thrown;
        }
        retryReason = asError(thrown);
      }
    }
    // It may have ended at once.
    if (!isStart && this.#session) {
      this.#notify("onreconnected", this.connectionId ?? undefined);
    }
    for (const run of this.#waiting) {
      if (this.#session) {
        this.#waiting.delete(run);
        run(this.#session);
      }
    }
  }

  #received(message: HubMessage, session: Session): void {
    if (message.type === MessageType.Invocation) {
      const { invocationId } = message;
      const complete = (outcome: Outcome): void | Promise<void> => {
        if (invocationId) {
          return session.send({ type: MessageType.Completion, invocationId, ...outcome });
        }
      };
      callMethod(this.#methods, message, this.#settings.logger)
        .then(complete)
        // It cannot be written, or the session has ended, and the server waits no more.
        .catch((thrown) => complete({ error: `${thrown}` }))
        .catch(ignore);
    } else if (message.type === MessageType.StreamItem || message.type === MessageType.Completion) {
      this.#calls.received(message);
    }
  }

  #finish(wasStarting: boolean, error?: Error): void {
    this.#state = HubConnectionState.Disconnected;
    this.#session = this.#abort = undefined;
    this.#letGo?.();
    this.#calls.fail(error);
    if (!wasStarting) {
      this.#notify("onclose", error);
    }
  }

  #whenConnected(run: (session: Session) => void): () => void {
    const room = this.#abort && this.#settings.reconnect?.waitingCalls;
    if (this.#session) {
      run(this.#session);
    } else if (!room) {
      throw notConnected();
    } else if (this.#waiting.size >= room) {
      throw tooMany("calls");
    } else {
      this.#waiting.add(run);
    }
    return () => this.#waiting.delete(run);
  }

  #notify(name: EventName, argument: unknown): void {
    callEach(this.#callbacks[name], (callback) => callback(argument), name, this.#settings.logger);
  }
}
