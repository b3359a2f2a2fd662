import { HttpClient, HttpResponse, type HttpRequest } from "./http-client.js";
import { type ILogger } from "./logger.js";
/** Makes requests by `fetch`. */
export declare class DefaultHttpClient extends HttpClient {
    #private;
    /** `logger` hears of requests that got no answer. */
    constructor(logger?: ILogger);
    send(request: HttpRequest): Promise<HttpResponse>;
}
