import type { HttpRequest, HttpResponse } from "./http-client.js";
/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
/** How a request is made, but for its signal. */
export declare function requestInit({ method, content, headers, withCredentials }: HttpRequest): RequestInit;
/** Rejects with TimeoutError, the reason of the signal, or what `fetch` says. */
export declare function sendByFetch(request: HttpRequest, custom?: Fetch): Promise<HttpResponse>;
