/*
 * Cookies of a whole connection: those that a load balancer sets go where it looks for them.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, test } from "node:test";
import ws, { WebSocketServer } from "ws";
import { Http2Client } from "../http2.js";
import {
  DefaultHttpClient,
  HttpTransportType,
  HubConnectionBuilder,
  NullLogger,
  type HubConnection,
  type IHttpConnectionOptions,
} from "../index.js";
import { accepting, FakeServer, restore, RS, settle } from "../testing/fake-server.js";
import { TestServer } from "../testing/http2-server.js";
import { NegotiatingHubConnectionBuilder } from "../websocket.js";

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});
afterEach(restore);

/** The next answers set a cookie each. */
const answer = (...cookies: string[]): void => {
  for (const cookie of cookies) {
    server.answers.push(() => new Response(JSON.stringify(accepting), { headers: { "Set-Cookie": cookie } }));
  }
};
const connection = (options: IHttpConnectionOptions = {}, Builder: new () => HubConnectionBuilder = HubConnectionBuilder) =>
  new Builder()
    .withUrl("http://h/chat", { WebSocket: server.WebSocket, ...options })
    .configureLogging(NullLogger.instance)
    .build();
/** The next answers are an event stream that is offered, and that stream. */
const offerEventStream = (cookie: string): void => {
  const availableTransports = [{ transport: "ServerSentEvents", transferFormats: ["Text"] }];
  const offer = JSON.stringify({ ...accepting, availableTransports });
  server.answers.push(
    () => new Response(offer, { headers: { "Set-Cookie": cookie } }),
    () => new Response(new ReadableStream()),
  );
};
/** Lets a connection go as far as its handshake. */
const startAndStop = async (connection: HubConnection): Promise<void> => {
  const before = server.requests.length;
  const starting = connection.start();
  while (server.requests.length < before + 3) {
    await settle();
  }
  await connection.stop();
  await assert.rejects(starting);
};
const cookies = (): unknown[] => server.requests.map(({ headers }) => headers["Cookie"]);
const socketHeaders = (): unknown => server.socket.args[1];

for (const [entry, Builder] of Object.entries({ hubcast: HubConnectionBuilder, websocket: NegotiatingHubConnectionBuilder })) {
  test(`${entry}_sends_what_the_negotiation_sets_with_the_web_socket_and_keeps_it_for_the_connection`, async () => {
    answer("node=a; Path=/", "node=b; Path=/");
    const one = connection({}, Builder);
    await one.start();
    assert.deepEqual(socketHeaders(), { headers: { Cookie: "node=a" } });
    await one.stop();
    await one.start();
    assert.deepEqual(cookies(), [undefined, "node=a"]);
    assert.deepEqual(socketHeaders(), { headers: { Cookie: "node=b" } });
    await one.stop();
  });
}

test("connections_of_one_builder_have_cookies_of_their_own", async () => {
  answer("node=a; Path=/");
  const builder = new HubConnectionBuilder()
    .withUrl("http://h/chat", { WebSocket: server.WebSocket })
    .configureLogging(NullLogger.instance);
  const [one, other] = [builder.build(), builder.build()];
  await one.start();
  await other.start();
  assert.deepEqual(cookies(), [undefined, undefined]);
  await Promise.all([one.stop(), other.stop()]);
});

test("without_credentials_there_are_no_cookies", async () => {
  answer("node=a; Path=/");
  class WithCookies extends DefaultHttpClient {
    override getCookieString = (): string => "mine=1";
  }
  const one = connection({ withCredentials: false, httpClient: new WithCookies() });
  await one.start();
  await one.stop();
  await one.start();
  assert.deepEqual(cookies(), [undefined, undefined]);
  assert.deepEqual(socketHeaders(), { headers: {} });
  await one.stop();
});

test("a_cookie_header_of_the_users_is_added_to_and_not_overridden", async () => {
  answer("node=a; Path=/", "user=b; Path=/");
  const one = connection({ headers: { cookie: "user=me" } });
  await one.start();
  assert.deepEqual(socketHeaders(), { headers: { cookie: "user=me; node=a" } });
  await one.stop();
  await one.start();
  assert.deepEqual(socketHeaders(), { headers: { cookie: "user=me; node=a" } });
  await one.stop();
});

test("another_server_gets_cookies_only_if_they_are_for_it", async () => {
  const redirect = { url: "http://other/chat", accessToken: "T" };
  server.answers.push(() => new Response(JSON.stringify(redirect), { headers: { "Set-Cookie": "node=a; Path=/" } }));
  const one = connection();
  await one.start();
  assert.deepEqual(cookies(), [undefined, undefined]);
  assert.deepEqual(socketHeaders(), { headers: { Authorization: "Bearer T" } });
  await one.stop();
});

test("event_streams_and_what_is_posted_have_them_too", async () => {
  offerEventStream("node=a; Path=/");
  await startAndStop(connection());
  assert.deepEqual(
    server.requests.map(({ method, headers }) => [method, headers["Cookie"]]),
    [["POST", undefined], ["GET", "node=a"], ["POST", "node=a"]],
  );
});

test("the_default_http_client_keeps_cookies_for_its_requests_sockets_and_event_streams", async () => {
  answer("node=a; Path=/");
  const httpClient = new DefaultHttpClient();
  await httpClient.get("http://h/login");
  await httpClient.get("http://h/", { withCredentials: false });
  assert.equal(httpClient.getCookieString("http://h/chat"), "node=a");
  const one = connection({ httpClient });
  await one.start();
  assert.deepEqual(cookies(), [undefined, undefined, "node=a"]);
  assert.deepEqual(socketHeaders(), { headers: { Cookie: "node=a" } });
  await one.stop();
  offerEventStream("node=b; Path=/");
  await startAndStop(connection({ httpClient }));
  assert.deepEqual(cookies().slice(3), ["node=a", "node=b", "node=b"]);
});

test("in_a_browser_they_are_left_to_it", async () => {
  const { process: node } = globalThis;
  Reflect.set(globalThis, "process", undefined);
  try {
    answer("node=a; Path=/", "node=b; Path=/");
    const one = connection();
    await one.start();
    await one.stop();
    await one.start();
    assert.deepEqual(cookies(), [undefined, undefined]);
    await one.stop();
  } finally {
    globalThis.process = node;
  }
});

test("a_fetch_of_the_users_may_answer_with_less", async () => {
  const fetch = async (): Promise<Response> =>
    ({ ok: true, status: 200, text: async () => JSON.stringify(accepting) }) as Response;
  const one = connection({ fetch });
  await one.start();
  await one.stop();
});

test("over_http2_they_are_sent_as_well", async () => {
  const seen: unknown[] = [];
  const h2 = await TestServer.start((stream, headers) => {
    seen.push([headers[":method"], headers["cookie"]]);
    stream.resume();
    if (headers[":method"] === "POST") {
      stream.respond({ ":status": 200, "set-cookie": ["node=a; Path=/", "two=2"] });
      stream.end(JSON.stringify(accepting));
    } else {
      stream.respond({ ":status": 403 }, { endStream: true });
    }
  });
  const client = new Http2Client();
  try {
    const { fetch, WebSocket } = client;
    const one = new HubConnectionBuilder()
      .withUrl(h2.url, { fetch, WebSocket })
      .configureLogging(NullLogger.instance)
      .build();
    await assert.rejects(one.start());
    assert.deepEqual(seen, [
      ["POST", undefined],
      ["CONNECT", "two=2; node=a"],
    ]);
  } finally {
    client.close();
    h2.stop();
  }
});

test("over_http2_what_the_web_sockets_answer_sets_is_kept", async () => {
  const seen: unknown[] = [];
  const h2 = await TestServer.start((stream, { cookie }) => {
    seen.push(cookie);
    stream.respond({ ":status": 200, "set-cookie": ["node=a; Path=/", "two=2"] });
    stream.end();
  });
  const client = new Http2Client();
  try {
    const one = new HubConnectionBuilder()
      .withUrl(h2.url, { WebSocket: client.WebSocket, transport: HttpTransportType.WebSockets, skipNegotiation: true })
      .configureLogging(NullLogger.instance)
      .build();
    await assert.rejects(one.start());
    await assert.rejects(one.start());
    assert.deepEqual(seen, [undefined, "node=a; two=2"]);
  } finally {
    client.close();
    h2.stop();
  }
});

test("a_web_socket_class_may_tell_anything_by_its_upgrade", async () => {
  const answers: unknown[] = [{ headers: { "set-cookie": ["node=a; Path=/"] } }, { headers: {} }, {}];
  class Telling extends server.WebSocket {
    override addEventListener(type: string, listener: (event: never) => void): void {
      super.addEventListener(type, listener);
      if (type === "upgrade") {
        listener(answers.shift() as never);
      }
    }
  }
  const one = connection({ WebSocket: Telling });
  for (let times = 0; times < 3; times++) {
    await one.start();
    await one.stop();
  }
  assert.deepEqual(cookies(), [undefined, "node=a", "node=a"]);
});

test("on_the_wire_the_web_socket_of_ws_has_them", async () => {
  restore();
  const seen: IncomingHttpHeaders[] = [];
  const http = createServer((_request, response) => {
    response.setHeader("Set-Cookie", "node=a; Path=/; HttpOnly").end(JSON.stringify(accepting));
  });
  new WebSocketServer({ server: http }).on("connection", (socket, { headers }) => {
    seen.push(headers);
    socket.once("message", () => socket.send(`{}${RS}`));
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const one = new HubConnectionBuilder()
    .withUrl(`http://127.0.0.1:${(http.address() as AddressInfo).port}/chat`, {
      WebSocket: ws,
      transport: HttpTransportType.WebSockets,
    })
    .configureLogging(NullLogger.instance)
    .build();
  await one.start();
  assert.deepEqual(seen.map(({ cookie }) => cookie), ["node=a"]);
  await one.stop();
  http.closeAllConnections();
  http.close();
});
