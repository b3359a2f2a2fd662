// Streams from the server: whole, cancelled, beside other calls, and refused.

import { Wire } from "../arrivals.js";
import { collected, countingTo, refusal, same } from "./expectations.js";

const ENDLESS = 2_000_000_000;

export const streams = [
  { name: "a stream gives every item and ends", run: (bench) => streamsWhole(bench, 5) },
  { name: "a stream without items ends", run: (bench) => streamsWhole(bench, 0) },
  { name: "a stream of 10,000 items is whole and in order", run: (bench) => streamsWhole(bench, 10_000) },
  { name: "a disposed stream ends on the server, the connection stays", run: disposed },
  { name: "other calls pass a stream that runs", run: callsPass },
  { name: "ten streams at once are whole, each in order", run: tenStreams },
  { name: "of two streams the one that is not disposed goes on", run: oneOfTwo },
  { name: "a stream ends with an error when its connection stops", run: stoppedConnection },
  { name: "invoke of a streaming method is refused", run: invokedStream },
  { name: "stream of a plain method is refused", run: (bench) => refusesStream(bench, PLAIN_STREAMED, "Echo", "x") },
  { name: "stream of an unknown method", run: (bench) => refusesStream(bench, UNKNOWN, "Nothing") },
  { name: "stream with too few arguments", run: (bench) => refusesStream(bench, FAILED, "Counter") },
  { name: "stream with an argument of a wrong type", run: (bench) => refusesStream(bench, FAILED, "Counter", "many") },
];

const STREAM_INVOKED = "The client attempted to invoke the streaming 'Counter' method with a non-streaming invocation.";
const PLAIN_STREAMED = "The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation.";
const UNKNOWN = "Failed to invoke 'Nothing' due to an error on the server. HubException: Method does not exist.";
const FAILED = "Failed to invoke 'Counter' due to an error on the server.";

async function streamsWhole(bench, count) {
  const connection = await bench.connect();
  same(await collected(connection.stream("Counter", count)), countingTo(count));
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function disposed(bench) {
  const wire = new Wire();
  const connection = await bench.connect({ wire });
  const { items, subscription } = await running(connection, 100);
  subscription.dispose();
  const seen = items.length;
  const completion = await wire.completion("0");
  same(completion.error ?? null, null);
  same(await connection.invoke("Echo", "alive"), "alive");
  same(items, countingTo(seen));
}

async function callsPass(bench) {
  const { connection, inbox } = await bench.listen();
  const { subscription } = await running(connection, 1);
  same(await connection.invoke("Echo", "meanwhile"), "meanwhile");
  await connection.invoke("Broadcast", "also heard");
  same(await inbox.until("also heard"), ["also heard"]);
  subscription.dispose();
}

async function tenStreams(bench) {
  const connection = await bench.connect();
  const counts = Array.from({ length: 10 }, (_, i) => 100 * i);
  const results = await Promise.all(counts.map((count) => collected(connection.stream("Counter", count))));
  same(results, counts.map(countingTo));
}

async function oneOfTwo(bench) {
  const connection = await bench.connect();
  const { subscription } = await running(connection, 1);
  const whole = collected(connection.stream("Counter", 1000));
  subscription.dispose();
  same(await whole, countingTo(1000));
}

async function stoppedConnection(bench) {
  const connection = await bench.connect();
  const { ended } = await running(connection, 1);
  await connection.stop();
  same(await refusal(ended), "Invocation canceled due to the underlying connection being closed.");
}

async function invokedStream(bench) {
  const connection = await bench.connect();
  same(await refusal(connection.invoke("Counter", 3)), STREAM_INVOKED);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function refusesStream(bench, text, ...call) {
  const connection = await bench.connect();
  same(await refusal(collected(connection.stream(...call))), text);
  same(await connection.invoke("Echo", "alive"), "alive");
}

/** An endless stream once it has given `count` items. */
function running(connection, count) {
  return new Promise((resolve) => {
    const items = [];
    const ended = new Promise((complete, error) => {
      const subscription = connection.stream("Counter", ENDLESS).subscribe({
        next(item) {
          items.push(item);
          if (items.length === count) resolve({ items, subscription, ended });
        },
        complete,
        error,
      });
    });
    ended.catch(() => {});
  });
}
