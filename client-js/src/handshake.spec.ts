/*
 * The handshake against the texts of .NET (tests/vectors).
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { HubcastError } from "./errors.js";
import { handshakeRequest, readHandshakeResponse } from "./handshake.js";

const { handshake } = JSON.parse(readFileSync("../tests/vectors/hub-messages.json", "utf8")) as {
  handshake: { request: string; accepted: string; refused: string };
};

test("the_request_is_what_dotnet_sends", () => {
  assert.equal(handshakeRequest("json", 1), handshake.request);
});

test("messages_after_the_answer_are_kept", () => {
  assert.equal(readHandshakeResponse(`${handshake.accepted}{"type":6}\x1e{"type":7}\x1e`), '{"type":6}\x1e{"type":7}\x1e');
  assert.equal(readHandshakeResponse(handshake.accepted), "");
});

test("a_refusal_gives_the_servers_text", () => {
  assert.throws(() => readHandshakeResponse(handshake.refused), {
    message: "Server returned handshake error: The protocol 'x' is not supported.",
  });
});

test("bytes_after_the_answer_are_kept", () => {
  const frame = new Uint8Array([...new TextEncoder().encode(handshake.accepted), 2, 0x91, 6]);
  assert.deepEqual(new Uint8Array(readHandshakeResponse(frame.buffer) as ArrayBuffer), new Uint8Array([2, 0x91, 6]));
});

test("what_is_no_answer_is_refused", () => {
  const refused = (frame: string | ArrayBuffer, why: string): void =>
    assert.throws(
      () => readHandshakeResponse(frame),
      (error) =>
        error instanceof HubcastError &&
        error.code === "handshake" &&
        error.message === `Error parsing handshake response: ${why}`,
    );
  refused("{}", "Error: Message is incomplete.");
  refused("", "Error: Message is incomplete.");
  refused(new ArrayBuffer(2), "Error: Message is incomplete.");
  refused('{"type":1}\x1e', "Error: Expected a handshake response from the server.");
  refused("\x1e", "SyntaxError: Unexpected end of JSON input");
});
