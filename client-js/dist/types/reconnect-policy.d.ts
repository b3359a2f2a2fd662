/** What a policy may decide by. */
export interface RetryContext {
    /** Attempts since the connection was lost; 0 before the first. */
    readonly previousRetryCount: number;
    /** Milliseconds since the connection was lost. */
    readonly elapsedMilliseconds: number;
    /** Why the connection was lost, or why the last attempt failed. */
    readonly retryReason: Error;
}
/** Decides whether and when to reconnect. */
export interface IRetryPolicy {
    /** Milliseconds until the next attempt, or null to give up. */
    nextRetryDelayInMilliseconds(retryContext: RetryContext): number | null;
}
/** What `withAutomaticReconnect` can be told beyond the delays. Times are in milliseconds. */
export interface ReconnectOptions {
    /**
     * When to try: delays, or a policy. Default: full-jitter back-off without end. Then the time before an attempt is
     * random, below a bound that begins at `firstDelay` and doubles up to `longestDelay`, so that the clients of a server
     * that went away do not come back all at once.
     */
    readonly retry?: readonly number[] | IRetryPolicy;
    /** The bound before the first attempt. Default: 1000. */
    readonly firstDelay?: number;
    /** The highest bound. Default: 30,000. */
    readonly longestDelay?: number;
    /** Whether a `start()` that fails is tried again too. Default: false. */
    readonly retryStart?: boolean;
    /**
     * How many calls may wait while there is no connection and one is tried. One more is refused with an error whose code
     * is "limit". Default: 0, then all are refused with the code "state".
     */
    readonly waitingCalls?: number;
}
/** Milliseconds until the next attempt, or null to give up. */
export declare function retryDelay({ retry, firstDelay, longestDelay }: ReconnectOptions, context: RetryContext): number | null;
