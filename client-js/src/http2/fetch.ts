/*
 * `fetch` over an HTTP/2 connection: the part of it that hub connections need.
 */

import { STATUS_CODES } from "node:http";
import type { ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import { constants } from "node:http2";
import type { Pool } from "./pool.js";

/** Statuses whose answers have no body. */
const WITHOUT_BODY = [204, 205, 304];

/** Resolves when the head of the answer is there. Redirects are not followed; there are no cookies and no cache. */
export async function fetchOver(pool: Pool, url: URL, init: RequestInit): Promise<Response> {
  const { method = "GET", signal } = init;
  signal?.throwIfAborted();
  const body = bytesOf(init.body);
  const headers: OutgoingHttpHeaders = {
    ...Object.fromEntries(new Headers(init.headers)),
    ":method": method,
    ":scheme": url.protocol.slice(0, -1),
    ":authority": url.host,
    ":path": url.pathname + url.search,
  };
  if (body) {
    headers["content-length"] = body.length;
    headers["content-type"] ??= typeof init.body === "string" ? "text/plain;charset=UTF-8" : undefined;
  } else if (method === "POST") {
    headers["content-length"] = 0;
  }
  const attempt = async (): Promise<Response> => {
    const stream = await pool.request(headers, !body);
    if (body) {
      stream.end(body);
    }
    return answer(stream, signal ?? undefined);
  };
  try {
    return await attempt();
  } catch (thrown) {
    // A connection can have been lost without our knowing. What asks for something new, such as a negotiation, can be
    // asked again; a message must not be sent twice, and the answer to a poll may have been lost with what was in it.
    if (!(thrown instanceof StreamLost) || method !== "POST" || body || signal?.aborted) {
      throw thrown;
    }
    return attempt();
  }
}

/** The stream has ended before the answer was whole; the name is what `fetch` of Node would say. */
class StreamLost extends TypeError {
  constructor(cause: unknown = new Error("The stream was closed before the answer was whole.")) {
    super("fetch failed", { cause });
  }
}

function answer(stream: ClientHttp2Stream, signal: AbortSignal | undefined): Promise<Response> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal?.reason);
      stream.close(constants.NGHTTP2_CANCEL);
    };
    if (signal?.aborted) {
      stop();
    }
    signal?.addEventListener("abort", stop);
    stream.once("close", () => {
      signal?.removeEventListener("abort", stop);
      reject(new StreamLost());
    });
    stream.on("error", (cause) => reject(new StreamLost(cause)));
    stream.once("response", (head) => {
      const status = head[":status"] ?? 0;
      const init = { status, statusText: STATUS_CODES[status] ?? "", headers: headersOf(head) };
      if (WITHOUT_BODY.includes(status)) {
        stream.resume();
        resolve(new Response(null, init));
      } else {
        resolve(new Response(bodyOf(stream, signal), init));
      }
    });
  });
}

/** The body as it comes; no more of it than is read. */
function bodyOf(stream: ClientHttp2Stream, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      let whole = false;
      stream.on("data", (chunk: Uint8Array) => {
        controller.enqueue(chunk);
        stream.pause();
      });
      // It comes as well when the stream was reset, which has a code then, or the connection was lost. First of all
      // listeners, because one of Node's own may destroy the stream at its end.
      stream.prependOnceListener("end", () => {
        whole = stream.rstCode === constants.NGHTTP2_NO_ERROR && !stream.destroyed;
        if (whole) {
          controller.close();
        }
      });
      stream.once("close", () => {
        if (!whole) {
          controller.error(signal?.aborted ? signal.reason : new StreamLost());
        }
      });
      stream.pause();
    },
    pull() {
      stream.resume();
    },
    cancel() {
      stream.close(constants.NGHTTP2_CANCEL);
    },
  });
}

function bytesOf(body: BodyInit | null | undefined): Buffer | undefined {
  if (body === null || body === undefined) {
    return undefined;
  }
  if (typeof body === "string") {
    return Buffer.from(body);
  }
  if (body instanceof ArrayBuffer) {
    return Buffer.from(body);
  }
  if (ArrayBuffer.isView(body)) {
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }
  throw new TypeError("A body is a string, an ArrayBuffer or a view of one.");
}

function headersOf(head: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(head)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (!name.startsWith(":") && one !== undefined) {
        headers.append(name, `${one}`);
      }
    }
  }
  return headers;
}
