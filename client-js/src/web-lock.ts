/*
 * The entry `hubcast/web-lock`: keeps a browser from freezing a tab that has a connection.
 *
 * Browsers freeze hidden pages to save energy; timers stop, and the server gives the connection up. A page that holds a
 * Web Lock is not frozen.
 */

/**
 * Makes a value for the option `hold` of `withUrl`: a lock is held from `start()` until the connection is Disconnected.
 *
 * The lock is a shared one, so that it keeps nobody waiting who asks for a shared lock of that name. Where there are no
 * Web Locks (Node, pages without HTTPS, sandboxed frames) nothing happens.
 */
export function webLock(name = "hubcast"): () => () => void {
  return () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    // Rejects in frames that may not have locks.
    locks?.request(name, { mode: "shared" }, () => released).catch(() => undefined);
    return release;
  };
}
