/*
 * What is read from a Set-Cookie header, and what is refused.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readSetCookie, type Cookie } from "./set-cookie.js";

const NOW = Date.UTC(2026, 0, 1);

const read = (line: string, from = "https://a.example.com/hubs/chat/negotiate"): Cookie | undefined =>
  readSetCookie(line, new URL(from), NOW);

test("without_attributes_it_is_for_the_host_and_the_folder_of_the_request", () => {
  assert.deepEqual(read(" node = a=b ; HttpOnly; SameSite=Lax"), {
    name: "node",
    value: "a=b",
    domain: "a.example.com",
    hostOnly: true,
    path: "/hubs/chat",
    secure: false,
    expires: Infinity,
  });
  assert.equal(read("a=1", "https://h/negotiate")?.path, "/");
  assert.equal(read("a=")?.value, "");
});

test("attributes_are_in_any_case_and_the_last_one_holds", () => {
  const cookie = read("a=1; PATH=/x; path=/; DOMAIN=.Example.COM; secure");
  assert.deepEqual(
    [cookie?.path, cookie?.domain, cookie?.hostOnly, cookie?.secure],
    ["/", "example.com", false, true],
  );
  assert.equal(read("a=1; Path=x; Domain=")?.path, "/hubs/chat");
});

test("a_domain_that_the_host_is_not_part_of_is_refused", () => {
  assert.equal(read("a=1; Domain=b.example.com"), undefined);
  assert.equal(read("a=1; Domain=ample.com"), undefined);
  assert.equal(read("a=1; Domain=com"), undefined);
  assert.equal(read("a=1; Domain=0.0.1", "https://127.0.0.1/"), undefined);
});

test("a_host_may_name_itself", () => {
  assert.equal(read("a=1; Domain=a.example.com")?.hostOnly, false);
  assert.equal(read("a=1; Domain=localhost", "https://localhost/")?.domain, "localhost");
  assert.equal(read("a=1; Domain=127.0.0.1", "https://127.0.0.1/")?.hostOnly, true);
});

test("max_age_comes_before_expires_and_nonsense_says_nothing", () => {
  const date = "Fri, 02 Jan 2026 00:00:00 GMT";
  assert.equal(read(`a=1; Expires=${date}`)?.expires, NOW + 86_400_000);
  assert.equal(read(`a=1; Max-Age=60; Expires=${date}`)?.expires, NOW + 60_000);
  assert.equal(read(`a=1; Max-Age=soon; Expires=${date}`)?.expires, NOW + 86_400_000);
  assert.equal(read("a=1; Max-Age=-1")?.expires, NOW - 1000);
  assert.equal(read("a=1; Expires=soon")?.expires, Infinity);
});

test("what_is_no_cookie_or_too_large_is_refused", () => {
  assert.equal(read("a"), undefined);
  assert.equal(read("=1"), undefined);
  assert.equal(read("a=1\n2"), undefined);
  assert.equal(read(`a=${"x".repeat(4095)}`)?.value.length, 4095);
  assert.equal(read(`a=${"x".repeat(4096)}`), undefined);
  assert.equal(read(`a=1; Path=/${"x".repeat(1024)}`), undefined);
});

test("a_secure_cookie_does_not_come_in_the_clear", () => {
  assert.equal(read("a=1; Secure", "http://h/"), undefined);
  assert.equal(read("a=1; Secure", "https://h/")?.secure, true);
});
