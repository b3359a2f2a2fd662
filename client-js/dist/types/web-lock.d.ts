/**
 * Makes a value for the option `hold` of `withUrl`: a lock is held from `start()` until the connection is Disconnected.
 *
 * The lock is a shared one, so that it keeps nobody waiting who asks for a shared lock of that name. Where there are no
 * Web Locks (Node, pages without HTTPS, sandboxed frames) nothing happens.
 */
export declare function webLock(name?: string): () => () => void;
