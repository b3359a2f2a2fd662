/*
 * What each answer to negotiate leads to.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { AbortError, FailedToNegotiateWithServerError, HttpError } from "./errors.js";
import type { Http } from "./http.js";
import { negotiate, type NegotiateSettings, type Negotiated } from "./negotiate.js";
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
  http = { options: { accessTokenFactory: () => token() } };
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

test("a_server_of_version_0_has_one_id_for_both", async () => {
  server.answers.push(() => json({ connectionId: "only", availableTransports: [] }));
  const { connectionId, connectionToken } = await ask();
  assert.deepEqual([connectionId, connectionToken], ["only", "only"]);
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

test("the_old_aspnet_signalr_is_recognised", async () => {
  server.answers.push(() => json({ ProtocolVersion: "1.5" }));
  await assert.rejects(ask(), /^Error: Detected a connection attempt to an ASP\.NET SignalR Server\./);
});

test("a_bad_status_says_what_the_server_said", async () => {
  server.answers.push(() => new Response("no", { status: 500 }));
  await assert.rejects(ask(), (error) => {
    assert(error instanceof FailedToNegotiateWithServerError);
    assert(error.cause instanceof HttpError);
    assert.equal(error.errorType, "FailedToNegotiateWithServerError");
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
  await assert.rejects(ask(), /^Error: Failed to complete negotiation with the server: TypeError: /);
  await assert.rejects(ask(), /^Error: Failed to complete negotiation with the server: SyntaxError: /);
});

test("a_server_that_keeps_connections_unasked_is_refused", async () => {
  server.answers.push(() => json({ ...accepting, useStatefulReconnect: true }));
  await assert.rejects(ask(), {
    message:
      "Failed to complete negotiation with the server: Error: Client didn't negotiate Stateful Reconnect but the server did.",
  });
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
