/*
 * When to ping, and when to give up on a silent server.
 *
 * Rule: the ping timer is armed by what is received, never by another timer. Browsers slow down chains of timers in
 * hidden pages to one a minute, which is more than the server waits.
 */

/** What is to be done about time, in milliseconds. */
export interface KeepAliveSettings {
  readonly pingEvery: number;
  readonly silenceLimit: number;
  ping(): void;
  silent(): void;
}

type Timer = ReturnType<typeof setTimeout>;

export class KeepAlive {
  readonly #settings: KeepAliveSettings;
  #pingDueAt = 0;
  #pingTimer: Timer | undefined;
  #silenceTimer: Timer | undefined;

  constructor(settings: KeepAliveSettings) {
    this.#settings = settings;
  }

  /** Starts the silence limit over. */
  listen(): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#settings.silent(), this.#settings.silenceLimit);
  }

  /** Something was sent, so that the next ping may wait. */
  sent(): void {
    this.#pingDueAt = performance.now() + this.#settings.pingEvery;
    clearTimeout(this.#pingTimer);
    this.#pingTimer = undefined;
  }

  /** Something was received. An overdue ping goes out at once. */
  received(): void {
    this.listen();
    const wait = this.#pingDueAt - performance.now();
    if (wait <= 0) {
      this.#settings.ping();
    } else {
      this.#pingTimer ??= setTimeout(() => this.#settings.ping(), wait);
    }
  }

  stop(): void {
    clearTimeout(this.#silenceTimer);
    clearTimeout(this.#pingTimer);
  }
}
