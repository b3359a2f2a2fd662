// Who is called by a broadcast, by a group and by a user, and in which order.
//
// Rule: a case that says "hears nothing" proves it with a later message from the same sender that does arrive.

import { Inbox } from "../arrivals.js";
import { numbered, refusal, same } from "./expectations.js";

export const receivers = [
  { name: "a broadcast reaches everyone once", run: broadcast },
  { name: "who broadcasts hears it before the call is answered", run: heardBeforeAnswer },
  { name: "a removed handler hears nothing", run: removedHandler },
  { name: "what one is answered the others do not see", run: privateAnswer },
  { name: "who left hears nothing and disturbs no one", run: whoLeft },
  { name: "a group's members hear what is sent to it, others do not", run: groupMembers },
  { name: "who leaves a group hears it no more", run: leaveGroup },
  { name: "a group's name is case-sensitive", run: groupNameCase },
  { name: "100 messages arrive in the order sent", run: (bench) => orderOf(bench, 100) },
  { name: "1,000 messages arrive in the order sent", needs: ["bulk"], run: (bench) => orderOf(bench, 1000) },
  { name: "the user is who the query says", needs: ["users"], run: whoAmI },
  { name: "a user hears on all their connections, others do not", needs: ["users"], run: sendToUser },
];

async function broadcast(bench) {
  const everyone = await listeners(bench, 5);
  await everyone[0].connection.invoke("Broadcast", "to all");
  await everyone[1].connection.invoke("Broadcast", "last");
  for (const { inbox } of everyone) same(await inbox.until("last"), ["to all", "last"]);
}

async function heardBeforeAnswer(bench) {
  const { connection, inbox } = await bench.listen();
  for (const text of numbered(20)) {
    await connection.invoke("Broadcast", text);
    same(inbox.all.at(-1), text);
  }
}

async function removedHandler(bench) {
  const { connection, inbox } = await bench.listen();
  await connection.invoke("Broadcast", "heard");
  connection.off("receive", inbox.take);
  const later = new Inbox(connection);
  await connection.invoke("Broadcast", "unheard");
  same(await later.until("unheard"), ["unheard"]);
  same(inbox.all, ["heard"]);
}

async function privateAnswer(bench) {
  const [one, other] = await listeners(bench, 2);
  same(await one.connection.invoke("Echo", "mine"), "mine");
  await refusal(one.connection.invoke("Fail", "mine too"));
  await one.connection.invoke("Broadcast", "last");
  same(await other.inbox.until("last"), ["last"]);
}

async function whoLeft(bench) {
  const [stays, leaves] = await listeners(bench, 2);
  await leaves.connection.invoke("JoinGroup", "guests");
  await leaves.connection.stop();
  await stays.connection.invoke("SendToGroup", "guests", "to no one");
  await stays.connection.invoke("Broadcast", "last");
  same(await stays.inbox.until("last"), ["last"]);
  same(leaves.inbox.all, []);
}

async function groupMembers(bench) {
  const [a, b, outsider] = await listeners(bench, 3);
  await a.connection.invoke("JoinGroup", "room ✓");
  await b.connection.invoke("JoinGroup", "room ✓");
  await outsider.connection.invoke("SendToGroup", "room ✓", "to the group");
  await outsider.connection.invoke("Broadcast", "last");
  same(await a.inbox.until("last"), ["to the group", "last"]);
  same(await b.inbox.until("last"), ["to the group", "last"]);
  same(await outsider.inbox.until("last"), ["last"]);
}

async function leaveGroup(bench) {
  const [stays, leaves] = await listeners(bench, 2);
  await stays.connection.invoke("JoinGroup", "room");
  await leaves.connection.invoke("JoinGroup", "room");
  await stays.connection.invoke("SendToGroup", "room", "to both");
  await leaves.connection.invoke("LeaveGroup", "room");
  await stays.connection.invoke("SendToGroup", "room", "to one");
  await stays.connection.invoke("Broadcast", "last");
  same(await stays.inbox.until("last"), ["to both", "to one", "last"]);
  same(await leaves.inbox.until("last"), ["to both", "last"]);
}

async function groupNameCase(bench) {
  const { connection, inbox } = await bench.listen();
  await connection.invoke("JoinGroup", "Room");
  await connection.invoke("SendToGroup", "room", "unheard");
  await connection.invoke("SendToGroup", "Room", "heard");
  same(await inbox.until("heard"), ["heard"]);
}

async function orderOf(bench, count) {
  const [sender, member] = await listeners(bench, 2);
  await member.connection.invoke("JoinGroup", "many");
  const sent = numbered(count);
  for (const [i, text] of sent.entries()) {
    if (i % 2 === 0) {
      await sender.connection.send("Broadcast", text);
    } else {
      await sender.connection.send("SendToGroup", "many", text);
    }
  }
  await sender.connection.send("Broadcast", "last");
  same(await member.inbox.until("last"), [...sent, "last"]);
  same(await sender.inbox.until("last"), [...sent.filter((_, i) => i % 2 === 0), "last"]);
}

async function whoAmI(bench) {
  const ann = await bench.connect({ user: "ann" });
  const nobody = await bench.connect();
  same(await ann.invoke("WhoAmI"), "ann");
  same(await nobody.invoke("WhoAmI"), null);
}

async function sendToUser(bench) {
  const ann = await bench.listen({ user: "ann" });
  const annToo = await bench.listen({ user: "ann" });
  const bob = await bench.listen({ user: "bob" });
  const nobody = await bench.listen();
  await bob.connection.invoke("SendToUser", "ann", "for ann");
  await bob.connection.invoke("Broadcast", "last");
  same(await ann.inbox.until("last"), ["for ann", "last"]);
  same(await annToo.inbox.until("last"), ["for ann", "last"]);
  same(await bob.inbox.until("last"), ["last"]);
  same(await nobody.inbox.until("last"), ["last"]);
}

async function listeners(bench, count) {
  return Promise.all(Array.from({ length: count }, () => bench.listen()));
}
