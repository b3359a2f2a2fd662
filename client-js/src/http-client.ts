/*
 * HTTP as users can replace it: the `httpClient` option, with the names that users of `@microsoft/signalr` know.
 */

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
export class HttpResponse {
  constructor(
    readonly statusCode: number,
    readonly statusText?: string | undefined,
    readonly content?: string | ArrayBuffer | undefined,
  ) {}
}

/** Makes requests. Extend it, or DefaultHttpClient, and give an instance as the `httpClient` option. */
export abstract class HttpClient {
  get(url: string, options?: HttpRequest): Promise<HttpResponse> {
    return this.send({ ...options, method: "GET", url });
  }

  post(url: string, options?: HttpRequest): Promise<HttpResponse> {
    return this.send({ ...options, method: "POST", url });
  }

  delete(url: string, options?: HttpRequest): Promise<HttpResponse> {
    return this.send({ ...options, method: "DELETE", url });
  }

  /** Resolves with an answer, or rejects: with HttpError, TimeoutError, AbortError or whatever else failed. */
  abstract send(request: HttpRequest): Promise<HttpResponse>;

  /** The cookies for an address, as a Cookie header has them. Outside of browsers, WebSockets are opened with them. */
  getCookieString(_url: string): string {
    return "";
  }
}
