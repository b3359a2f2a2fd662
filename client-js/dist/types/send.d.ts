import { type Http } from "./http.js";
import type { HttpRequest, HttpResponse } from "./http-client.js";
/** Makes a request. Rejects with HttpError if the server does not accept it. */
export declare function send(http: Http, method: string, url: string, request?: HttpRequest, token?: string | undefined): Promise<HttpResponse>;
/** The same for a connection that is open. Its token may have expired since: if the answer is 401, asks for a new one. */
export declare function sendAuthorized(http: Http, method: string, url: string, request?: HttpRequest): Promise<HttpResponse>;
/** Throws HttpError unless the server has accepted the request. */
export declare function accepted(response: HttpResponse): HttpResponse;
