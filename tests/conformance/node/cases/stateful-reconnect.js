// A connection whose WebSocket is cut and which goes on: the same id, every message once and in order.
//
// Rule: the connection may notice nothing. `uncut` fails a case whose client closed or began an automatic reconnect.

import { Inbox } from "../arrivals.js";
import { collected, countingTo, numbered, same } from "./expectations.js";

const granted = ["stateful"];
const needs = ["stateful", "sockets"];

export const statefulReconnect = [
  { name: "negotiation grants a stateful reconnect to whom asks", needs: granted, run: negotiated },
  { name: "a connection that could be taken up again works as any other", needs: granted, run: worksAsAnyOther },
  { name: "a stream goes on after a cut", needs, run: streamGoesOn },
  { name: "an upload goes on after a cut", needs, run: uploadGoesOn },
  { name: "calls made while the socket is away are answered", needs, run: callsWhileAway },
  { name: "broadcasts sent while the socket is away arrive once and in order", needs, run: broadcastsWhileAway },
  { name: "a client's answer given while the socket is away arrives", needs, run: answerWhileAway },
  { name: "groups stay after a cut", needs, run: groupsStay },
  { name: "five cuts in a row", needs, run: fiveCuts },
  { name: "a dead server is followed by another connection", needs: [...granted, "restart"], run: serverDies },
];

async function negotiated(bench) {
  const answer = async (query) => (await bench.fetch(`${bench.url}/negotiate?negotiateVersion=1${query}`, { method: "POST" })).json();
  same((await answer("&useStatefulReconnect=true")).useStatefulReconnect, true);
  same((await answer("")).useStatefulReconnect, undefined);
}

async function worksAsAnyOther(bench) {
  const { connection, inbox } = await bench.listen({ stateful: true });
  same(await connection.invoke("Echo", "hello"), "hello");
  await connection.invoke("Broadcast", "heard");
  same(await inbox.until("heard"), ["heard"]);
  same(await collected(connection.stream("Counter", 100)), countingTo(100));
}

async function streamGoesOn(bench) {
  const { connection, uncut } = await resumable(bench);
  const cuts = [];
  const items = await new Promise((resolve, reject) => {
    const seen = [];
    connection.stream("Counter", 3000).subscribe({
      next(item) {
        seen.push(item);
        if (seen.length === 1000) cuts.push(bench.sockets.cut());
      },
      complete: () => resolve(seen),
      error: reject,
    });
  });
  same(items, countingTo(3000));
  same(await Promise.all(cuts), [1]);
  await uncut();
}

async function uploadGoesOn(bench) {
  const { connection, uncut } = await resumable(bench);
  const subject = new bench.signalR.Subject();
  const sum = connection.invoke("Upload", subject);
  for (const number of countingTo(500)) subject.next(number);
  same(await connection.invoke("Echo", "on the way"), "on the way");
  same(await bench.sockets.cut(), 1);
  for (const number of countingTo(500)) subject.next(number);
  subject.complete();
  same(await sum, 249_500);
  await uncut();
}

async function callsWhileAway(bench) {
  const { connection, uncut } = await resumable(bench);
  same(await bench.sockets.cut(), 1);
  const sent = numbered(100);
  same(await Promise.all(sent.map((text) => connection.invoke("Echo", text))), sent);
  await uncut();
}

async function broadcastsWhileAway(bench) {
  const { connection, uncut } = await resumable(bench);
  const inbox = new Inbox(connection);
  same(await bench.sockets.cut(), 1);
  const sender = await bench.connect();
  const sent = numbered(200);
  for (const text of sent) await sender.send("Broadcast", text);
  same(await inbox.until(sent.at(-1)), sent);
  await uncut();
}

async function answerWhileAway(bench) {
  const { connection, uncut } = await resumable(bench);
  connection.on("answer", async (question) => {
    same(await bench.sockets.cut(), 1);
    return `${question}!`;
  });
  same(await connection.invoke("AskCaller", "why"), "why!");
  await uncut();
}

async function groupsStay(bench) {
  const { connection, uncut } = await resumable(bench);
  const inbox = new Inbox(connection);
  await connection.invoke("JoinGroup", "before");
  same(await bench.sockets.cut(), 1);
  await connection.invoke("SendToGroup", "before", "to the group");
  same(await inbox.until("to the group"), ["to the group"]);
  await uncut();
}

async function fiveCuts(bench) {
  const { connection, uncut } = await resumable(bench);
  for (const text of numbered(5)) {
    same(await bench.sockets.cut(), 1);
    same(await connection.invoke("Echo", text), text);
  }
  await uncut();
}

async function serverDies(bench) {
  const connection = bench.build({ stateful: true, reconnects: true });
  const reconnected = new Promise((resolve) => connection.onreconnected(resolve));
  await connection.start();
  const before = connection.connectionId;
  await bench.server.restart("SIGKILL");
  same((await reconnected) === before, false);
  same(await connection.invoke("Echo", "back"), "back");
}

/** A started connection, and `uncut`, which fails if it is not the same as before. */
async function resumable(bench) {
  const connection = bench.build({ stateful: true });
  const events = [];
  connection.onclose(() => events.push("close"));
  connection.onreconnecting(() => events.push("reconnecting"));
  await connection.start();
  const id = connection.connectionId;
  const uncut = async () => {
    same(await connection.invoke("Echo", "alive"), "alive");
    same([connection.connectionId, connection.state, events], [id, "Connected", []]);
  };
  return { connection, uncut };
}
