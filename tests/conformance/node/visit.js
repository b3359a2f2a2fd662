// An ordinary visit: what an application does with a connection as it comes, default logging included.

import { collected, countingTo, same } from "./cases/expectations.js";

export async function visit({ HttpTransportType, HubConnectionBuilder }, url, transport) {
  const connection = new HubConnectionBuilder().withUrl(url, HttpTransportType[transport]).withAutomaticReconnect().build();
  const heard = new Promise((resolve) => connection.on("receive", resolve));
  await connection.start();
  same(await connection.invoke("Echo", "hello"), "hello");
  await connection.send("Broadcast", "to all");
  same(await heard, "to all");
  same(await collected(connection.stream("Counter", 10)), countingTo(10));
  await connection.stop();
}
