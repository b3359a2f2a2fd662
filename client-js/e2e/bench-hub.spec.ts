/*
 * The built package against a bench hub over real sockets: ours, or ASP.NET Core's.
 *
 * Rule: several runs may share one server, so that each test has group names and texts of its own.
 * HUB_URL is the hub's address, HUB_LACKS names methods that this bench hub does not have ("WhoAmI,AskCaller").
 */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { afterEach, test } from "node:test";
import {
  HttpTransportType,
  HubConnectionBuilder,
  HubConnectionState,
  LogLevel,
  type HubConnection,
  type IHttpConnectionOptions,
  type WebSocketConstructor,
} from "hubcast";
import ws from "ws";

const url = process.env["HUB_URL"] ?? "";
const Socket: WebSocketConstructor = globalThis.WebSocket ?? ws;
const open: HubConnection[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.stop()));
});

test("a_call_gives_its_result", async () => {
  const connection = await connect();
  assert.equal(connection.state, HubConnectionState.Connected);
  assert.match(connection.connectionId ?? "", /^[\w-]{22}$/);
  assert.equal(await connection.invoke("Echo", "héllo ✓ 😀\x1e"), "héllo ✓ 😀\x1e");
  assert.equal(await connection.invoke("echo", null), null);
});

test("many_calls_at_once_find_their_answers", async () => {
  const connection = await connect();
  const texts = Array.from({ length: 200 }, (_, index) => `${index}`.repeat(50));
  assert.deepEqual(await Promise.all(texts.map((text) => connection.invoke("Echo", text))), texts);
});

test("a_hub_error_gives_its_text_and_a_crash_does_not", async () => {
  const connection = await connect();
  await assert.rejects(connection.invoke("Fail", "because"), {
    message: "An unexpected error occurred invoking 'Fail' on the server. HubException: because",
  });
  await assert.rejects(connection.invoke("Crash"), {
    message: "An unexpected error occurred invoking 'Crash' on the server.",
  });
  await assert.rejects(connection.invoke("NoSuchMethod"), {
    message: "Failed to invoke 'NoSuchMethod' due to an error on the server. HubException: Method does not exist.",
  });
  assert.equal(await connection.invoke("Echo", "still here"), "still here");
});

test("a_broadcast_reaches_all", async () => {
  const connections = await Promise.all([connect(), connect(), connect()]);
  const text = randomUUID();
  const received = connections.map((connection) => receipt(connection, text));
  await connections[0]?.send("Broadcast", text);
  await Promise.all(received);
});

test("a_group_has_those_who_joined_and_did_not_leave", async () => {
  const [member, former, stranger] = await Promise.all([connect(), connect(), connect()]);
  const group = randomUUID();
  const seen: string[] = [];
  former.on("receive", (text: string) => seen.push(text));
  stranger.on("receive", (text: string) => seen.push(text));
  await Promise.all([member.invoke("JoinGroup", group), former.invoke("JoinGroup", group)]);
  await former.invoke("LeaveGroup", group);

  const [text, last] = [randomUUID(), randomUUID()];
  const received = receipt(member, text);
  await stranger.invoke("SendToGroup", group, text);
  await received;
  // What was sent to them before has arrived before this.
  const ends = [receipt(former, last), receipt(stranger, last)];
  await member.send("Broadcast", last);
  await Promise.all(ends);
  assert.equal(seen.includes(text), false);
});

testOf("WhoAmI", "the_user_is_who_the_query_says", async () => {
  const named = new URL(url);
  named.searchParams.set("user", "ada");
  assert.equal(await (await connect({}, named.href)).invoke("WhoAmI"), "ada");
  assert.equal(await (await connect()).invoke("WhoAmI"), null);
});

testOf("AskCaller", "the_server_is_answered_when_it_asks", async () => {
  const connection = await connect();
  connection.on("answer", async (question: string) => `${question} Yes.`);
  assert.equal(await connection.invoke("AskCaller", "Here?"), "Here? Yes.");
});

test("negotiation_can_be_skipped", async () => {
  const connection = await connect({ skipNegotiation: true, transport: HttpTransportType.WebSockets });
  assert.equal(connection.connectionId, null);
  assert.equal(await connection.invoke("Echo", "a"), "a");
});

test("a_lost_socket_comes_back_and_calls_work_again", async () => {
  const sockets: { close(code?: number): void }[] = [];
  const Recorded = class extends (Socket as typeof ws) {
    constructor(...args: ConstructorParameters<typeof ws>) {
      super(...args);
      sockets.push(this);
    }
  };
  const connection = await connect({ WebSocket: Recorded });
  const before = connection.connectionId;
  const lost = new Promise<void>((resolve) => connection.onreconnecting(() => resolve()));
  const back = new Promise<string | undefined>((resolve) => connection.onreconnected(resolve));
  sockets[0]?.close(3000);
  await lost;
  const after = await back;
  assert.equal(after, connection.connectionId);
  assert.notEqual(after, before);
  assert.equal(await connection.invoke("Echo", "again"), "again");
});

test("a_connection_can_be_started_again_after_stop", async () => {
  const connection = await connect();
  await connection.stop();
  assert.equal(connection.state, HubConnectionState.Disconnected);
  await connection.start();
  assert.equal(await connection.invoke("Echo", "a"), "a");
});

test("an_address_without_a_hub_says_so", async () => {
  await assert.rejects(connect({}, new URL("/nothing-here", url).href), /Status code '404' Either this is not a SignalR/);
});

async function connect(options: IHttpConnectionOptions = {}, address = url): Promise<HubConnection> {
  const connection = new HubConnectionBuilder()
    .withUrl(address, { WebSocket: Socket, ...options })
    .withAutomaticReconnect()
    .configureLogging(LogLevel.None)
    .build();
  // What other tests broadcast is not for us to report.
  connection.on("receive", () => undefined);
  open.push(connection);
  await connection.start();
  return connection;
}

/** A test of a method that a bench hub may lack; there it is no test at all, and a line says so. */
function testOf(method: string, name: string, body: () => Promise<void>): void {
  const missing = (process.env["HUB_LACKS"] ?? "").split(",");
  if (missing.includes(method)) {
    console.log(`not tested, as the server has no ${method}: ${name}`);
  } else {
    test(name, body);
  }
}

/** Resolves when the connection has been called with this text. */
function receipt(connection: HubConnection, wanted: string): Promise<void> {
  return new Promise((resolve) => {
    connection.on("receive", (text: string) => {
      if (text === wanted) {
        resolve();
      }
    });
  });
}
