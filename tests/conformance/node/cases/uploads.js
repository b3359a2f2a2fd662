// Streams to the server: whole, empty, failed by the client, several at once, and beside a stream from the server.

import { collected, countingTo, refusal, same } from "./expectations.js";

export const uploads = [
  { name: "an upload without items", run: (bench) => uploadsAll(bench, 0) },
  { name: "an upload of one item", run: (bench) => uploadsAll(bench, 1) },
  { name: "an upload of 100 items", run: (bench) => uploadsAll(bench, 100) },
  { name: "an upload of 10,000 items", needs: ["bulk"], run: (bench) => uploadsAll(bench, 10_000) },
  { name: "an upload that the client fails, fails the call", run: failedByClient },
  { name: "an upload's item of a wrong type fails the call", run: wrongItem },
  { name: "an upload with more arguments than the method has", run: tooManyArguments },
  { name: "a call that lacks its upload", run: withoutUpload },
  { name: "two uploads at once are not mixed up", run: twoAtOnce },
  { name: "other calls pass an upload that waits for items", run: callsPass },
  { name: "an upload and a stream at once", run: bothWays },
];

async function uploadsAll(bench, count) {
  const connection = await bench.connect();
  same(await sumOf(bench, connection, countingTo(count)), (count * (count - 1)) / 2);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function failedByClient(bench) {
  const connection = await bench.connect();
  const { subject, sum } = begin(bench, connection);
  subject.next(1);
  subject.error(new Error("no more ✓"));
  same(await refusal(sum), "An unexpected error occurred invoking 'Upload' on the server. HubException: no more ✓");
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function wrongItem(bench) {
  const connection = await bench.connect();
  const { subject, sum } = begin(bench, connection);
  subject.next("not a number");
  const why = "HubException: Failed to bind Stream message.";
  same(await refusal(sum), `An unexpected error occurred invoking 'Upload' on the server. ${why}`);
  subject.next(2);
  subject.complete();
  // What a client still sends of the upload, it has sent before the second of two calls.
  same(await connection.invoke("Echo", "alive"), "alive");
  same(await connection.invoke("Echo", "still alive"), "still alive");
}

async function tooManyArguments(bench) {
  const connection = await bench.connect();
  const call = connection.invoke("Upload", new bench.signalR.Subject(), "one too many");
  same(await refusal(call), "Failed to invoke 'Upload' due to an error on the server.");
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function withoutUpload(bench) {
  const connection = await bench.connect();
  const why = "HubException: Client sent 0 stream(s), Hub method expects 1.";
  same(await refusal(connection.invoke("Upload")), `An unexpected error occurred invoking 'Upload' on the server. ${why}`);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function twoAtOnce(bench) {
  const connection = await bench.connect();
  const [ones, tens] = [begin(bench, connection), begin(bench, connection)];
  for (let i = 0; i < 100; i++) {
    ones.subject.next(1);
    tens.subject.next(10);
  }
  tens.subject.complete();
  same(await tens.sum, 1000);
  ones.subject.next(1);
  ones.subject.complete();
  same(await ones.sum, 101);
}

async function callsPass(bench) {
  const connection = await bench.connect();
  const { subject, sum } = begin(bench, connection);
  subject.next(1);
  same(await connection.invoke("Echo", "meanwhile"), "meanwhile");
  subject.next(2);
  subject.complete();
  same(await sum, 3);
}

async function bothWays(bench) {
  const connection = await bench.connect();
  const sum = sumOf(bench, connection, countingTo(100));
  const items = collected(connection.stream("Counter", 2000));
  same(await items, countingTo(2000));
  same(await sum, 4950);
}

function sumOf(bench, connection, numbers) {
  const { subject, sum } = begin(bench, connection);
  for (const number of numbers) subject.next(number);
  subject.complete();
  return sum;
}

/** An upload that waits for items. */
function begin(bench, connection) {
  const subject = new bench.signalR.Subject();
  return { subject, sum: connection.invoke("Upload", subject) };
}
