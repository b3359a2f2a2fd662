/*
 * A user of the package as it is installed, for check-pack.mjs: it touches every entry point.
 */

import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection, type TypedHubConnection } from "hubcast";
import { Http2Client } from "hubcast/http2";
import { MessagePackHubProtocol } from "hubcast/messagepack";
import { useHub, useHubEvent, useStream } from "hubcast/react";
import { traceContext } from "hubcast/trace-context";
import { webLock } from "hubcast/web-lock";
import { HubConnectionBuilder as SmallBuilder } from "hubcast/websocket";

interface ChatHub {
  Say(text: string): Promise<number>;
  CountDown(from: number): AsyncIterable<number>;
}
interface ChatClient {
  Receive(user: string, text: string): void;
}
declare const contract: { readonly schema: string; readonly hub?: ChatHub; readonly client?: ChatClient };

const http2 = new Http2Client();
const options = { hold: webLock(), messageHeaders: traceContext(), fetch: http2.fetch, WebSocket: http2.WebSocket };

export async function untyped(): Promise<string> {
  const connection: HubConnection = new HubConnectionBuilder()
    .withUrl("https://localhost/chat", options)
    .withHubProtocol(new MessagePackHubProtocol({ useBigInt: true }))
    .configureLogging(LogLevel.Warning)
    .build();
  await connection.start();
  for await (const item of connection.stream<number>("CountDown", 3)) {
    item.toFixed();
  }
  return connection.state === HubConnectionState.Connected ? connection.invoke<string>("Echo", "a") : "";
}

export async function typed(): Promise<number> {
  const connection: TypedHubConnection<ChatHub, ChatClient> = new SmallBuilder().withUrl("/chat").build(contract);
  connection.on("Receive", (user, text) => user.length + text.length);
  // @ts-expect-error the types are there: a number is no text
  void connection.invoke("Say", 1);
  return connection.invoke("Say", "hello");
}

export function Component(): number | undefined {
  const { connection } = useHub(() => new HubConnectionBuilder().withUrl("/chat").build(contract));
  useHubEvent(connection, "Receive", (user) => user.length);
  return useStream(connection, "CountDown", [3]).latest;
}
