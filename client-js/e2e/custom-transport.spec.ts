/*
 * The built package with a transport of the user's own, whose members keep their names in it.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { HubConnectionBuilder, LogLevel, type ITransport } from "hubcast";
import ws from "ws";

const url = process.env["HUB_URL"] ?? "";

class OwnWebSocket implements ITransport {
  onreceive: ITransport["onreceive"] = null;
  onclose: ITransport["onclose"] = null;
  #socket: ws | undefined;

  async connect(address: string): Promise<void> {
    const socket = new ws(address.replace("http", "ws"));
    this.#socket = socket;
    socket.on("message", (data) => this.onreceive?.(`${data}`));
    socket.on("close", () => this.onclose?.());
    await once(socket, "open");
  }

  async send(data: string | ArrayBuffer): Promise<void> {
    this.#socket?.send(data);
  }

  async stop(): Promise<void> {
    this.#socket?.close();
  }
}

test("calls_go_over_a_transport_of_ones_own", async () => {
  const connection = new HubConnectionBuilder()
    .withUrl(url, { transport: new OwnWebSocket() })
    .configureLogging(LogLevel.None)
    .build();
  await connection.start();
  assert.equal(await connection.invoke("Echo", "carried"), "carried");
  const closed = new Promise((resolve) => connection.onclose(resolve));
  await connection.stop();
  assert.equal(await closed, undefined);
});
