/*
 * Gathers what a HubConnection needs.
 */

import { HubConnection } from "./hub-connection.js";
import { JsonHubProtocol } from "./json-protocol.js";
import { LogLevel, loggerFrom, type ILogger } from "./logger.js";
import type { IHttpConnectionOptions } from "./options.js";
import { retryAfter, type IRetryPolicy } from "./reconnect-policy.js";
import type { HttpTransportType } from "./transport/transport.js";
import { absoluteUrl } from "./url.js";

/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export class HubConnectionBuilder {
  #url: string | undefined;
  #options: IHttpConnectionOptions = {};
  #logger: ILogger | undefined;
  #reconnectPolicy: IRetryPolicy | undefined;
  #serverTimeout = 30_000;
  #keepAliveInterval = 15_000;

  /** The address of the hub, relative to the page or absolute, and the transports to use or all options. */
  withUrl(url: string, transportTypeOrOptions: HttpTransportType | IHttpConnectionOptions = {}): this {
    required(url, "url");
    if (!url.trim()) {
      throw new Error("The 'url' argument should not be empty.");
    }
    this.#url = url;
    this.#options =
      typeof transportTypeOrOptions === "object" ? transportTypeOrOptions : { transport: transportTypeOrOptions };
    return this;
  }

  /** Where log lines go: a logger, or the console from a level up. Default: from Information up. */
  configureLogging(logging: LogLevel | string | ILogger): this {
    required(logging, "logging");
    this.#logger = loggerFrom(logging);
    return this;
  }

  /**
   * Makes a lost connection come back. Takes the delays before each attempt in milliseconds, or a policy. By default it
   * tries after 0, 2, 10 and 30 seconds.
   */
  withAutomaticReconnect(retryDelaysOrPolicy?: readonly number[] | IRetryPolicy): this {
    if (this.#reconnectPolicy) {
      throw new Error("A reconnectPolicy has already been set.");
    }
    this.#reconnectPolicy =
      retryDelaysOrPolicy && "nextRetryDelayInMilliseconds" in retryDelaysOrPolicy
        ? retryDelaysOrPolicy
        : retryAfter(retryDelaysOrPolicy);
    return this;
  }

  /** How long the server may be silent. Should be at least twice the server's keep-alive interval. */
  withServerTimeout(milliseconds: number): this {
    required(milliseconds, "milliseconds");
    this.#serverTimeout = milliseconds;
    return this;
  }

  /** The time between pings. Should be at most half of the server's client timeout. */
  withKeepAliveInterval(milliseconds: number): this {
    required(milliseconds, "milliseconds");
    this.#keepAliveInterval = milliseconds;
    return this;
  }

  /** Makes the connection. It is Disconnected until `start()`. */
  build(): HubConnection {
    if (!this.#url) {
      throw new Error("The 'HubConnectionBuilder.withUrl' method must be called before building the connection.");
    }
    return new HubConnection({
      url: absoluteUrl(this.#url),
      options: this.#options,
      protocol: new JsonHubProtocol(),
      logger: this.#logger ?? loggerFrom(this.#options.logger ?? LogLevel.Information),
      reconnectPolicy: this.#reconnectPolicy,
      serverTimeout: this.#serverTimeout,
      keepAliveInterval: this.#keepAliveInterval,
    });
  }
}

function required(value: unknown, name: string): void {
  if (value === undefined || value === null) {
    throw new Error(`The '${name}' argument is required.`);
  }
}
