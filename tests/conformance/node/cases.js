// What a SignalR client sees of the bench hub: the same cases for every client, protocol and platform.
//
// Rule: a case that says "hears nothing" proves it with a later message from the same sender that does arrive.
// `needs` names what a server may lack: "users", "restart" (the suite may stop it), "farewell" (it ends connections with
// a Close message when it is told to stop). Runs in Node and in browsers; the runners are node.js
// and chromium.js.

import { Inbox } from "./bench.js";

const FAILED_TO_INVOKE_ECHO = "Failed to invoke 'Echo' due to an error on the server.";

export const cases = [
  { name: "a started connection says that it is connected", run: startedConnection },
  { name: "a path without a hub refuses the connection", run: noHubThere },
  { name: "a stopped connection closes without an error and starts again", run: stopAndStart },
  { name: "invoke gives the answer", run: (bench) => echoes(bench, "hello") },
  { name: "an empty text", run: (bench) => echoes(bench, "") },
  { name: "a null argument", run: (bench) => echoes(bench, null) },
  { name: "text of all planes and of what JSON escapes", run: (bench) => echoes(bench, "naïve ✓ 😀 \u0000\u001e\u2028\u007f\"\\\r\n<a href='x'>&") },
  { name: "a text of 20 kB", run: (bench) => echoes(bench, "20 kB ✓ ".repeat(2000)) },
  { name: "a method name in other letters", run: otherLetters },
  { name: "send calls the method", run: sendCallsTheMethod },
  { name: "500 calls at once are answered in order", run: manyCalls },
  { name: "a hub error's text reaches the caller", run: hubError },
  { name: "a crash shows nothing of itself", run: crash },
  { name: "an unknown method", run: unknownMethod },
  { name: "too few arguments", run: (bench) => refuses(bench, FAILED_TO_INVOKE_ECHO, "Echo") },
  { name: "too many arguments", run: (bench) => refuses(bench, FAILED_TO_INVOKE_ECHO, "Echo", "a", "b") },
  { name: "an argument of a wrong type", run: (bench) => refuses(bench, FAILED_TO_INVOKE_ECHO, "Echo", 5) },
  { name: "send of what fails leaves the connection usable", run: sendOfWhatFails },
  { name: "a broadcast reaches everyone once", run: broadcast },
  { name: "a removed handler hears nothing", run: removedHandler },
  { name: "what one is answered the others do not see", run: privateAnswer },
  { name: "who left hears nothing and disturbs no one", run: whoLeft },
  { name: "a group's members hear what is sent to it, others do not", run: groupMembers },
  { name: "who leaves a group hears it no more", run: leaveGroup },
  { name: "a group's name is case-sensitive", run: groupNameCase },
  { name: "1,000 messages arrive in the order sent", run: orderOfMany },
  { name: "the user is who the query says", needs: ["users"], run: whoAmI },
  { name: "a user hears on all their connections, others do not", needs: ["users"], run: sendToUser },
  { name: "reconnects after the server was told to stop", needs: ["restart"], run: (bench) => reconnects(bench, "SIGTERM") },
  { name: "reconnects after the server died", needs: ["restart"], run: (bench) => reconnects(bench, "SIGKILL") },
  { name: "is closed when the server stops, and starts again", needs: ["restart"], run: closesWithoutReconnect },
  { name: "a server that is told to stop says so: no error", needs: ["restart", "farewell"], run: farewell },
  { name: "a server that died is an error", needs: ["restart"], run: death },
];

async function startedConnection(bench) {
  const connection = bench.build();
  same(connection.state, "Disconnected");
  await connection.start();
  same(connection.state, "Connected");
  if (bench.negotiates) same(typeof connection.connectionId, "string");
}

async function noHubThere(bench) {
  const connection = bench.build({ path: "/no-hub" });
  const error = await connection.start().then(() => undefined, (refusal) => refusal);
  same(error instanceof Error, true);
  same(connection.state, "Disconnected");
}

async function stopAndStart(bench) {
  const connection = await bench.connect();
  const closed = new Promise((resolve) => connection.onclose(resolve));
  await connection.stop();
  same(await closed, undefined);
  same(connection.state, "Disconnected");
  await connection.start();
  same(await connection.invoke("Echo", "again"), "again");
}

async function echoes(bench, text) {
  const connection = await bench.connect();
  same(await connection.invoke("Echo", text), text);
}

async function otherLetters(bench) {
  const connection = await bench.connect();
  same(await connection.invoke("eCHO", "x"), "x");
}

async function sendCallsTheMethod(bench) {
  const { connection, inbox } = await bench.listen();
  await connection.send("Broadcast", "sent");
  same(await inbox.until("sent"), ["sent"]);
}

async function manyCalls(bench) {
  const connection = await bench.connect();
  const sent = numbered(500);
  const answered = [];
  await Promise.all(sent.map(async (text) => answered.push(await connection.invoke("Echo", text))));
  same(answered, sent);
}

function hubError(bench) {
  return refuses(bench, "An unexpected error occurred invoking 'Fail' on the server. HubException: no way ✓", "Fail", "no way ✓");
}

function crash(bench) {
  return refuses(bench, "An unexpected error occurred invoking 'Crash' on the server.", "Crash");
}

function unknownMethod(bench) {
  return refuses(bench, "Failed to invoke 'Nothing' due to an error on the server. HubException: Method does not exist.", "Nothing");
}

async function refuses(bench, text, ...call) {
  const connection = await bench.connect();
  same(await refusal(connection.invoke(...call)), text);
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function sendOfWhatFails(bench) {
  const connection = await bench.connect();
  await connection.send("Fail", "unheard");
  await connection.send("Nothing");
  await connection.send("Echo");
  same(await connection.invoke("Echo", "alive"), "alive");
}

async function broadcast(bench) {
  const everyone = await listeners(bench, 5);
  await everyone[0].connection.invoke("Broadcast", "to all");
  await everyone[1].connection.invoke("Broadcast", "last");
  for (const { inbox } of everyone) same(await inbox.until("last"), ["to all", "last"]);
}

async function removedHandler(bench) {
  const { connection, inbox } = await bench.listen();
  await connection.invoke("Broadcast", "heard");
  connection.off("receive", inbox.take);
  const later = new Inbox(connection);
  await connection.invoke("Broadcast", "unheard");
  same(await later.until("unheard"), ["unheard"]);
  same(inbox.texts, ["heard"]);
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
  same(leaves.inbox.texts, []);
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

async function orderOfMany(bench) {
  const [sender, member] = await listeners(bench, 2);
  await member.connection.invoke("JoinGroup", "many");
  const sent = numbered(1000);
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

async function reconnects(bench, signal) {
  const connection = bench.build({ reconnects: true });
  const inbox = new Inbox(connection);
  const reconnecting = new Promise((resolve) => connection.onreconnecting(resolve));
  const reconnected = new Promise((resolve) => connection.onreconnected(resolve));
  await connection.start();
  const before = connection.connectionId;
  await connection.invoke("JoinGroup", "before");
  await bench.server.restart(signal);
  await reconnecting;
  const id = await reconnected;
  same(connection.state, "Connected");
  if (bench.negotiates) {
    same(typeof id, "string");
    same(id === before, false);
    same(connection.connectionId, id);
  }
  same(await connection.invoke("Echo", "back"), "back");
  await connection.invoke("SendToGroup", "before", "groups are not restored");
  await connection.invoke("JoinGroup", "after");
  await connection.invoke("SendToGroup", "after", "last");
  same(await inbox.until("last"), ["last"]);
}

async function closesWithoutReconnect(bench) {
  const connection = await bench.connect();
  const closed = new Promise((resolve) => connection.onclose(resolve));
  await bench.server.restart("SIGTERM");
  await closed;
  same(connection.state, "Disconnected");
  await connection.start();
  same(await connection.invoke("Echo", "again"), "again");
}

async function farewell(bench) {
  same(await reasonOfClose(bench, "SIGTERM"), undefined);
}

async function death(bench) {
  const reason = await reasonOfClose(bench, "SIGKILL");
  same(reason instanceof Error, true);
}

async function reasonOfClose(bench, signal) {
  const connection = await bench.connect();
  const closed = new Promise((resolve) => connection.onclose(resolve));
  await bench.server.restart(signal);
  return closed;
}

async function listeners(bench, count) {
  return Promise.all(Array.from({ length: count }, () => bench.listen()));
}

/** The text of a call's error. */
async function refusal(call) {
  try {
    return `no error, but ${JSON.stringify(await call)}`;
  } catch (error) {
    return error.message;
  }
}

function numbered(count) {
  return Array.from({ length: count }, (_, i) => `number ${i}`);
}

function same(found, expected) {
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== should) throw new Error(`found ${shortened(is)}, expected ${shortened(should)}`);
}

function shortened(text) {
  return text === undefined || text.length <= 300 ? text : `${text.slice(0, 300)}… (${text.length} characters)`;
}
