// Calls of hub methods and their answers: what is passed, what is refused, and with which words.

import { numbered, refusal, same } from "./expectations.js";

const FAILED_TO_INVOKE_ECHO = "Failed to invoke 'Echo' due to an error on the server.";

export const calls = [
  { name: "invoke gives the answer", run: (bench) => echoes(bench, "hello") },
  { name: "an empty text", run: (bench) => echoes(bench, "") },
  { name: "a null argument", run: (bench) => echoes(bench, null) },
  { name: "text of all planes and of what JSON escapes", run: (bench) => echoes(bench, "naïve ✓ 😀 \u0000\u001e\u2028\u007f\"\\\r\n<a href='x'>&") },
  { name: "a text of 20 kB", run: (bench) => echoes(bench, "20 kB ✓ ".repeat(2000)) },
  { name: "texts of nearly 1 MiB", run: largeTexts },
  { name: "a message over the server's limit ends the connection", run: overLimit },
  { name: "a method name in other letters", run: otherLetters },
  { name: "send calls the method", run: sendCallsTheMethod },
  { name: "500 calls at once are answered in order", run: manyCalls },
  { name: "100 calls one after the other", run: callAfterCall },
  { name: "a hub error's text reaches the caller", run: hubError },
  { name: "a crash shows nothing of itself", run: crash },
  { name: "an unknown method", run: unknownMethod },
  { name: "too few arguments", run: (bench) => refuses(bench, FAILED_TO_INVOKE_ECHO, "Echo") },
  { name: "too many arguments", run: (bench) => refuses(bench, FAILED_TO_INVOKE_ECHO, "Echo", "a", "b") },
  { name: "an argument of a wrong type", run: (bench) => refuses(bench, FAILED_TO_INVOKE_ECHO, "Echo", 5) },
  { name: "send of what fails leaves the connection usable", run: sendOfWhatFails },
];

/** The limit is 1 MiB for a message with all that is around its text. */
async function largeTexts(bench) {
  const connection = await bench.connect();
  const texts = ["x", "✓", "😀"].map((letter) => letter.repeat(1_000_000 / new TextEncoder().encode(letter).length));
  same(await Promise.all(texts.map((text) => connection.invoke("Echo", text))), texts);
}

async function overLimit(bench) {
  const connection = await bench.connect();
  const other = await bench.connect();
  const closed = new Promise((resolve) => connection.onclose(resolve));
  const call = refusal(connection.invoke("Echo", "x".repeat(1_100_000)));
  const text = "Server returned an error on close: Connection closed with an error.";
  same((await closed)?.message, text);
  same(await call, text);
  same(await other.invoke("Echo", "alive"), "alive");
}

async function otherLetters(bench) {
  const connection = await bench.connect();
  same(await connection.invoke("eCHO", "x"), "x");
}

async function sendCallsTheMethod(bench) {
  const { connection, inbox } = await bench.listen();
  await connection.send("Broadcast", "sent");
  same(await inbox.until("sent"), ["sent"]);
}

async function manyCalls(bench) {
  const connection = await bench.connect();
  const sent = numbered(500);
  const answered = [];
  await Promise.all(sent.map(async (text) => answered.push(await connection.invoke("Echo", text))));
  same(answered, sent);
}

async function callAfterCall(bench) {
  const connection = await bench.connect();
  for (const text of numbered(100)) same(await connection.invoke("Echo", text), text);
}

function hubError(bench) {
  return refuses(bench, "An unexpected error occurred invoking 'Fail' on the server. HubException: no way ✓", "Fail", "no way ✓");
}

function crash(bench) {
  return refuses(bench, "An unexpected error occurred invoking 'Crash' on the server.", "Crash");
}

function unknownMethod(bench) {
  return refuses(bench, "Failed to invoke 'Nothing' due to an error on the server. HubException: Method does not exist.", "Nothing");
}

async function refuses(bench, text, ...call) {
  const connection = await bench.connect();
  same(await refusal(connection.invoke(...call)), text);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function sendOfWhatFails(bench) {
  const connection = await bench.connect();
  await connection.send("Fail", "unheard");
  await connection.send("Nothing");
  await connection.send("Echo");
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function echoes(bench, text) {
  const connection = await bench.connect();
  same(await connection.invoke("Echo", text), text);
}
