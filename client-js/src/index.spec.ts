/*
 * The package as a whole: it has the names of `@microsoft/signalr`, with the same values.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as official from "@microsoft/signalr";
import * as hubcast from "./index.js";
import type {
  AckMessage,
  CancelInvocationMessage,
  CloseMessage,
  CompletionMessage,
  HttpRequest,
  HubInvocationMessage,
  HubMessage,
  HubMessageBase,
  IHttpConnectionOptions,
  IHubProtocol,
  ILogger,
  InvocationMessage,
  IRetryPolicy,
  IStatefulReconnectOptions,
  IStreamResult,
  IStreamSubscriber,
  ISubscription,
  ITransport,
  MessageHeaders,
  PingMessage,
  RetryContext,
  SequenceMessage,
  StreamInvocationMessage,
  StreamItemMessage,
} from "./index.js";

/** What Node adds to a CommonJS module. */
const NOT_NAMES = ["default", "module.exports", "__esModule"];

test("every_name_of_the_official_package_is_there", () => {
  assert.deepEqual(
    Object.keys(official).filter((name) => !(name in hubcast || NOT_NAMES.includes(name))),
    [],
  );
});

test("enumerations_have_the_official_values", () => {
  for (const name of ["HttpTransportType", "HubConnectionState", "LogLevel", "MessageType", "TransferFormat"] as const) {
    assert.deepEqual(hubcast[name], official[name]);
  }
});

test("classes_can_be_made_as_the_official_ones", () => {
  assert.equal(new hubcast.AbortError().message, new official.AbortError().message);
  assert.equal(new hubcast.TimeoutError().message, new official.TimeoutError().message);
  const [ours, theirs] = [new hubcast.HttpError("no", 503), new official.HttpError("no", 503)];
  assert.deepEqual([`${ours}`, ours.statusCode], [`${theirs}`, theirs.statusCode]);
  const { name, version, transferFormat } = new official.JsonHubProtocol();
  assert.deepEqual({ ...new hubcast.JsonHubProtocol() }, { name, version, transferFormat });
  hubcast.NullLogger.instance.log(hubcast.LogLevel.Critical, "nobody hears this");
});

test("a_connection_has_the_members_of_the_official_one", () => {
  const official10 = new official.HubConnectionBuilder().withUrl("http://h").build();
  const connection = new hubcast.HubConnectionBuilder().withUrl("http://h").build();
  const members = Object.getOwnPropertyNames(Object.getPrototypeOf(official10) as object)
    .concat(Object.keys(official10))
    .filter((name) => !name.startsWith("_") && !["constructor", "connection", "serverTimeout"].includes(name));
  assert(members.length > 12);
  assert.deepEqual(
    members.filter((name) => !(name in connection)),
    [],
  );
});

/** The types of the official package, which vanish: that this compiles is the test. */
export type Types = [
  AckMessage,
  CancelInvocationMessage,
  CloseMessage,
  CompletionMessage,
  HttpRequest,
  HubInvocationMessage,
  HubMessage,
  HubMessageBase,
  IHttpConnectionOptions,
  IHubProtocol,
  ILogger,
  InvocationMessage,
  IRetryPolicy,
  IStatefulReconnectOptions,
  IStreamResult<unknown>,
  IStreamSubscriber<unknown>,
  ISubscription<unknown>,
  ITransport,
  MessageHeaders,
  PingMessage,
  RetryContext,
  SequenceMessage,
  StreamInvocationMessage,
  StreamItemMessage,
];
