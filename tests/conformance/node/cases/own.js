// What our client has beyond the official one: iteration, signals, time limits, codes, and ways to come back.

import { Inbox, Wire } from "../arrivals.js";
import { countingTo, numbered, refusal, same } from "./expectations.js";

const needs = ["own"];
const restarting = ["own", "restart"];

export const own = [
  { name: "for await gives every item of a stream and ends", needs, run: iterates },
  { name: "leaving for await cancels the stream on the server", needs, run: leavesIteration },
  { name: "for await throws what ended the stream", needs, run: iterationFails },
  { name: "an async iterable is an upload", needs, run: iterableIsUpload },
  { name: "an aborted call rejects and leaves the connection usable", needs, run: abortedCall },
  { name: "a call whose signal is already aborted is not sent", needs, run: abortedBefore },
  { name: "an aborted stream ends here and on the server", needs, run: abortedStream },
  { name: "a call past its time limit rejects and leaves the connection usable", needs, run: lateCall },
  { name: "errors have a code", needs, run: codes },
  { name: "a call that the end of its connection cuts off has a code", needs, run: codeOfClosed },
  { name: "the first start is retried", needs: restarting, run: retriesStart },
  { name: "a stop ends the retries of the first start", needs: restarting, run: stopsRetries },
  { name: "reconnects with jittered delays, however long it takes", needs: restarting, run: reconnectsWithJitter },
  { name: "calls made while reconnecting wait, as many as may", needs: restarting, run: callsWait },
  { name: "a Web Lock is held until the connection is closed", needs: ["own", "locks"], run: holdsLock },
];

async function iterates(bench) {
  const connection = await bench.connect();
  const items = [];
  for await (const item of connection.stream("Counter", 2000)) items.push(item);
  same(items, countingTo(2000));
}

async function leavesIteration(bench) {
  const wire = new Wire();
  const connection = await bench.connect({ wire });
  const items = [];
  for await (const item of connection.stream("Counter", bench.endless)) {
    items.push(item);
    if (items.length === 100) break;
  }
  const completion = await wire.completion("0");
  same(completion.error ?? null, null);
  same(items, countingTo(100));
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function iterationFails(bench) {
  const connection = await bench.connect();
  const why = await refusal(firstOf(connection.stream("Nothing")));
  same(why, "Failed to invoke 'Nothing' due to an error on the server. HubException: Method does not exist.");
}

async function iterableIsUpload(bench) {
  const connection = await bench.connect();
  async function* numbers() {
    for (const number of countingTo(100)) yield number;
  }
  same(await connection.invoke("Upload", numbers()), 4950);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function abortedCall(bench) {
  const connection = await bench.connect();
  const aborter = new AbortController();
  const sum = connection.with({ signal: aborter.signal }).invoke("Upload", new bench.signalR.Subject());
  same(await connection.invoke("Echo", "on the way"), "on the way");
  aborter.abort(new Error("enough"));
  const error = await errorOf(sum);
  same([error.code, error instanceof bench.signalR.AbortError, error.cause?.message], ["aborted", true, "enough"]);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function abortedBefore(bench) {
  const wire = new Wire();
  const connection = await bench.connect({ wire });
  const call = connection.with({ signal: AbortSignal.abort() }).invoke("Echo", "unsent");
  same((await errorOf(call)).code, "aborted");
  same(await connection.invoke("Echo", "alive"), "alive");
  same(wire.sent.all.flatMap((message) => message.arguments ?? []), ["alive"]);
}

async function abortedStream(bench) {
  const wire = new Wire();
  const connection = await bench.connect({ wire });
  const aborter = new AbortController();
  const items = [];
  const whole = (async () => {
    for await (const item of connection.with({ signal: aborter.signal }).stream("Counter", bench.endless)) {
      items.push(item);
      if (items.length === 100) aborter.abort();
    }
  })();
  same((await errorOf(whole)).code, "aborted");
  const completion = await wire.completion("0");
  same(completion.error ?? null, null);
  same(items, countingTo(items.length));
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function lateCall(bench) {
  const connection = await bench.connect();
  const call = connection.with({ timeout: 20 }).invoke("Upload", new bench.signalR.Subject());
  const error = await errorOf(call);
  same([error.code, error instanceof bench.signalR.TimeoutError], ["timeout", true]);
  same(await connection.with({ timeout: 20_000 }).invoke("Echo", "alive"), "alive");
}

async function codes(bench) {
  const connection = bench.build();
  same((await errorOf(connection.invoke("Echo", "early"))).code, "state");
  await connection.start();
  same((await errorOf(connection.invoke("Fail", "no way"))).code, "hub");
  same((await errorOf(connection.invoke("Nothing"))).code, "hub");
  const lost = bench.build({ path: "/no-hub" });
  same((await errorOf(lost.start())).code, bench.negotiates ? "negotiation" : "transport");
}

async function codeOfClosed(bench) {
  const connection = await bench.connect();
  const call = connection.invoke("Upload", new bench.signalR.Subject());
  const closed = errorOf(call);
  await connection.stop();
  same((await closed).code, "closed");
}

async function retriesStart(bench) {
  await bench.server.stop("SIGKILL");
  const failed = [1, 2, 3].map(withResolvers);
  const retry = {
    nextRetryDelayInMilliseconds({ previousRetryCount }) {
      failed[previousRetryCount]?.resolve();
      return 20;
    },
  };
  const connection = bench.build({ reconnects: { retry, retryStart: true } });
  const start = connection.start();
  await failed[2].promise;
  same(connection.state, "Connecting");
  await bench.server.start();
  await start;
  same(connection.state, "Connected");
  same(await connection.invoke("Echo", "hello"), "hello");
}

async function stopsRetries(bench) {
  await bench.server.stop("SIGKILL");
  const failed = withResolvers();
  const retry = {
    nextRetryDelayInMilliseconds() {
      failed.resolve();
      return 1_000_000;
    },
  };
  const connection = bench.build({ reconnects: { retry, retryStart: true } });
  const start = errorOf(connection.start());
  await failed.promise;
  await connection.stop();
  same((await start).code, "aborted");
  same(connection.state, "Disconnected");
  await bench.server.start();
  await connection.start();
  same(await connection.invoke("Echo", "hello"), "hello");
}

async function reconnectsWithJitter(bench) {
  const connection = bench.build({ reconnects: { firstDelay: 10, longestDelay: 50 } });
  const reconnected = new Promise((resolve) => connection.onreconnected(resolve));
  const closed = [];
  connection.onclose((error) => closed.push(error?.message));
  await connection.start();
  await bench.server.restart("SIGKILL");
  await reconnected;
  same(await connection.invoke("Echo", "back"), "back");
  same(closed, []);
}

async function callsWait(bench) {
  const retry = { nextRetryDelayInMilliseconds: () => 20 };
  const connection = bench.build({ reconnects: { retry, waitingCalls: 5 } });
  const inbox = new Inbox(connection);
  const reconnecting = new Promise((resolve) => connection.onreconnecting(resolve));
  await connection.start();
  await bench.server.stop("SIGKILL");
  await reconnecting;
  const answers = numbered(4).map((text) => connection.invoke("Echo", text));
  const sent = connection.send("Broadcast", "after all");
  const refused = await errorOf(connection.invoke("Echo", "one too many"));
  same([refused.code, connection.state], ["limit", "Reconnecting"]);
  await bench.server.start();
  same(await Promise.all(answers), numbered(4));
  await sent;
  same(await inbox.until("after all"), ["after all"]);
}

/** What the work rejects with. */
function errorOf(work) {
  return work.then(
    (value) => Promise.reject(new Error(`no error, but ${JSON.stringify(value)}`)),
    (error) => error,
  );
}

async function firstOf(stream) {
  for await (const item of stream) return item;
}

function withResolvers() {
  const found = {};
  found.promise = new Promise((resolve, reject) => Object.assign(found, { resolve, reject }));
  return found;
}

async function holdsLock(bench) {
  const held = async () => {
    const { held } = await navigator.locks.query();
    return held.filter(({ name, mode }) => name === "of the case" && mode === "shared").length;
  };
  const connection = bench.build({ hold: bench.webLock("of the case") });
  same(await held(), 0);
  await connection.start();
  same(await held(), 1);
  same(await connection.invoke("Echo", "alive"), "alive");
  await connection.stop();
  // Given back at once; the browser takes it back a little later.
  await navigator.locks.request("of the case", async () => {});
  same(await held(), 0);
}
