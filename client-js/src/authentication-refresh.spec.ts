/*
 * Credentials that are renewed, by request and by themselves.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { HubConnectionBuilder, LogLevel, type HubConnection, type IAuthenticationRefreshOptions } from "./index.js";
import { accepting, FakeServer, json, restore, settle, stopClock } from "./testing/fake-server.js";

let server: FakeServer;
let tokens: number;
let heard: unknown[];

beforeEach(() => {
  server = new FakeServer();
  tokens = 0;
  heard = [];
  stopClock();
});
afterEach(restore);

async function connect(lifetime: unknown, options?: IAuthenticationRefreshOptions | null): Promise<HubConnection> {
  server.answers.push(() => json({ ...accepting, tokenLifetimeSeconds: lifetime }));
  const builder = new HubConnectionBuilder()
    .withUrl("http://h/chat", { WebSocket: server.WebSocket, accessTokenFactory: () => `T${tokens++}` })
    // The clock stands still or leaps.
    .withServerTimeout(2 ** 31 - 1)
    .withKeepAliveInterval(2 ** 31 - 1)
    .configureLogging(LogLevel.None);
  const connection = (options === null ? builder : builder.withAuthenticationRefresh(options)).build();
  connection.onAuthenticationRefreshed(({ connection: about, newTokenLifetimeInSeconds, refreshedAt }) => {
    heard.push([about === connection, newTokenLifetimeInSeconds, refreshedAt.getTime()]);
  });
  connection.onAuthenticationRefreshFailed(({ connection: about, error }) => {
    heard.push([about === connection, error.message]);
  });
  await connection.start();
  return connection;
}

const refreshes = (): unknown[] =>
  server.requests
    .filter(({ url }) => url.includes("/refresh"))
    .map(({ method, url, headers }) => [method, url, headers["Authorization"]]);

const renewed = (lifetime?: number): void => {
  server.answers.push(() => json({ tokenLifetimeSeconds: lifetime }));
};

test("it_can_be_asked_for", async () => {
  const connection = await connect(undefined, null);
  renewed(60);
  assert.equal(await connection.refreshAuthentication(), 60);
  assert.deepEqual(refreshes(), [["POST", "http://h/chat/refresh?id=secret%2Ftoken", "Bearer T1"]]);
  assert.deepEqual(heard, [[true, 60, Date.now()]]);
  mock.timers.tick(2 ** 31 - 1);
  assert.equal(refreshes().length, 1);
});

test("a_refusal_rejects_and_is_told", async () => {
  const connection = await connect(undefined);
  server.answers.push(() => new Response("no", { status: 403 }));
  const message = "no: Status code '403'";
  await assert.rejects(connection.refreshAuthentication(), { message });
  assert.deepEqual(heard, [[true, message]]);
});

test("it_needs_a_connection_and_one_that_was_negotiated", async () => {
  const connection = await connect(undefined);
  await connection.stop();
  await assert.rejects(connection.refreshAuthentication(), { code: "state" });
  const skipped = new HubConnectionBuilder()
    .withUrl("http://h/chat", { WebSocket: server.WebSocket, skipNegotiation: true, transport: 1 })
    .configureLogging(LogLevel.None)
    .build();
  await skipped.start();
  await assert.rejects(skipped.refreshAuthentication(), { code: "state" });
  assert.deepEqual(refreshes(), []);
});

for (const [name, lifetime, options, delay] of [
  ["five_minutes_before_the_end", 3600, {}, 3_300_000],
  ["at_half_time_if_that_is_later", 60, {}, 30_000],
  ["as_long_before_the_end_as_the_user_says", 60, { refreshBeforeExpirationInMilliseconds: 10_000 }, 50_000],
  ["not_at_once_though_the_server_says_so", 0.001, {}, 1_000],
] as const) {
  test(`it_is_done_${name}`, async () => {
    await connect(lifetime, options);
    mock.timers.tick(delay - 1);
    await settle();
    assert.deepEqual(refreshes(), []);
    renewed(lifetime);
    mock.timers.tick(1);
    await settle();
    assert.equal(refreshes().length, 1);
    renewed();
    mock.timers.tick(delay);
    await settle();
    // The last answer told no lifetime.
    mock.timers.tick(2 ** 30);
    await settle();
    assert.equal(refreshes().length, 2);
  });
}

test("it_is_not_done_by_itself_unless_wanted_and_possible", async () => {
  await connect(60, null);
  await connect(60, { enableAutoRefresh: false });
  await connect(undefined);
  await connect("soon");
  mock.timers.tick(2 ** 30);
  await settle();
  assert.deepEqual(refreshes(), []);
});

test("it_ends_with_the_connection", async () => {
  const connection = await connect(60);
  await connection.stop();
  mock.timers.tick(2 ** 30);
  await settle();
  assert.deepEqual([refreshes(), heard], [[], []]);
});
