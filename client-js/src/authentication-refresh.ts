/*
 * Connections whose credentials are renewed while they go on, by request or before they expire (.NET 11, Hubcast).
 */

import { callEach } from "./call-each.js";
import type { Endpoint } from "./connect.js";
import { asError, ignore, notConnected } from "./errors.js";
import { HubConnection, type HubConnectionSettings } from "./hub-connection.js";
import { HubConnectionState } from "./hub-connection-state.js";
import { refreshToken } from "./refresh-token.js";

/** When credentials are renewed. */
export interface IAuthenticationRefreshOptions {
  /** Whether that is done before they expire, if the server says when. Default: true. */
  enableAutoRefresh?: boolean;
  /** How long before, in milliseconds, but not before half of their time is over. Default: 300,000. */
  refreshBeforeExpirationInMilliseconds?: number;
}

/** What the callbacks of `onAuthenticationRefreshed` are told. */
export interface AuthenticationRefreshedContext {
  connection: RefreshingHubConnection;
  /** How long the new credentials hold, in seconds, if the server says so. */
  newTokenLifetimeInSeconds?: number | undefined;
  refreshedAt: Date;
}

/** What the callbacks of `onAuthenticationRefreshFailed` are told. */
export interface AuthenticationRefreshFailedContext {
  connection: RefreshingHubConnection;
  error: Error;
}

/** Settings of a connection, with those of the refresh if it is to be done by itself. */
export interface RefreshSettings extends HubConnectionSettings {
  readonly refresh?: IAuthenticationRefreshOptions | undefined;
}

const LEAST_DELAY = 1_000;
/** The most that a timer can wait. */
const MOST_DELAY = 0x7fffffff;

/** A HubConnection whose credentials can be renewed. Made by `RefreshingHubConnectionBuilder`. */
export class RefreshingHubConnection extends HubConnection {
  readonly #settings: RefreshSettings;
  readonly #refreshed: ((context: AuthenticationRefreshedContext) => unknown)[] = [];
  readonly #failed: ((context: AuthenticationRefreshFailedContext) => unknown)[] = [];
  /** None before it was connected. */
  #endpoint: Endpoint | undefined;
  /** Where that was negotiated. */
  #url = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @internal */
  constructor(settings: RefreshSettings) {
    let opened: (endpoint: Endpoint, url: string) => Endpoint;
    super({ ...settings, dial: (request) => settings.dial(request).then((endpoint) => opened(endpoint, request.url)) });
    this.#settings = settings;
    opened = (endpoint, url) => {
      this.#schedule(endpoint.tokenLifetimeSeconds);
      this.#url = url;
      return (this.#endpoint = endpoint);
    };
    const ended = (): void => clearTimeout(this.#timer);
    this.onclose(ended);
    this.onreconnecting(ended);
  }

  /**
   * Asks `accessTokenFactory` for a token and gives it to the server, without a new connection. Resolves with how long
   * it holds, in seconds, if the server says so. Rejects if the connection is not Connected or was not negotiated, or
   * the server refuses.
   */
  async refreshAuthentication(): Promise<number | undefined> {
    const endpoint = this.#endpoint;
    const { http, connectionToken } = endpoint ?? {};
    if (this.state !== HubConnectionState.Connected || !http || !connectionToken) {
      throw notConnected();
    }
    const tell = <T>(callbacks: ((context: T) => unknown)[], context: T): void =>
      callEach(callbacks, (callback) => callback(context), "an authentication refresh", this.#settings.logger);
    try {
      const newTokenLifetimeInSeconds = await refreshToken(http, this.#url, connectionToken);
      if (endpoint === this.#endpoint) {
        this.#schedule(newTokenLifetimeInSeconds);
      }
      tell(this.#refreshed, { connection: this, newTokenLifetimeInSeconds, refreshedAt: new Date() });
      return newTokenLifetimeInSeconds;
    } catch (thrown) {
      tell(this.#failed, { connection: this, error: asError(thrown) });
      throw thrown;
    }
  }

  /** Calls `callback` when new credentials were taken. */
  onAuthenticationRefreshed(callback: (context: AuthenticationRefreshedContext) => unknown): void {
    this.#refreshed.push(callback);
  }

  /** Calls `callback` when new credentials could not be had, or were refused. The old ones hold until they expire. */
  onAuthenticationRefreshFailed(callback: (context: AuthenticationRefreshFailedContext) => unknown): void {
    this.#failed.push(callback);
  }

  #schedule(lifetimeInSeconds = 0): void {
    const { refresh } = this.#settings;
    const { enableAutoRefresh = !!refresh, refreshBeforeExpirationInMilliseconds = 300_000 } = refresh ?? {};
    clearTimeout(this.#timer);
    if (enableAutoRefresh && lifetimeInSeconds > 0) {
      const lifetime = lifetimeInSeconds * 1000;
      const delay = Math.max(lifetime - refreshBeforeExpirationInMilliseconds, lifetime / 2, LEAST_DELAY);
      this.#timer = setTimeout(() => this.refreshAuthentication().catch(ignore), Math.min(delay, MOST_DELAY));
    }
  }
}
