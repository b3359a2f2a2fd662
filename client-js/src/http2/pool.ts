/*
 * The HTTP/2 connections to one server: one as long as its streams suffice, and a new one when it is lost.
 */

import type { ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import type { Http2ClientOptions } from "./options.js";
import { Session } from "./session.js";

export class Pool {
  readonly #origin: string;
  readonly #options: Http2ClientOptions;
  readonly #sessions = new Set<Session>();
  #opening: Promise<void> | undefined;

  constructor(origin: string, options: Http2ClientOptions) {
    this.#origin = origin;
    this.#options = options;
  }

  /** Opens a stream. Rejects if there is no room for one and can be none, or the server does not take such a request. */
  async request(headers: OutgoingHttpHeaders, endStream: boolean): Promise<ClientHttp2Stream> {
    for (;;) {
      for (const session of this.#sessions) {
        if (!session.hasRoom) {
          continue;
        }
        if (headers[":protocol"] && !session.takesWebSockets) {
          throw new Error(`${this.#origin} takes no WebSockets over HTTP/2.`);
        }
        return session.request(headers, endStream);
      }
      // All who find no room wait for the same session.
      await (this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined;
      }));
    }
  }

  /** Ends the sessions, and with them all streams. */
  close(): void {
    for (const session of this.#sessions) {
      session.close();
    }
  }

  async #open(): Promise<void> {
    const { maxSessions = 16 } = this.#options;
    if (this.#sessions.size >= maxSessions) {
      throw new Error(`All streams of ${maxSessions} HTTP/2 connections to ${this.#origin} are in use.`);
    }
    const session = await Session.open(this.#origin, this.#options);
    this.#sessions.add(session);
    session.onClosed(() => this.#sessions.delete(session));
  }
}
