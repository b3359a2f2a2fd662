import { type ILogger } from "./logger.js";
/** What a policy decides upon. */
export interface RetryContext {
    /** Attempts that have failed since the connection was lost. */
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
/** What the policy says. One that throws gives up. */
export declare function retryDelay(policy: IRetryPolicy, context: RetryContext, logger: ILogger): number | null;
/** Waits for the given times, then gives up. */
export declare function retryAfter(delays?: readonly number[]): IRetryPolicy;
