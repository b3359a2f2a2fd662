/*
 * The handshake against the texts of .NET (tests/vectors).
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { handshakeRequest, readHandshakeResponse } from "./handshake.js";
import { JsonHubProtocol } from "./json-protocol.js";

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

test("what_is_no_answer_is_refused", () => {
  const refused = (frame: string | ArrayBuffer, why: string): void =>
    assert.throws(() => readHandshakeResponse(frame), { message: `Error parsing handshake response: ${why}` });
  refused("{}", "Error: Message is incomplete.");
  refused('{"type":1}\x1e', "Error: Expected a handshake response from the server.");
  refused("null\x1e", "Error: Expected a handshake response from the server.");
  refused("", "SyntaxError: Unexpected end of JSON input");
  refused(new ArrayBuffer(2), "Error: Invalid input for JSON hub protocol. Expected a string.");
});
