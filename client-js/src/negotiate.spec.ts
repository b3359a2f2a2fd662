/*
 * What each answer to negotiate leads to.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { AbortError, HttpError, HubcastError } from "./errors.js";
import type { Http } from "./http.js";
import { connectionUrl, negotiate, type NegotiateSettings, type Negotiated } from "./negotiate.js";
import { send } from "./send.js";
import { accepting, FakeServer, json, restore, silence } from "./testing/fake-server.js";
import { Recorder } from "./testing/recorder.js";

let server: FakeServer;
let logger: Recorder;
let abort: AbortController;
let http: Http;
let token: () => string | Promise<string>;

beforeEach(() => {
  server = new FakeServer();
  logger = new Recorder();
  abort = new AbortController();
  token = () => "";
});
afterEach(restore);

const ask = (url = "http://h/chat", more: Partial<NegotiateSettings> = {}): Promise<Negotiated> => {
  http = {
    options: {},
    tokenFactory: () => token(),
    post: async (url, abortSignal) => `${(await send(http, "POST", url, { abortSignal })).content}`,
  };
  return negotiate(url, { http, statefulReconnect: false, schema: undefined, signal: abort.signal, logger, ...more });
};

test("version_1_is_asked_for_and_gives_a_public_id_and_a_secret_token", async () => {
  const { connectionId, connectionToken, availableTransports, url } = await ask("http://h/chat?room=1");
  assert.deepEqual(
    server.requests.map((request) => request.url),
    ["http://h/chat/negotiate?room=1&negotiateVersion=1"],
  );
  assert.deepEqual(
    { connectionId, connectionToken, url },
    { connectionId: "public-id", connectionToken: "secret/token", url: "http://h/chat?room=1" },
  );
  assert.deepEqual(availableTransports, accepting.availableTransports);
});

test("a_transport_connects_with_the_token_which_is_the_id_with_servers_of_version_0", async () => {
  assert.equal(connectionUrl(await ask()), "http://h/chat?id=secret%2Ftoken");
  server.answers.push(() => json({ connectionId: "only", availableTransports: [] }));
  assert.equal(connectionUrl(await ask("http://h/chat?room=1")), "http://h/chat?room=1&id=only");
  assert.equal(connectionUrl({ url: "http://h/chat" }), "http://h/chat");
});

test("the_token_is_sent_as_bearer_and_an_empty_one_is_not", async () => {
  token = async () => "T";
  await ask();
  token = () => "";
  await ask();
  assert.deepEqual(
    server.requests.map(({ headers }) => headers["Authorization"]),
    ["Bearer T", undefined],
  );
});

test("a_redirect_is_followed_with_its_own_token", async () => {
  token = () => "mine";
  server.answers.push(() => json({ url: "http://other/hub?a=b", accessToken: "theirs" }));
  const negotiated = await ask();
  assert.deepEqual(
    server.requests.map(({ url, headers }) => [url, headers["Authorization"]]),
    [
      ["http://h/chat/negotiate?negotiateVersion=1", "Bearer mine"],
      ["http://other/hub/negotiate?a=b&negotiateVersion=1", "Bearer theirs"],
    ],
  );
  assert.deepEqual([negotiated.url, http.token], ["http://other/hub?a=b", "theirs"]);
});

test("redirects_end_after_100_requests", async () => {
  server.answers.push(...Array.from({ length: 100 }, () => () => json({ url: "http://h/next" })));
  await assert.rejects(ask(), { message: "Negotiate redirection limit exceeded." });
  assert.equal(server.requests.length, 100);
});

test("a_refusal_gives_the_servers_text_alone", async () => {
  server.answers.push(() => json({ error: "go away" }));
  await assert.rejects(ask(), { message: "go away" });
});

test("a_bad_status_says_what_the_server_said", async () => {
  server.answers.push(() => new Response("no", { status: 500 }));
  await assert.rejects(ask(), (error) => {
    assert(error instanceof HubcastError && error.cause instanceof HttpError);
    assert.deepEqual([error.code, Reflect.get(error, "errorType")], ["negotiation", "FailedToNegotiateWithServerError"]);
    assert.equal(error.message, "Failed to complete negotiation with the server: Error: no: Status code '500'");
    return true;
  });
  assert.deepEqual(logger.lines, [
    "Error: Failed to complete negotiation with the server: Error: no: Status code '500'",
  ]);
});

test("a_404_comes_with_a_hint", async () => {
  server.answers.push(() => new Response("no", { status: 404 }));
  await assert.rejects(ask(), {
    message:
      "Failed to complete negotiation with the server: Error: no: Status code '404' Either this is not a SignalR endpoint or there is a proxy blocking the connection.",
  });
});

test("an_answer_that_is_no_object_is_refused", async () => {
  server.answers.push(
    () => json(null),
    () => new Response("<html>"),
  );
  await assert.rejects(ask(), TypeError);
  await assert.rejects(ask(), /^Error: Failed to complete negotiation with the server: SyntaxError: /);
});

test("the_lifetime_of_the_token_is_what_the_server_says_that_checked_it", async () => {
  server.answers.push(() => json({ url: "http://other", accessToken: "theirs", tokenLifetimeSeconds: 600 }));
  assert.equal((await ask()).tokenLifetimeSeconds, 600);
  server.answers.push(() => json({ ...accepting, tokenLifetimeSeconds: 60 }));
  assert.equal((await ask()).tokenLifetimeSeconds, 60);
});

test("a_contract_is_compared_with_the_servers", async () => {
  const [ours, theirs] = ["00000000000000aa", "00000000000000bb"];
  server.answers.push(
    () => json({ ...accepting, hubSchema: theirs }),
    () => json({ ...accepting, hubSchema: ours }),
    () => json(accepting),
  );
  await ask("http://h/chat", { schema: ours });
  assert.equal(server.requests[0]?.url, `http://h/chat/negotiate?negotiateVersion=1&hubSchema=${ours}`);
  const warning = `Warning: The hub's contract (${theirs}) is not the one that this client was built with (${ours}). Refresh the generated file.`;
  assert.deepEqual(logger.lines, [warning]);
  await ask("http://h/chat", { schema: ours });
  await ask("http://h/chat", { schema: ours });
  assert.deepEqual(logger.lines, [warning]);
});

test("a_token_factory_that_fails_fails_the_negotiation", async () => {
  token = async () => {
    throw new Error("no token");
  };
  await assert.rejects(ask(), { message: "Failed to complete negotiation with the server: Error: no token" });
  assert.equal(server.requests.length, 0);
});

test("an_abort_is_an_abort_error", async () => {
  server.answers.push(silence);
  const negotiated = ask();
  abort.abort();
  await assert.rejects(
    negotiated,
    (error) => error instanceof AbortError && error.message === "The connection was stopped during negotiation.",
  );
});
