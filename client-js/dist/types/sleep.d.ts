/** Resolves after so many milliseconds, or as soon as `signal` aborts. */
export declare function sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
