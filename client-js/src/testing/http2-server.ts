/*
 * An HTTP/2 server for specs, in clear text on loopback: the other end of each stream is the spec's.
 */

import { once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream, type Settings } from "node:http2";
import type { IncomingHttpHeaders } from "node:http2";
import type { AddressInfo, Socket } from "node:net";

/** A request that has come. */
export interface SeenStream {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
}

type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

export class TestServer {
  readonly sessions: ServerHttp2Session[] = [];
  readonly streams: SeenStream[] = [];
  readonly #server: Http2Server;
  readonly #sockets: Socket[] = [];

  private constructor(server: Http2Server, answer: Answer) {
    this.#server = server;
    server.on("connection", (socket: Socket) => this.#sockets.push(socket));
    server.on("session", (session) => {
      this.sessions.push(session);
      session.on("error", () => undefined);
    });
    server.on("stream", (stream, headers) => {
      this.streams.push({ stream, headers });
      stream.on("error", () => undefined);
      answer(stream, headers);
    });
  }

  static async start(answer: Answer, settings: Settings = { enableConnectProtocol: true }): Promise<TestServer> {
    const server = createServer({ settings });
    const test = new TestServer(server, answer);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return test;
  }

  /** The address of a hub. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hub`;
  }

  /** Cuts all connections, as a network does: without a word. */
  cut(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }
}
