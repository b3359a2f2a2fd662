/*
 * Hooks on a connection that knows its contract: what is wrong does not compile (`npm run lint`).
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { HubConnection as OfficialConnection } from "@microsoft/signalr";
import type { HubConnection } from "../hub-connection.js";
import type { TypedHubConnection } from "../hub-contract.js";
import { FakeHub } from "../testing/fake-hub.js";
import { renderHook } from "../testing/react.js";
import { useHubEvent } from "./use-hub-event.js";
import { useHub } from "./use-hub.js";
import { useStream } from "./use-stream.js";

interface ChatHub {
  Say(text: string): Promise<void>;
  CountDown(from: number): AsyncIterable<number>;
}
interface ChatClient {
  Receive(user: string, text: string): void;
  Confirm(question: string): boolean | Promise<boolean>;
}

type Chat = TypedHubConnection<ChatHub, ChatClient>;

test("a_typed_connection_types_its_events_and_streams", async () => {
  const hub = new FakeHub();
  const asked: string[] = [];
  await renderHook(() => {
    const { connection } = useHub(() => hub as unknown as Chat);
    useHubEvent(connection, "Receive", (user, text) => asked.push(user.trim() + text.trim()));
    useHubEvent(connection, "Confirm", async (question) => question.endsWith("?"));
    const { latest } = useStream(connection, "CountDown", [10]);
    latest satisfies number | undefined;

    const wrong = (): void => {
      // @ts-expect-error no such event
      useHubEvent(connection, "Recieve", () => undefined);
      // @ts-expect-error another argument
      useHubEvent(connection, "Receive", (user: number) => user);
      // @ts-expect-error another result
      useHubEvent(connection, "Confirm", () => "yes");
      // @ts-expect-error no stream
      useStream(connection, "Say", ["a"]);
      // @ts-expect-error another argument
      useStream(connection, "CountDown", ["10"]);
      // @ts-expect-error no argument
      useStream(connection, "CountDown", []);
      // @ts-expect-error another item
      useStream(connection, "CountDown", [10]).latest satisfies string | undefined;
    };
    void wrong;
  }, undefined);
  hub.call("Receive", " ada ", " hello ");
  assert.deepEqual(asked, ["adahello"]);
  assert.deepEqual(await Promise.all(hub.call("Confirm", "Sure?")), [true]);
});

test("a_connection_without_a_contract_takes_any_name", async () => {
  const hub = new FakeHub();
  const asked: string[] = [];
  await renderHook(() => {
    const { connection } = useHub(() => hub as unknown as HubConnection);
    useHubEvent(connection, "receive", (text: string) => asked.push(text.trim()));
    const { latest } = useStream<number>(connection, "Counter");
    latest satisfies number | undefined;
  }, undefined);
  hub.call("receive", " a ");
  assert.deepEqual(asked, ["a"]);
});

test("a_connection_of_the_official_package_can_be_used_too", async () => {
  const hub = new FakeHub();
  const rendered = await renderHook(() => {
    const { connection, state } = useHub(() => hub as unknown as OfficialConnection);
    useHubEvent(connection, "receive", (text: string) => text.trim());
    const { latest } = useStream<number>(connection, "Counter", [1]);
    latest satisfies number | undefined;
    return state;
  }, undefined);
  assert.equal(rendered.result, "Connected");
});
