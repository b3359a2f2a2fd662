/*
 * When to ping, and when to give up on a silent server.
 *
 * Rule: the ping timer is armed by what is received, never by another timer. Browsers slow down chains of timers in
 * hidden pages to one a minute, which is more than the server waits.
 */

export interface KeepAlive {
  /** Starts the silence limit over. */
  listen(): void;
  /** Something was sent, so that the next ping may wait. */
  sent(): void;
  /** Something was received. An overdue ping goes out at once. */
  received(): void;
  stop(): void;
}

type Timer = ReturnType<typeof setTimeout> | undefined;

/** Times are in milliseconds. Nothing happens before the first call. */
export function keepAlive(pingEvery: number, silenceLimit: number, ping: () => void, silent: () => void): KeepAlive {
  let pingDueAt = 0;
  let pingTimer: Timer;
  let silenceTimer: Timer;

  const listen = (): void => {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(silent, silenceLimit);
  };
  const dropPing = (): void => {
    clearTimeout(pingTimer);
    pingTimer = undefined;
  };

  return {
    listen,
    sent() {
      pingDueAt = performance.now() + pingEvery;
      dropPing();
    },
    received() {
      listen();
      const wait = pingDueAt - performance.now();
      if (wait > 0) {
        pingTimer ??= setTimeout(ping, wait);
      } else {
        ping();
      }
    },
    stop() {
      clearTimeout(silenceTimer);
      dropPing();
    },
  };
}
