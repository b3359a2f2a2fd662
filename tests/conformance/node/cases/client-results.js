// What the server asks of a client: answers, late answers, errors, and nobody there to answer.

import { numbered, refusal, same } from "./expectations.js";

const FAILED = "An unexpected error occurred invoking 'AskCaller' on the server.";

export const clientResults = [
  { name: "a client's answer", run: (bench) => answers(bench, (question) => `${question}!`, "why ✓!") },
  { name: "a client's answer that takes a while", run: (bench) => answers(bench, async (question) => `${await question}!`, "why ✓!") },
  { name: "a client's answer of null", run: (bench) => answers(bench, () => null, null) },
  { name: "a client's error reaches who asked", run: clientThrows },
  { name: "a client's later error reaches who asked", run: clientRejects },
  { name: "a client that has no handler", run: nobodyAnswers },
  { name: "a client whose handler answers nothing", run: answersNothing },
  { name: "a client that answers twice", run: answersTwice },
  { name: "a client's answer of a wrong type", run: wrongType },
  { name: "20 questions, each with its own answer", run: manyQuestions },
  { name: "each caller is asked themselves", run: eachCaller },
];

async function answers(bench, answer, expected) {
  const connection = await asked(bench, answer);
  same(await connection.invoke("AskCaller", "why ✓"), expected);
}

async function clientThrows(bench) {
  const connection = await asked(bench, () => {
    throw new Error("not today ✓");
  });
  same(await refusal(connection.invoke("AskCaller", "why")), `${FAILED} HubException: Error: not today ✓`);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function clientRejects(bench) {
  const connection = await asked(bench, () => Promise.reject(new Error("not today")));
  same(await refusal(connection.invoke("AskCaller", "why")), `${FAILED} HubException: Error: not today`);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function nobodyAnswers(bench) {
  const connection = await bench.connect();
  same(await refusal(connection.invoke("AskCaller", "why")), `${FAILED} HubException: Client didn't provide a result.`);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function answersNothing(bench) {
  const connection = await asked(bench, () => undefined);
  same(await refusal(connection.invoke("AskCaller", "why")), `${FAILED} HubException: Client didn't provide a result.`);
}

async function answersTwice(bench) {
  const connection = await asked(bench, () => "one");
  connection.on("answer", () => "two");
  same(await refusal(connection.invoke("AskCaller", "why")), `${FAILED} HubException: Client provided multiple results.`);
}

async function wrongType(bench) {
  const connection = await asked(bench, () => 5);
  const why = await refusal(connection.invoke("AskCaller", "why"));
  const fixedPart = `${FAILED} HubException: Error trying to deserialize result to `;
  same(why.slice(0, fixedPart.length), fixedPart);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function manyQuestions(bench) {
  const connection = await asked(bench, (question) => `${question}!`);
  const questions = numbered(20);
  const given = await Promise.all(questions.map((question) => connection.invoke("AskCaller", question)));
  same(given, questions.map((question) => `${question}!`));
}

async function eachCaller(bench) {
  const ann = await asked(bench, () => "ann");
  const bob = await asked(bench, () => "bob");
  same(await ann.invoke("AskCaller", "who"), "ann");
  same(await bob.invoke("AskCaller", "who"), "bob");
}

/** A started connection with a handler for the server's question. */
async function asked(bench, answer) {
  const connection = bench.build();
  connection.on("answer", answer);
  await connection.start();
  return connection;
}
