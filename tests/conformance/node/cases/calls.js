// Calls of hub methods and their answers: what is passed, what is refused, and with which words.

import { numbered, refusal, same } from "./expectations.js";

const FAILED_TO_INVOKE_ECHO = "Failed to invoke 'Echo' due to an error on the server.";

export const calls = [
  { name: "invoke gives the answer", run: (bench) => echoes(bench, "hello") },
  { name: "an empty text", run: (bench) => echoes(bench, "") },
  { name: "a null argument", run: (bench) => echoes(bench, null) },
  { name: "text of all planes and of what JSON escapes", run: (bench) => echoes(bench, "naïve ✓ 😀 \u0000\u001e\u2028\u007f\"\\\r\n<a href='x'>&") },
  { name: "a text of 20 kB", run: (bench) => echoes(bench, "20 kB ✓ ".repeat(2000)) },
  { name: "a method name in other letters", run: otherLetters },
  { name: "send calls the method", run: sendCallsTheMethod },
  { name: "500 calls at once are answered in order", run: manyCalls },
  { name: "a hub error's text reaches the caller", run: hubError },
  { name: "a crash shows nothing of itself", run: crash },
  { name: "an unknown method", run: unknownMethod },
  { name: "too few arguments", run: (bench) => refuses(bench, FAILED_TO_INVOKE_ECHO, "Echo") },
  { name: "too many arguments", run: (bench) => refuses(bench, FAILED_TO_INVOKE_ECHO, "Echo", "a", "b") },
  { name: "an argument of a wrong type", run: (bench) => refuses(bench, FAILED_TO_INVOKE_ECHO, "Echo", 5) },
  { name: "send of what fails leaves the connection usable", run: sendOfWhatFails },
];

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
