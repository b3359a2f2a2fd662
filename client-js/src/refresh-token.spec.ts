/*
 * New credentials, and which of them are used from then on.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { Http } from "./http.js";
import { refreshToken } from "./refresh-token.js";
import { FakeServer, json, restore } from "./testing/fake-server.js";

let server: FakeServer;
const tokenFactory = (): string => "new";
const http = (more: Partial<Http> = {}): Http => ({
  options: { accessTokenFactory: tokenFactory },
  tokenFactory,
  token: "old",
  post: async () => "",
  ...more,
});

beforeEach(() => {
  server = new FakeServer();
});
afterEach(restore);

test("the_new_token_is_posted_for_the_connection_and_used_from_then_on", async () => {
  server.answers.push(() => json({ tokenLifetimeSeconds: 600 }));
  const shared = http();
  assert.equal(await refreshToken(shared, "http://h/chat?room=1", "a/b"), 600);
  const { method, url, headers } = server.requests[0] ?? {};
  assert.deepEqual(
    [method, url, headers?.["Authorization"]],
    ["POST", "http://h/chat/refresh?room=1&id=a%2Fb", "Bearer new"],
  );
  assert.equal(shared.token, "new");
});

test("behind_a_redirect_only_a_token_of_the_servers_takes_the_place_of_its_own", async () => {
  const shared = http({ tokenFactory: () => "theirs", token: "theirs" });
  server.answers.push(() => json({}));
  assert.equal(await refreshToken(shared, "http://h/chat", "1"), undefined);
  assert.equal(shared.token, "theirs");
  server.answers.push(() => json({ accessToken: "theirs too" }));
  await refreshToken(shared, "http://h/chat", "1");
  assert.equal(shared.token, "theirs too");
});

test("a_refusal_rejects_and_the_token_stays", async () => {
  const shared = http();
  server.answers.push(() => json({ error: "permission_change_rejected" }, 403));
  await assert.rejects(refreshToken(shared, "http://h/chat", "1"), {
    message: `{"error":"permission_change_rejected"}: Status code '403'`,
  });
  server.answers.push(() => json({ error: "no" }));
  await assert.rejects(refreshToken(shared, "http://h/chat", "1"), { message: "no" });
  assert.equal(shared.token, "old");
});
