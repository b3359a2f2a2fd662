/*
 * When to try again after a connection was lost.
 */

import { LogLevel, type ILogger } from "./logger.js";

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
export function retryDelay(policy: IRetryPolicy, context: RetryContext, logger: ILogger): number | null {
  try {
    return policy.nextRetryDelayInMilliseconds(context);
  } catch (thrown) {
    logger.log(LogLevel.Error, `IRetryPolicy.nextRetryDelayInMilliseconds threw error '${thrown}'.`);
    return null;
  }
}

/** Waits for the given times, then gives up. */
export function retryAfter(delays: readonly number[] = [0, 2000, 10_000, 30_000]): IRetryPolicy {
  return {
    nextRetryDelayInMilliseconds: ({ previousRetryCount }) => delays[previousRetryCount] ?? null,
  };
}
