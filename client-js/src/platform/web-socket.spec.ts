/*
 * Headers and tokens in Node and in a browser.
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { IHttpConnectionOptions } from "../options.js";
import { FakeServer, restore } from "../testing/fake-server.js";
import { createWebSocket } from "./web-socket.js";

let server: FakeServer;
const { process: node } = globalThis;
const globalSocket = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");

beforeEach(() => {
  server = new FakeServer();
  server.automatic = false;
});
afterEach(() => {
  restore();
  globalThis.process = node;
  Object.defineProperty(globalThis, "WebSocket", globalSocket ?? { value: undefined, configurable: true });
});

test("node_gives_a_class_of_its_own_headers_as_third_argument", () => {
  create("ws://h/chat", "T", { headers: { "X-A": "1" }, WebSocket: server.WebSocket });
  assert.equal(server.socket.url, "ws://h/chat");
  assert.deepEqual(server.socket.args, [undefined, { headers: { "X-A": "1", Authorization: "Bearer T" } }]);
});

test("node_gives_the_global_class_headers_as_second_argument", () => {
  setGlobalWebSocket(server.WebSocket);
  create("ws://h/chat", undefined, { headers: { "X-A": "1" } });
  assert.deepEqual(server.socket.args, [{ headers: { "X-A": "1" } }, undefined]);
});

test("a_browser_sends_the_token_in_the_query", () => {
  setGlobalWebSocket(server.WebSocket);
  inBrowser(() => create("ws://h/chat?id=1", "a+b", { headers: { "X-A": "1" } }));
  assert.equal(server.socket.url, "ws://h/chat?id=1&access_token=a%2Bb");
  assert.deepEqual(server.socket.args, [undefined, undefined]);
});

test("a_browser_without_a_token_adds_nothing", () => {
  inBrowser(() => create("ws://h/chat?id=1", undefined, { WebSocket: server.WebSocket }));
  assert.equal(server.socket.url, "ws://h/chat?id=1");
});

function create(url: string, token: string | undefined, options: IHttpConnectionOptions): void {
  createWebSocket(url, { options, token });
}

function setGlobalWebSocket(value: unknown): void {
  Object.defineProperty(globalThis, "WebSocket", { value, configurable: true, writable: true });
}

function inBrowser(action: () => void): void {
  Reflect.set(globalThis, "process", undefined);
  action();
}
