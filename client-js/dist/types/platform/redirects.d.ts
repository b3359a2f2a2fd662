import type { Fetch } from "../fetch.js";
/** Makes a request, and one more for each redirect that answers it. */
export declare function followRedirects(fetch: Fetch, url: string, init: RequestInit): Promise<Response>;
