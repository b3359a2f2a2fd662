/*
 * How a bearer token travels where there are headers.
 */

import type { MessageHeaders } from "./message.js";

export function withToken(headers: MessageHeaders, token: string | undefined): MessageHeaders {
  return token ? { ...headers, Authorization: `Bearer ${token}` } : headers;
}
