/*
 * Calls with options, streams both ways, and calls that wait for the connection.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { AbortError, TimeoutError } from "./errors.js";
import type { HubConnection } from "./hub-connection.js";
import type { IHttpConnectionOptions } from "./options.js";
import type { ReconnectOptions } from "./reconnect-policy.js";
import { Subject } from "./stream.js";
import { FakeServer, restore, settle, stopClock } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";
import { HubConnectionBuilder } from "./websocket.js";

const CLOSED = "Invocation canceled due to the underlying connection being closed.";
const LOST = { message: "WebSocket closed with status code: 1006 (no reason given).", code: "transport" };

let server: FakeServer;
let connection: HubConnection;

beforeEach(() => {
  stopClock();
  mock.timers.tick(1_000_000);
  server = new FakeServer();
});
afterEach(async () => {
  await connection.stop();
  restore();
});

async function start(reconnect?: ReconnectOptions, options?: IHttpConnectionOptions): Promise<void> {
  const builder = new HubConnectionBuilder()
    .withUrl("http://h/chat", { WebSocket: server.WebSocket, ...options })
    .configureLogging(new Recorder());
  if (reconnect) {
    builder.withAutomaticReconnect(reconnect);
  }
  connection = builder.build();
  await connection.start();
}

/** What was sent after the first ping. */
const sent = (): unknown[] => server.socket.messages.slice(1);

test("errors_have_codes", async () => {
  await start();
  const failed = assert.rejects(connection.invoke("x"), { message: "no", code: "hub" });
  server.socket.receive({ type: 3, invocationId: "0", error: "no" });
  await failed;
  const closed = assert.rejects(connection.invoke("x"), { message: CLOSED, code: "closed" });
  await connection.stop();
  await closed;
  await assert.rejects(connection.invoke("x"), { code: "state" });
});

test("an_abort_cancels_the_call_and_rejects_with_its_reason_as_cause", async () => {
  await start();
  const abort = new AbortController();
  const result = connection.with({ signal: abort.signal }).invoke("Slow");
  abort.abort("enough");
  await assert.rejects(result, (error) => error instanceof AbortError && error.cause === "enough");
  assert.deepEqual(sent(), [
    { type: 1, invocationId: "0", target: "Slow", arguments: [] },
    { type: 5, invocationId: "0" },
  ]);
  // The server's late answer is nobody's.
  server.socket.receive({ type: 3, invocationId: "0", result: 1 });
});

test("a_signal_that_has_aborted_sends_nothing", async () => {
  await start();
  await assert.rejects(connection.with({ signal: AbortSignal.abort() }).invoke("x"), { code: "aborted" });
  await assert.rejects(connection.with({ signal: AbortSignal.abort() }).send("x"), { code: "aborted" });
  assert.deepEqual(sent(), []);
});

test("an_abort_after_the_answer_does_nothing", async () => {
  await start();
  const abort = new AbortController();
  const result = connection.with({ signal: abort.signal }).invoke("x");
  server.socket.receive({ type: 3, invocationId: "0", result: 1 });
  assert.equal(await result, 1);
  abort.abort();
  assert.equal(sent().length, 1);
});

test("a_time_limit_cancels_the_call", async () => {
  await start();
  const result = connection.with({ timeout: 100 }).invoke("Slow");
  mock.timers.tick(99);
  assert.equal(sent().length, 1);
  mock.timers.tick(1);
  await assert.rejects(result, (error) => error instanceof TimeoutError && error.code === "timeout");
  assert.deepEqual(sent()[1], { type: 5, invocationId: "0" });
});

test("headers_travel_with_the_call", async () => {
  await start(undefined, { messageHeaders: (target) => (target === "a" ? { trace: "1" } : undefined) });
  void connection.send("a");
  void connection.with({ headers: { tenant: "7" } }).send("a");
  void connection.with({ headers: { tenant: "7" } }).send("b");
  assert.deepEqual(sent(), [
    { type: 1, headers: { trace: "1" }, target: "a", arguments: [] },
    { type: 1, headers: { trace: "1", tenant: "7" }, target: "a", arguments: [] },
    { type: 1, headers: { tenant: "7" }, target: "b", arguments: [] },
  ]);
});

test("a_stream_gives_items_until_it_completes", async () => {
  await start();
  const items: unknown[] = [];
  connection.stream("Counter", 2).subscribe({
    next: (item) => items.push(item),
    error: (error) => items.push(error),
    complete: () => items.push("complete"),
  });
  assert.deepEqual(sent(), [{ type: 4, invocationId: "0", target: "Counter", arguments: [2] }]);
  server.socket.receive({ type: 2, invocationId: "0", item: 0 }, { type: 2, invocationId: "0", item: null });
  server.socket.receive({ type: 3, invocationId: "0" });
  assert.deepEqual(items, [0, null, "complete"]);
});

test("a_stream_is_cancelled_when_its_loop_is_left", async () => {
  await start();
  const stream = connection.stream<number>("Counter", 10);
  server.socket.receive({ type: 2, invocationId: "0", item: 7 });
  for await (const item of stream) {
    assert.equal(item, 7);
    break;
  }
  assert.deepEqual(sent()[1], { type: 5, invocationId: "0" });
});

test("a_stream_that_is_over_is_not_cancelled", async () => {
  await start();
  const stream = connection.stream("Counter", 1);
  server.socket.receive({ type: 3, invocationId: "0" });
  for await (const item of stream) {
    assert.fail(`${item}`);
  }
  assert.equal(sent().length, 1);
});

test("a_stream_fails_with_the_servers_error_with_the_connection_or_by_its_signal", async () => {
  await start();
  const abort = new AbortController();
  const drain = async (stream: AsyncIterable<unknown>): Promise<void> => {
    for await (const item of stream) {
      assert.fail(`${item}`);
    }
  };
  const failed = assert.rejects(drain(connection.stream("a")), { message: "no", code: "hub" });
  const aborted = assert.rejects(drain(connection.with({ signal: abort.signal }).stream("b")), { code: "aborted" });
  const lost = assert.rejects(drain(connection.stream("c")), LOST);
  server.socket.receive({ type: 3, invocationId: "0", error: "no" });
  abort.abort();
  assert.deepEqual(sent().at(-1), { type: 5, invocationId: "1" });
  server.socket.end();
  await Promise.all([failed, aborted, lost]);
  await assert.rejects(drain(connection.stream("d")), { code: "state" });
});

test("streams_among_the_arguments_are_uploaded_with_ids_before_the_calls_own", async () => {
  await start();
  const [first, second] = [new Subject<number>(), new Subject<string>()];
  const result = connection.invoke("Zip", 1, first, second, "two");
  first.next(10);
  second.next("a");
  first.complete();
  second.error(new Error("broken"));
  await settle();
  assert.deepEqual(sent(), [
    { type: 1, invocationId: "2", target: "Zip", arguments: [1, "two"], streamIds: ["0", "1"] },
    { type: 2, invocationId: "0", item: 10 },
    { type: 2, invocationId: "1", item: "a" },
    { type: 3, invocationId: "0" },
    { type: 3, invocationId: "1", error: "broken" },
  ]);
  server.socket.receive({ type: 3, invocationId: "2", result: "done" });
  assert.equal(await result, "done");
});

test("a_generator_is_uploaded_and_stops_when_the_call_ends", async () => {
  await start();
  let isReturned = false;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let number = 0; ; number++) {
        yield number;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    } finally {
      isReturned = true;
    }
  }
  const result = connection.invoke("Sum", endless());
  await settle();
  mock.timers.tick(10);
  await settle();
  server.socket.receive({ type: 3, invocationId: "1", result: 1 });
  assert.equal(await result, 1);
  mock.timers.tick(10);
  await settle();
  assert.deepEqual(sent().slice(1), [
    { type: 2, invocationId: "0", item: 0 },
    { type: 2, invocationId: "0", item: 1 },
  ]);
  assert.equal(isReturned, true);
});

test("the_uploads_of_a_send_go_on_after_it_and_a_signal_ends_them", async () => {
  await start();
  const abort = new AbortController();
  const subject = new Subject<number>();
  await connection.with({ signal: abort.signal }).send("Log", subject);
  subject.next(1);
  abort.abort();
  subject.next(2);
  await settle();
  assert.deepEqual(sent().slice(1), [{ type: 2, invocationId: "0", item: 1 }]);
});

test("calls_wait_for_the_connection_up_to_a_limit", async () => {
  await start({ retry: [100], waitingCalls: 2 });
  server.socket.end();
  const first = connection.invoke("a");
  const second = connection.send("b");
  await assert.rejects(connection.invoke("c"), { code: "limit", message: "Too many calls are waiting." });
  mock.timers.tick(100);
  await settle();
  await second;
  assert.deepEqual(sent(), [
    { type: 1, invocationId: "0", target: "a", arguments: [] },
    { type: 1, target: "b", arguments: [] },
  ]);
  server.socket.receive({ type: 3, invocationId: "0", result: 5 });
  assert.equal(await first, 5);
});

test("what_onreconnected_calls_goes_before_what_has_waited", async () => {
  await start({ retry: [0], waitingCalls: 1 });
  connection.onreconnected(() => void connection.send("JoinGroup"));
  server.socket.end();
  void connection.send("Say");
  mock.timers.tick(0);
  await settle();
  assert.deepEqual(sent().map((message) => (message as { target: string }).target), ["JoinGroup", "Say"]);
});

test("a_call_that_waits_can_be_given_up_and_makes_room", async () => {
  await start({ retry: [1000], waitingCalls: 1 });
  server.socket.end();
  await settle();
  const limited = assert.rejects(connection.with({ timeout: 10 }).invoke("a"), { code: "timeout" });
  mock.timers.tick(10);
  await limited;
  void connection.send("b");
  mock.timers.tick(990);
  await settle();
  assert.deepEqual(sent(), [{ type: 1, target: "b", arguments: [] }]);
});

test("calls_that_wait_fail_when_the_connection_is_given_up", async () => {
  await start({ retry: [100], waitingCalls: 1 });
  server.socket.end();
  server.answers.push(() => new Response("later", { status: 503 }));
  const waiting = assert.rejects(connection.invoke("a"), { message: CLOSED });
  mock.timers.tick(100);
  await settle();
  await waiting;
});

test("a_start_is_tried_again_when_asked", async () => {
  const down = (): Response => new Response("later", { status: 503 });
  server.answers.push(down, down);
  const started = start({ retry: [10, 20, 30], retryStart: true });
  for (const delay of [10, 20]) {
    await settle();
    mock.timers.tick(delay);
  }
  await started;
  assert.equal(server.requests.length, 3);
  assert.equal(connection.state, "Connected");
});

test("a_start_that_is_given_up_rejects_with_the_last_error_and_calls_no_onclose", async () => {
  server.answers.push(
    () => new Response("first", { status: 503 }),
    () => new Response("second", { status: 503 }),
  );
  const started = assert.rejects(start({ retry: [10], retryStart: true }), /second: Status code '503'/);
  const closes: unknown[] = [];
  connection.onclose((error) => closes.push(error));
  await settle();
  mock.timers.tick(10);
  await started;
  assert.deepEqual([connection.state, closes], ["Disconnected", []]);
});

test("stop_ends_a_start_that_waits_for_its_next_attempt", async () => {
  server.answers.push(() => new Response("no", { status: 503 }));
  const started = assert.rejects(start({ retryStart: true }), AbortError);
  await settle();
  await connection.stop();
  await started;
  mock.timers.tick(100_000);
  await settle();
  assert.equal(server.requests.length, 1);
});

test("hold_lasts_from_start_until_it_is_disconnected", async () => {
  const events: string[] = [];
  const hold = (): (() => void) => {
    events.push("held");
    return () => events.push(`let go ${connection.state}`);
  };
  await start({ retry: [0, 0] }, { hold });
  server.socket.end();
  mock.timers.tick(0);
  await settle();
  assert.deepEqual(events, ["held"]);
  await connection.stop();
  assert.deepEqual(events, ["held", "let go Disconnected"]);
});
