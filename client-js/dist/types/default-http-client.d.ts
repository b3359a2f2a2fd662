import { HttpClient, HttpResponse, type HttpRequest } from "./http-client.js";
import { type ILogger } from "./logger.js";
/**
 * Makes requests by `fetch`. Outside of browsers it keeps cookies: up to 50, for its requests and for the event streams and
 * WebSockets of its connections.
 */
export declare class DefaultHttpClient extends HttpClient {
    #private;
    /** `logger` hears of requests that got no answer. */
    constructor(logger?: ILogger);
    send(request: HttpRequest): Promise<HttpResponse>;
    getCookieString(url: string): string;
}
