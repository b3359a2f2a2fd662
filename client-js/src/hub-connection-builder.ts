/*
 * Gathers what a HubConnection needs.
 */

import type { Connect } from "./connect.js";
import { HubConnection, type HubConnectionSettings } from "./hub-connection.js";
import type { HubContract, TypedHubConnection } from "./hub-contract.js";
import type { IHubProtocol } from "./hub-protocol.js";
import { JsonHubProtocol } from "./json-protocol.js";
import { LogLevel, loggerFrom, type ILogger } from "./logger.js";
import type { IHttpConnectionOptions } from "./options.js";
import { withCookies } from "./platform/cookies.js";
import type { IRetryPolicy, ReconnectOptions } from "./reconnect-policy.js";
import type { HttpTransportType } from "./transport/transport.js";
import { absoluteUrl } from "./url.js";

/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export class HubConnectionBuilder {
  readonly #settings: Partial<HubConnectionSettings> & Pick<HubConnectionSettings, "times">;

  /** @internal The entry points give the ways to connect that they have. */
  constructor(connect: Connect) {
    this.#settings = { dial: connect, times: {} };
  }

  /** The address of the hub, relative to the page or absolute, and the transports to use or all options. */
  withUrl(url: string, transportTypeOrOptions: HttpTransportType | IHttpConnectionOptions = {}): this {
    if (!required(url, "url").trim()) {
      throw new Error("The 'url' argument should not be empty.");
    }
    const options =
      typeof transportTypeOrOptions === "object" ? transportTypeOrOptions : { transport: transportTypeOrOptions };
    return this.with({ url, options: { ...this.#settings.options, ...options } });
  }

  /** What messages look like on the wire. Default: JSON. */
  withHubProtocol(protocol: IHubProtocol): this {
    return this.with({ protocol: required(protocol, "protocol") });
  }

  /** Where log lines go: a logger, or the console from a level up. Default: from Information up. */
  configureLogging(logging: LogLevel | string | ILogger): this {
    return this.with({ logger: loggerFrom(required(logging, "logging")) });
  }

  /**
   * Makes a lost connection come back. Takes the delays before each attempt in milliseconds, a policy, or options. By
   * default it tries after 0, 2, 10 and 30 seconds.
   */
  withAutomaticReconnect(retry: readonly number[] | IRetryPolicy | ReconnectOptions = [0, 2000, 10_000, 30_000]): this {
    if (this.#settings.reconnect) {
      throw new Error("A reconnectPolicy has already been set.");
    }
    const isSchedule = "nextRetryDelayInMilliseconds" in retry || Array.isArray(retry);
    return this.with({ reconnect: isSchedule ? { retry } : (retry as ReconnectOptions) });
  }

  /** How long the server may be silent, in milliseconds. Should be at least twice the server's keep-alive interval. */
  withServerTimeout(milliseconds: number): this {
    this.#settings.times.serverTimeoutInMilliseconds = required(milliseconds, "milliseconds");
    return this;
  }

  /** The time between pings, in milliseconds. Should be at most half of the server's client timeout. */
  withKeepAliveInterval(milliseconds: number): this {
    this.#settings.times.keepAliveIntervalInMilliseconds = required(milliseconds, "milliseconds");
    return this;
  }

  /** Makes the connection. It is Disconnected until `start()`. With a contract it knows the hub's methods. */
  build(): HubConnection;
  build<Hub, Client>(contract: HubContract<Hub, Client>): TypedHubConnection<Hub, Client>;
  build(contract?: HubContract<unknown, unknown>): HubConnection {
    const { url, options: { logger = LogLevel.Information } = {} } = this.#settings;
    if (!url) {
      throw new Error("The 'HubConnectionBuilder.withUrl' method must be called before building the connection.");
    }
    return this.create(
      withCookies({
        protocol: new JsonHubProtocol(),
        logger: loggerFrom(logger ?? LogLevel.None),
        ...this.#settings,
        ...contract,
        url: absoluteUrl(url),
      } as HubConnectionSettings),
    );
  }

  /** @internal */
  protected create(settings: HubConnectionSettings): HubConnection {
    return new HubConnection(settings);
  }

  /** @internal */
  protected with(settings: Partial<HubConnectionSettings>): this {
    Object.assign(this.#settings, settings);
    return this;
  }
}

function required<T>(value: T, name: string): T {
  if (value === undefined || value === null) {
    throw new Error(`The '${name}' argument is required.`);
  }
  return value;
}
