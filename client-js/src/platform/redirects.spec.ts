/*
 * Redirects that are followed by hand: what each hop is sent, and which answers are no hops.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, test, type Mock } from "node:test";
import { DefaultHttpClient, HubConnectionBuilder, NullLogger, type HttpResponse } from "../index.js";
import { accepting, FakeServer, json, restore } from "../testing/fake-server.js";

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});
afterEach(restore);

/** The next answer is a redirect that sets a cookie. */
const redirect = (location: string, status = 307, cookie = "a=1"): void => {
  server.answers.push(() => new Response(null, { status, headers: { Location: location, "Set-Cookie": cookie } }));
};
const post = (headers: Record<string, string> = {}): Promise<HttpResponse> =>
  new DefaultHttpClient().post("http://h/from", { content: "body", headers });
const hops = (): unknown[] => server.requests.map(({ method, url }) => `${method} ${url}`);
const sent = (header: string): unknown[] => server.requests.map(({ headers }) => headers[header]);
/** What `fetch` was told about redirects. */
const modes = (): unknown[] => (fetch as Mock<typeof fetch>).mock.calls.map(({ arguments: [, init] }) => init?.redirect);

test("every_hop_sends_the_cookies_for_it_and_keeps_what_its_answer_sets", async () => {
  redirect("http://other/to", 307, "here=1; Path=/");
  redirect("http://h/back", 307, "there=2; Path=/");
  const client = new DefaultHttpClient();
  assert.equal((await client.post("http://h/from")).statusCode, 200);
  assert.deepEqual(hops(), ["POST http://h/from", "POST http://other/to", "POST http://h/back"]);
  assert.deepEqual(sent("Cookie"), [undefined, undefined, "here=1"]);
  assert.equal(client.getCookieString("http://other/"), "there=2");
});

test("a_location_is_relative_to_the_hop_before", async () => {
  redirect("/folder/one");
  redirect("two?a=b");
  await post();
  assert.deepEqual(hops(), ["POST http://h/from", "POST http://h/folder/one", "POST http://h/folder/two?a=b"]);
});

for (const status of [301, 302, 303]) {
  test(`a_${status}_makes_a_post_a_get_without_a_body`, async () => {
    redirect("/to", status);
    await post({ "content-type": "text/plain", "X-A": "1" });
    const { method, body, headers } = server.requests[1] ?? {};
    assert.deepEqual([method, body, headers?.["content-type"], headers?.["X-A"]], ["GET", null, undefined, "1"]);
  });
}

for (const status of [307, 308]) {
  test(`a_${status}_changes_nothing_but_the_address`, async () => {
    redirect("/to", status);
    await post({ "content-type": "text/plain" });
    const { method, body, headers } = server.requests[1] ?? {};
    assert.deepEqual([method, body, headers?.["content-type"]], ["POST", "body", "text/plain"]);
  });
}

test("a_delete_is_a_get_after_303_alone", async () => {
  redirect("/one", 302);
  redirect("/two", 303);
  await new DefaultHttpClient().delete("http://h/from");
  assert.deepEqual(hops(), ["DELETE http://h/from", "DELETE http://h/one", "GET http://h/two"]);
});

test("what_tells_who_the_user_is_does_not_go_to_another_origin_nor_comes_back", async () => {
  redirect("/same");
  redirect("http://h:8080/other");
  redirect("http://h/back");
  await post({ authorization: "Bearer T", cookie: "user=me" });
  assert.deepEqual(sent("authorization"), ["Bearer T", "Bearer T", undefined, undefined]);
  // Cookies of the jar go to all ports, those of the user's header do not.
  assert.deepEqual(sent("cookie"), ["user=me", "user=me; a=1", undefined, undefined]);
  assert.deepEqual(sent("Cookie"), [undefined, undefined, "a=1", "a=1"]);
});

test("twenty_are_followed_and_no_more", async () => {
  for (let count = 0; count < 20; count++) {
    redirect("/to");
  }
  assert.equal((await post()).statusCode, 200);
  for (let count = 0; count < 21; count++) {
    redirect("/to");
  }
  await assert.rejects(post(), new TypeError("More than 20 redirects."));
  assert.equal(server.requests.length, 21 + 21);
});

test("only_http_is_followed", async () => {
  for (const location of ["file:///etc/hosts", "data:text/plain,{}"]) {
    redirect(location);
    await assert.rejects(post(), { name: "TypeError", message: `A redirect to '${location}' is not followed.` });
  }
  assert.equal(server.requests.length, 2);
});

test("an_answer_without_a_location_is_the_answer", async () => {
  server.answers.push(() => new Response("choose", { status: 302 }));
  await assert.rejects(post(), { statusCode: 302 });
  assert.deepEqual(hops(), ["POST http://h/from"]);
});

test("a_fetch_that_hides_redirects_follows_them_itself", async () => {
  server.answers.push(() => ({ type: "opaqueredirect", status: 0, headers: new Headers() }) as Response);
  assert.equal((await post()).statusCode, 200);
  assert.deepEqual(modes(), ["manual", undefined]);
});

test("on_the_wire_a_negotiation_is_redirected_with_its_cookies", async () => {
  restore();
  const seen: unknown[] = [];
  const http = createServer(({ method, url, headers }, response) => {
    seen.push([method, url, headers.cookie]);
    if (url?.startsWith("/old")) {
      response.writeHead(307, { Location: url.replace("old", "new"), "Set-Cookie": "node=a; Path=/" }).end("moved");
    } else {
      response.end(JSON.stringify({ ...accepting, availableTransports: [] }));
    }
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const connection = new HubConnectionBuilder()
    .withUrl(`http://127.0.0.1:${(http.address() as AddressInfo).port}/old`)
    .configureLogging(NullLogger.instance)
    .build();
  try {
    await assert.rejects(connection.start(), /None of the transports/);
    assert.deepEqual(seen, [
      ["POST", "/old/negotiate?negotiateVersion=1", undefined],
      ["POST", "/new/negotiate?negotiateVersion=1", "node=a"],
    ]);
  } finally {
    http.closeAllConnections();
    http.close();
  }
});

test("without_credentials_fetch_follows_them", async () => {
  server.answers.push(() => json({}));
  await new DefaultHttpClient().get("http://h/", { withCredentials: false });
  assert.deepEqual(modes(), [undefined]);
});
