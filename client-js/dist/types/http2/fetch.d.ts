import type { Pool } from "./pool.js";
/** Resolves when the head of the answer is there. Redirects are not followed; there are no cookies and no cache. */
export declare function fetchOver(pool: Pool, url: URL, init: RequestInit): Promise<Response>;
