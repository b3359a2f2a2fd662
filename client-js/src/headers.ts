/*
 * How a bearer token travels where there are headers.
 */

import type { MessageHeaders } from "./message.js";

export function withToken(headers: MessageHeaders | undefined, token: string | undefined): MessageHeaders {
  return { ...headers, ...(token && { Authorization: `Bearer ${token}` }) };
}
