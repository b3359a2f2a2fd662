/** Resolves after so many milliseconds. Rejects with the reason of `signal` as soon as it aborts. */
export declare function sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
