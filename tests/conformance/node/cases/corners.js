// What a client sees of the sample `corners`. The platform is corners-server.js; "negotiation" is what some variants lack.

import { refusal, same } from "./expectations.js";

const needs = ["negotiation"];

export const cases = [
  { name: "a connection without a hub echoes", run: echoes },
  { name: "a connection without a hub loses no byte of many messages", run: echoesMany },
  { name: "a hub takes the transports that it allows, and no other", run: allowedTransports },
  { name: "a client finds a transport that the hub allows by itself", needs, run: choosesTransport },
  { name: "negotiation leads to the real hub", needs, run: redirected },
  { name: "cookies and headers of the first request are readable", run: firstRequest },
  { name: "payloads are named as written", run: namesAsWritten },
  { name: "with names as written, .NET's names do not bind", run: otherNames },
  { name: "payloads are named as .NET names them", run: dotnetNames },
  { name: "detailed errors reach the caller where they are on", run: detailedErrors },
  { name: "a hidden error stays hidden where they are off", run: hiddenErrors },
  { name: "everybody who is online is listed", run: online },
  { name: "a route asks one connection and returns its answer", run: asks },
  { name: "two connections are asked at once, each gives its own answer", run: asksTwo },
  { name: "a route says why there is no answer", run: noAnswer },
  { name: "a route closes a connection with a reason, and it does not come back", run: closes },
];

async function echoes(corners) {
  const echo = await rawEcho(corners);
  await echo.send("hello ✓");
  same(await echo.received("hello ✓".length), "hello ✓");
  await echo.send("again");
  same(await echo.received("hello ✓again".length), "hello ✓again");
}

async function echoesMany(corners) {
  const echo = await rawEcho(corners);
  const parts = Array.from({ length: 60 }, (_, i) => `${i}:${"x".repeat(i * 40)};`);
  const all = parts.join("");
  await Promise.all(parts.map((part) => echo.send(part)));
  same((await echo.received(all.length)) === all, true);
}

async function allowedTransports(corners) {
  const connection = corners.build("/without-websockets");
  if (corners.transport !== "WebSockets") {
    await connection.start();
    same((await connection.invoke("FirstRequest")).transport, corners.transport);
    return;
  }
  const why = await refusal(connection.start());
  same(why.split(" failed")[0], corners.negotiates ? "Unable to connect to the server with any of the available transports. ServerSentEvents" : "WebSocket");
}

async function choosesTransport(corners) {
  const connection = await corners.connect("/without-websockets", { chooses: true });
  const expected = corners.protocol === "json" ? "ServerSentEvents" : "LongPolling";
  same((await connection.invoke("FirstRequest")).transport, expected);
}

async function redirected(corners) {
  const response = await fetch(`${corners.url}/entrance/negotiate?negotiateVersion=1`, { method: "POST" });
  const { url } = await response.json();
  same(url, `${corners.url}/corners`);
  const connection = await corners.connect("/entrance");
  const ids = (await corners.online()).map(({ connection_id }) => connection_id);
  same(ids.includes(connection.connectionId), true);
  same((await connection.invoke("FirstRequest")).transport, corners.transport);
}

async function firstRequest(corners) {
  const user = corners.newUser();
  const headers = { Cookie: "theme=dark; visitor=Ada; lang=en", "X-Corner": "north east" };
  const connection = await corners.connect("/corners", { headers, user });
  const expected = { visitor_cookie: "Ada", corner_header: "north east", user, transport: corners.transport, http_version: "HTTP/1.1" };
  same(await connection.invoke("FirstRequest"), expected);
  const other = await corners.connect("/corners");
  const nothing = { visitor_cookie: null, corner_header: null, user: null };
  same(await other.invoke("FirstRequest"), { ...nothing, transport: corners.transport, http_version: "HTTP/1.1" });
}

async function namesAsWritten(corners) {
  const connection = await corners.connect("/corners");
  const order = { item_name: "tea", qty: 2, wrapping: "PaperAndRibbon" };
  same(await connection.invoke("Order", order), { ...order, price_in_cents: 800 });
}

async function otherNames(corners) {
  const connection = await corners.connect("/corners");
  const why = await refusal(connection.invoke("Order", { itemName: "tea", qty: 2, wrapping: "Plain" }));
  const fixedPart = "Failed to invoke 'Order' due to an error on the server. InvalidDataException: Error binding arguments.";
  same(why.slice(0, fixedPart.length), fixedPart);
}

async function dotnetNames(corners) {
  const connection = await corners.connect("/dotnet");
  const forms = {
    json: { itemName: "tea", qty: 2, wrapping: 1, priceInCents: 800 },
    messagepack: { ItemName: "tea", Qty: 2, Wrapping: "PaperAndRibbon", PriceInCents: 800 },
  };
  const receipt = forms[corners.protocol];
  const isPrice = ([name]) => name.toLowerCase() === "priceincents";
  const order = Object.fromEntries(Object.entries(receipt).filter((field) => !isPrice(field)));
  same(await connection.invoke("Order", order), receipt);
}

async function detailedErrors(corners) {
  const connection = await corners.connect("/corners");
  same(await connection.invoke("ParseNumber", " 42 "), 42);
  const general = "An unexpected error occurred invoking 'ParseNumber' on the server.";
  same(await refusal(connection.invoke("ParseNumber", "4x")), `${general} Exception: invalid digit found in string`);
}

async function hiddenErrors(corners) {
  const connection = await corners.connect("/without-websockets", { chooses: true });
  const general = "An unexpected error occurred invoking 'ParseNumber' on the server.";
  same(await refusal(connection.invoke("ParseNumber", "4x")), general);
}

async function online(corners) {
  const users = [corners.newUser(), corners.newUser()];
  const connections = await Promise.all(users.map((user) => corners.connect("/corners", { user })));
  const listed = (await corners.online()).filter(({ user }) => users.includes(user));
  same(listed.map(({ user }) => user).sort(), [...users].sort());
  same(listed.map(({ transport }) => transport), [corners.transport, corners.transport]);
  if (!corners.negotiates) return;
  const ids = connections.map(({ connectionId }) => connectionId);
  same(listed.map(({ connection_id }) => connection_id).sort(), ids.sort());
}

async function asks(corners) {
  const asked = [];
  const id = await asking(corners, (question) => asked.push(question) > 0);
  same(await corners.post(`/ask/${id}`, "Is it raining?"), [200, "true"]);
  same(asked, ["Is it raining?"]);
}

async function asksTwo(corners) {
  const later = new Promise((resolve) => setImmediate(resolve));
  const yes = await asking(corners, () => later.then(() => true));
  const no = await asking(corners, () => false);
  const answers = await Promise.all([corners.post(`/ask/${yes}`, "?"), corners.post(`/ask/${no}`, "?")]);
  same(answers, [[200, "true"], [200, "false"]]);
}

async function noAnswer(corners) {
  const failing = await asking(corners, () => {
    throw new Error("no comment");
  });
  same(await corners.post(`/ask/${failing}`, "?"), [502, "Error: no comment"]);
  const mute = await asking(corners, undefined);
  same(await corners.post(`/ask/${mute}`, "?"), [502, "Client didn't provide a result."]);
  const gone = "AAAAAAAAAAAAAAAAAAAAAA";
  same(await corners.post(`/ask/${gone}`, "?"), [404, `Connection '${gone}' does not exist.`]);
  same(await corners.post("/ask/nobody", "?"), [400, "not a connection id: expected 22 characters of base64url"]);
}

async function closes(corners) {
  const user = corners.newUser();
  const connection = await corners.connect("/corners", { user });
  let reconnects = 0;
  connection.onreconnecting(() => (reconnects += 1));
  const closed = new Promise((resolve) => connection.onclose(resolve));
  const id = await corners.idOf(user);
  same(await corners.post(`/close/${id}`, "Closing time."), [204, ""]);
  same((await closed)?.message, "Server returned an error on close: Closing time.");
  same([connection.state, reconnects], ["Disconnected", 0]);
  while ((await corners.online()).some((one) => one.user === user));
  same(await corners.post(`/close/${id}`, "Closing time."), [404, `Connection '${id}' does not exist.`]);
}

/** The id of a connection whose client answers with `answer`, or has no handler. */
async function asking(corners, answer) {
  const user = corners.newUser();
  const connection = corners.build("/corners", { user });
  if (answer !== undefined) connection.on("Confirm", answer);
  await connection.start();
  return corners.idOf(user);
}

/** Sends texts as text or as bytes, and puts together what comes back. */
async function rawEcho(corners) {
  const isText = corners.protocol === "json";
  const decoder = new TextDecoder();
  let received = "";
  let arrived = () => {};
  const connection = await corners.connectRaw(isText ? "/echo" : "/echo?format=binary", (data) => {
    same(typeof data, isText ? "string" : "object");
    received += isText ? data : decoder.decode(data, { stream: true });
    arrived();
  });
  return {
    send: (text) => connection.send(isText ? text : new TextEncoder().encode(text)),
    received: (length) =>
      new Promise((resolve) => {
        arrived = () => received.length >= length && resolve(received);
        arrived();
      }),
  };
}
