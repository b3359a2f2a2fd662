import type { MessageHeaders } from "./message.js";
/** How requests are made. */
export interface PostOptions {
    readonly headers: MessageHeaders;
    readonly withCredentials: boolean;
    /** Milliseconds. */
    readonly timeout: number;
    readonly signal: AbortSignal;
}
/** The body of the answer. Rejects with HttpError, TimeoutError, the reason of `signal`, or what `fetch` says. */
export declare function post(url: string, options: PostOptions): Promise<string>;
