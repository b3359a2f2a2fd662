export interface KeepAlive {
    /** Starts the silence limit over. */
    listen(): void;
    /** Something was sent, so that the next ping may wait. */
    sent(): void;
    /** Something was received. An overdue ping goes out at once. */
    received(): void;
    stop(): void;
}
/** Times are in milliseconds. Nothing happens before the first call. */
export declare function keepAlive(pingEvery: number, silenceLimit: number, ping: () => void, silent: () => void): KeepAlive;
