import type { HttpRequest, HttpResponse } from "./http-client.js";
/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
/** A request that says what it is for. */
export interface WholeRequest extends HttpRequest {
    method: string;
    url: string;
}
/** How a request is made, but for its address and its signal. */
export declare function requestInit({ method, content, headers, withCredentials }: Omit<WholeRequest, "url">): RequestInit;
/** Rejects with TimeoutError, the reason of the signal, or what `fetch` says. */
export declare function sendByFetch(request: WholeRequest, custom?: Fetch): Promise<HttpResponse>;
