/*
 * Addresses, with and without a page around.
 */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { absoluteUrl, withoutQuery, withQuery, withSegment } from "./url.js";

afterEach(() => {
  Reflect.deleteProperty(globalThis, "location");
});

test("a_relative_address_is_resolved_against_the_page_or_worker", () => {
  Object.assign(globalThis, { location: { href: "https://example.org/app/page?x=1" } });
  assert.equal(absoluteUrl("/chat"), "https://example.org/chat");
  assert.equal(absoluteUrl("chat"), "https://example.org/app/chat");
});

test("an_absolute_address_stays_as_it_is_written", () => {
  assert.equal(absoluteUrl("HTTP://example.org"), "HTTP://example.org");
});

test("what_follows_a_hash_is_dropped", () => {
  assert.equal(absoluteUrl("http://example.org/chat?a=1#top"), "http://example.org/chat?a=1");
});

test("a_relative_address_without_a_page_is_refused", () => {
  assert.throws(() => absoluteUrl("/chat"), { message: "Cannot resolve '/chat'." });
});

test("a_query_parameter_leaves_the_others_alone", () => {
  assert.equal(withQuery("http://h/chat", "id=1"), "http://h/chat?id=1");
  assert.equal(withQuery("http://h/chat?x=%20+y", "id=1"), "http://h/chat?x=%20+y&id=1");
});

test("a_segment_goes_before_the_query", () => {
  assert.equal(withSegment("http://h/chat?x=1", "negotiate"), "http://h/chat/negotiate?x=1");
  assert.equal(withSegment("http://h/chat/", "negotiate"), "http://h/chat/negotiate");
  assert.equal(withSegment("http://h", "negotiate"), "http://h/negotiate");
});

test("an_address_is_logged_without_its_query", () => {
  assert.equal(withoutQuery("http://h/chat?id=secret"), "http://h/chat");
});
