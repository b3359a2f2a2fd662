// A thousand hub connections of one process on one socket.

import { Inbox } from "../arrivals.js";
import { numbered, same } from "./expectations.js";

const CONNECTIONS = 1000;
const needs = ["crowd"];

export const crowd = [{ name: "1,000 connections share one socket, each is its own", needs, run: shareOneSocket }];

async function shareOneSocket(bench) {
  const before = bench.gateway.taken;
  const connections = Array.from({ length: CONNECTIONS }, () => bench.build());
  const inboxes = connections.map((connection) => new Inbox(connection));
  await Promise.all(connections.map((connection) => connection.start()));
  same(new Set(connections.map(({ connectionId }) => connectionId)).size, CONNECTIONS);
  const texts = numbered(CONNECTIONS);
  same(await Promise.all(connections.map((connection, i) => connection.invoke("Echo", texts[i]))), texts);
  await connections[0].invoke("Broadcast", "to all");
  for (const inbox of inboxes) same(await inbox.until("to all"), ["to all"]);
  await bench.end();
  same([bench.gateway.open, bench.gateway.taken - before <= 1], [1, true]);
}
