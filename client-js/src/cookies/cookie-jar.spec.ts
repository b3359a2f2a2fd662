/*
 * Which cookies go where, and for how long.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { restore, stopClock } from "../testing/fake-server.js";
import { CookieJar } from "./cookie-jar.js";

let jar: CookieJar;

beforeEach(() => {
  jar = new CookieJar();
});
afterEach(restore);

const keep = (...lines: string[]): void => jar.keep("https://a.example.com/hubs/chat/negotiate?x=/y", lines);

test("longer_paths_come_first_and_then_older_cookies", () => {
  keep("a=1; Path=/", "b=2", "c=3; Path=/hubs", "d=4; Path=/");
  assert.equal(jar.header("https://a.example.com/hubs/chat?id=1"), "b=2; c=3; a=1; d=4");
});

test("a_cookie_stays_under_its_path", () => {
  keep("a=1; Path=/hubs/chat", "b=2; Path=/hubs/");
  assert.equal(jar.header("https://a.example.com/hubs/chat/x"), "a=1; b=2");
  assert.equal(jar.header("https://a.example.com/hubs/chatter"), "b=2");
  assert.equal(jar.header("https://a.example.com/"), "");
});

test("a_cookie_stays_with_its_host_or_domain", () => {
  keep("a=1; Path=/", "b=2; Path=/; Domain=example.com");
  assert.equal(jar.header("https://a.example.com:8443/"), "a=1; b=2");
  assert.equal(jar.header("https://example.com/"), "b=2");
  assert.equal(jar.header("https://x.a.example.com/"), "b=2");
  assert.equal(jar.header("https://badexample.com/"), "");
});

test("a_secure_cookie_does_not_go_in_the_clear", () => {
  keep("a=1; Path=/; Secure", "b=2; Path=/");
  assert.equal(jar.header("http://a.example.com/"), "b=2");
  assert.equal(jar.header("https://a.example.com/"), "a=1; b=2");
});

test("a_cookie_of_the_same_name_domain_and_path_is_replaced_at_its_place", () => {
  keep("a=1; Path=/", "b=2; Path=/");
  keep("a=3; Path=/", "b=4; Path=/; Domain=example.com");
  assert.equal(jar.header("https://a.example.com/"), "a=3; b=2; b=4");
});

test("a_cookie_ends_when_its_time_is_over_or_a_server_says_so", () => {
  stopClock();
  keep("a=1; Path=/; Max-Age=1", "b=2; Path=/");
  mock.timers.tick(999);
  assert.equal(jar.header("https://a.example.com/"), "a=1; b=2");
  mock.timers.tick(1);
  assert.equal(jar.header("https://a.example.com/"), "b=2");
  keep("b=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
  assert.equal(jar.header("https://a.example.com/"), "");
});

test("fifty_cookies_are_kept_and_the_oldest_goes", () => {
  keep(...Array.from({ length: 51 }, (_, index) => `c${index}=${index}`));
  const kept = jar.header("https://a.example.com/hubs/chat").split("; ");
  assert.deepEqual([kept.length, kept[0], kept[49]], [50, "c1=1", "c50=50"]);
});
