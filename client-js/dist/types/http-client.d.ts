import type { MessageHeaders } from "./message.js";
/** A request. */
export interface HttpRequest {
    method?: string;
    url?: string;
    content?: string | ArrayBuffer;
    headers?: MessageHeaders;
    /** "arraybuffer" gives the content as one, anything else as text. */
    responseType?: XMLHttpRequestResponseType;
    abortSignal?: AbortSignal;
    /** How long it may take with its answer, in milliseconds. */
    timeout?: number;
    /** Whether cookies are sent to other origins. */
    withCredentials?: boolean;
}
/** An answer. */
export declare class HttpResponse {
    readonly statusCode: number;
    readonly statusText?: string | undefined;
    readonly content?: string | ArrayBuffer | undefined;
    constructor(statusCode: number, statusText?: string | undefined, content?: string | ArrayBuffer | undefined);
}
/** Makes requests. Extend it, or DefaultHttpClient, and give an instance as the `httpClient` option. */
export declare abstract class HttpClient {
    get(url: string, options?: HttpRequest): Promise<HttpResponse>;
    post(url: string, options?: HttpRequest): Promise<HttpResponse>;
    delete(url: string, options?: HttpRequest): Promise<HttpResponse>;
    /** Resolves with an answer, or rejects: with HttpError, TimeoutError, AbortError or whatever else failed. */
    abstract send(request: HttpRequest): Promise<HttpResponse>;
    /** The cookies for an address, as a Cookie header has them. Outside of browsers, WebSockets are opened with them. */
    getCookieString(_url: string): string;
}
