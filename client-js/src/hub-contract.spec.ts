/*
 * What a written contract lets pass, and what it does not: each `@ts-expect-error` is a case of `npm run lint`, which
 * fails where there is no error. `testing/every-hub.ts` is what the server's tests write from Rust.
 */

import { deepStrictEqual, match } from "node:assert";
import { test } from "node:test";
import type { HubConnection } from "./hub-connection.js";
import type { HubContract, TypedHubConnection } from "./hub-contract.js";
import { everyHub, type EveryClient, type EveryHub, type Message, type Shape } from "./testing/every-hub.js";

/** As `build(contract)` infers it. */
declare function built<Hub, Client>(contract: HubContract<Hub, Client>): TypedHubConnection<Hub, Client>;

type Connection = ReturnType<typeof built<EveryHub, EveryClient>>;

test("a_contract_is_a_schema_and_nothing_else", () => {
  deepStrictEqual(Object.keys(everyHub), ["schema"]);
  match(everyHub.schema, /^[0-9a-f]{16}$/);
});

export async function calls(connection: Connection): Promise<void> {
  await connection.start();
  await connection.invoke("Ping");
  await connection.invoke("Say", "room", "text", null);
  await connection.send("Say", "room", "text", 7);
  const last: Message | null = await connection.invoke("Last");
  const pages = await connection.invoke("History", { items: [], next: null });
  pages[0]?.items[0]?.number satisfies number | undefined;
  last?.["content-type"] satisfies string | undefined;
  // @ts-expect-error: no such name
  await connection.invoke("Sya", "room", "text", null);
  // @ts-expect-error: an argument of another type
  await connection.invoke("Say", "room", 1, null);
  // @ts-expect-error: an argument is missing
  await connection.invoke("Say", "room", "text");
  // @ts-expect-error: one argument too many
  await connection.invoke("Ping", 1);
  // @ts-expect-error: a result of another type
  const wrong: string = await connection.invoke("Last");
  // @ts-expect-error: a field of another name
  await connection.invoke("History", { items: [], following: null });
  // @ts-expect-error: it streams
  await connection.invoke("CountDown", 3);
  // @ts-expect-error: no such name
  await connection.send("Elsewhere", wrong);
}

export async function streams(connection: Connection): Promise<void> {
  connection.stream("CountDown", 3).subscribe({ next: (count) => count.toFixed(), error: () => {}, complete: () => {} });
  connection.stream("Shapes").subscribe({ next: (shape) => shape.kind satisfies string, error: () => {}, complete: () => {} });
  const lines = (async function* () {
    yield { text: "one" };
  })();
  const flags = (async function* () {
    yield true;
  })();
  const count: number = await connection.invoke("Import", "room", lines, flags);
  // @ts-expect-error: it does not stream
  connection.stream("Ping");
  // @ts-expect-error: an argument of another type
  connection.stream("CountDown", "3");
  // @ts-expect-error: items of another type
  connection.stream("CountDown", count).subscribe({ next: (text: string) => text.length, error: () => {}, complete: () => {} });
  // @ts-expect-error: an upload of other items
  await connection.invoke("Import", "room", flags, flags);
}

export function clientMethods(connection: Connection): void {
  const receive = (room: string, message: Message): string => room + message.text;
  connection.on("Receive", receive);
  connection.off("Receive", receive);
  connection.off("Receive");
  connection.on("people-changed", (people) => people["room"]?.length);
  connection.on("Confirm", (question) => question === "?");
  connection.on("Confirm", async (question) => question === "?");
  connection.on("Choose", ([first]) => first ?? null);
  // @ts-expect-error: no such name
  connection.on("Recieve", () => {});
  // @ts-expect-error: an argument of another type
  connection.on("Receive", (room: number) => {});
  // @ts-expect-error: no answer
  connection.on("Confirm", (question) => {
    question.trim();
  });
  // @ts-expect-error: an answer of another type
  connection.on("Choose", (): Shape[] => []);
}

/** The connection of `@microsoft/signalr`, as far as it matters. */
interface OtherConnection {
  invoke<T = any>(methodName: string, ...args: any[]): Promise<T>;
  stream<T = any>(methodName: string, ...args: any[]): { subscribe(subscriber: unknown): T };
  on(methodName: string, newMethod: (...args: any[]) => any): void;
  stop(): Promise<void>;
}

export async function anotherConnection(connection: TypedHubConnection<EveryHub, EveryClient, OtherConnection>): Promise<void> {
  await connection.invoke("Ping");
  await connection.stop();
  connection.stream("CountDown", 3).subscribe({ next: (count) => count.toFixed(), error: () => {}, complete: () => {} });
  // @ts-expect-error: that one cannot be iterated
  for await (const _ of connection.stream("CountDown", 3));
  // @ts-expect-error: no such name
  await connection.invoke("Sya");
}

/** A hub without a contract of its clients calls them by any name. */
export function untypedClient(contract: { schema: string; client?: { [method: string]: (...args: any[]) => any } }, connection: HubConnection): void {
  const typed = connection as unknown as ReturnType<typeof built<{ Ping(): Promise<void> }, NonNullable<(typeof contract)["client"]>>>;
  typed.on("Anything", (text: string) => text.length);
  // @ts-expect-error: no such name
  void typed.invoke("Pong");
}
