// What two people see of the chat. Each case opens windows of its own and enters a room of its own.
//
// `chat` gives a case `open(options)`, which opens a window, `room`, the `server`, and the `way` that the browser takes.

import { deepStrictEqual as same } from "node:assert";

/** Cases for every way in which a browser may come. */
export const casesOfEveryWay = [
  { name: "two windows chat with each other", run: conversation },
  { name: "a window sees who comes and goes", run: presence },
  { name: "a window sees that the other types, until it is said", run: typing },
  { name: "who comes late finds what was said", run: history },
  { name: "the page says which HTTP version carries it, and the server counts the same", run: httpVersion },
  { name: "windows come back after the server died, and chat again", run: (chat) => comesBack(chat, "SIGKILL") },
];

/** Cases that have nothing to do with the way. */
export const casesOfOneWay = [
  { name: "windows come back after the server was stopped, and chat again", run: (chat) => comesBack(chat, "SIGTERM") },
  { name: "markup stays text", run: markup },
  { name: "a message of 3,000 characters is refused in words and not lost", run: tooLong },
  { name: "a name of only spaces is refused in words", run: emptyName },
  { name: "a message has lines", run: lines },
  { name: "who enters another room leaves the first", run: twoRooms },
  { name: "who changes their name stays in the room", run: rename },
  { name: "a reload comes back into the room", run: reload },
  { name: "every control has a name for who cannot see it", run: names },
  { name: "a phone shows all without scrolling sideways", run: phone },
  { name: "the page leaves the transport to the client", run: plainConnection },
  { name: "the page asks whether its contract is the hub's, and it is", run: contract },
];

async function pair(chat) {
  const [ada, bob] = await Promise.all([chat.open(), chat.open()]);
  await ada.enter("Ada", chat.room);
  await bob.enter("Bob", chat.room);
  return [ada, bob];
}

async function conversation(chat) {
  const [ada, bob] = await pair(chat);
  await ada.say("Hello Bob");
  await bob.sees("messages", ["Ada: Hello Bob"]);
  await bob.say("Hello Ada");
  for (const window of [ada, bob]) await window.sees("messages", ["Ada: Hello Bob", "Bob: Hello Ada"]);
  await ada.sees("own", ["Hello Bob"]);
  await bob.sees("own", ["Hello Ada"]);
}

async function presence(chat) {
  const ada = await chat.open();
  await ada.enter("Ada", chat.room);
  await ada.sees("people", ["Ada"]);
  const bob = await chat.open();
  await bob.enter("Bob", chat.room);
  await ada.sees("people", ["Ada", "Bob"]);
  await bob.sees("people", ["Bob", "Ada"]);
  await bob.close();
  await ada.sees("people", ["Ada"]);
}

async function typing(chat) {
  const [ada, bob] = await pair(chat);
  await ada.write("Hel");
  await bob.sees("typing", "Ada is typing…");
  await ada.sees("typing", "");
  await ada.say("Hello");
  await bob.sees("messages", ["Ada: Hello"]);
  await bob.sees("typing", "");
}

async function history(chat) {
  const [ada, bob] = await pair(chat);
  await ada.say("first");
  await bob.sees("messages", ["Ada: first"]);
  await bob.say("second");
  await ada.sees("messages", ["Ada: first", "Bob: second"]);
  const late = await chat.open();
  await late.enter("Cleo", chat.room);
  await late.sees("messages", ["Ada: first", "Bob: second"]);
}

async function httpVersion(chat) {
  const windows = await pair(chat);
  const { websocketOn, status } = chat.way;
  const expected = {
    websocketOn,
    hubProtocol: "JSON",
    http1: websocketOn === "HTTP/1.1" ? "2" : "0",
    http2: websocketOn === "HTTP/2" ? "2" : "0",
  };
  for (const window of windows) {
    await window.sees("connection", expected);
    await window.sees("roundTrip", true);
    same(window.handshakes, [status]);
  }
}

async function comesBack(chat, signal) {
  const [ada, bob] = await pair(chat);
  await ada.say("before");
  await bob.sees("messages", ["Ada: before"]);
  await chat.server.stop(signal);
  for (const window of [ada, bob]) {
    await window.sees("banner", "The connection is lost. Trying to get it back…");
    await window.sees("state", "reconnecting");
  }
  await chat.server.start();
  for (const window of [ada, bob]) await window.sees("state", "connected");
  await ada.sees("people", ["Ada", "Bob"]);
  await bob.sees("people", ["Bob", "Ada"]);
  await ada.say("after");
  for (const window of [ada, bob]) {
    await window.sees("banner", "");
    await window.sees("messages", ["Ada: after"]);
    same((await window.look()).connection.websocketOn, chat.way.websocketOn);
    same(window.handshakes, [chat.way.status, chat.way.status]);
  }
}

async function markup(chat) {
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>&amp;';
  const ada = await chat.open();
  await ada.enter("<b>Ada</b>", chat.room);
  const bob = await chat.open();
  await bob.enter("Bob", chat.room);
  await ada.say(hostile);
  await bob.sees("messages", [`<b>Ada</b>: ${hostile}`]);
  await bob.sees("people", ["Bob", "<b>Ada</b>"]);
  same(await bob.page.locator("#messages img, #messages script, #people b").count(), 0);
  same(await bob.page.title(), `#${chat.room} · Hubcast chat`);
}

async function tooLong(chat) {
  const [ada, bob] = await pair(chat);
  await ada.say("x".repeat(3000));
  await ada.sees("error", "The message has 3,000 characters; at most 2,000 are allowed.");
  await ada.sees("composed", "x".repeat(3000));
  await ada.say("x".repeat(2000));
  await ada.sees("error", "");
  await bob.sees("messages", [`Ada: ${"x".repeat(2000)}`]);
}

async function emptyName(chat) {
  const ada = await chat.open();
  await ada.sees("state", "connected");
  await ada.page.fill("#name", "   ");
  await ada.page.click("#entrance .primary");
  await ada.sees("entranceError", "Choose a name first.");
  await ada.sees("view", "welcome");
}

async function lines(chat) {
  const [ada, bob] = await pair(chat);
  await ada.write("one");
  await ada.page.press("#text", "Shift+Enter");
  await ada.page.type("#text", "two");
  await ada.page.press("#text", "Enter");
  await bob.sees("messages", ["Ada: one\ntwo"]);
}

async function twoRooms(chat) {
  const [ada, bob] = await pair(chat);
  const other = `${chat.room}-b`;
  await bob.page.fill("#new-room input", other);
  await bob.page.press("#new-room input", "Enter");
  await bob.sees("room", `#${other}`);
  await ada.sees("people", ["Ada"]);
  await bob.say("nobody hears this");
  await bob.sees("messages", ["Bob: nobody hears this"]);
  await bob.page.getByText(`#${chat.room}`, { exact: true }).click();
  await bob.sees("room", `#${chat.room}`);
  await ada.sees("people", ["Ada", "Bob"]);
  await ada.say("welcome back");
  await bob.sees("messages", ["Ada: welcome back"]);
  await ada.sees("messages", ["Ada: welcome back"]);
}

async function rename(chat) {
  const [ada, bob] = await pair(chat);
  await ada.page.click("#people button");
  await ada.sees("view", "welcome");
  await ada.page.fill("#name", "Ada King");
  await ada.page.press("#name", "Enter");
  await bob.sees("people", ["Bob", "Ada King"]);
  await ada.sees("view", "chat");
}

async function reload(chat) {
  const [ada, bob] = await pair(chat);
  await bob.say("still here?");
  await ada.sees("messages", ["Bob: still here?"]);
  await ada.page.reload();
  await ada.sees("messages", ["Bob: still here?"]);
  await bob.sees("people", ["Bob", "Ada"]);
}

async function names(chat) {
  const [ada] = await pair(chat);
  const nameless = await ada.page.evaluate(() =>
    [...document.querySelectorAll("button, input, textarea")]
      .filter((control) => !control.ariaLabel && !control.labels?.length && control.textContent.trim() === "")
      .map((control) => control.outerHTML),
  );
  same(nameless, []);
}

async function phone(chat) {
  const ada = await chat.open({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  await ada.enter("Ada", chat.room);
  await ada.say("W".repeat(300));
  await ada.say("words ".repeat(100));
  await ada.sees("composed", "");
  const sideways = await ada.page.evaluate(() => [document.documentElement, document.querySelector("#scroller")].map((box) => box.scrollWidth - box.clientWidth));
  same(sideways, [0, 0]);
  const box = await ada.page.locator("#text").boundingBox();
  same(box.y > 0 && box.y + box.height <= 640 && box.x >= 0 && box.x + box.width <= 360, true);
  await ada.page.tap("#menu");
  await ada.page.locator("#people").getByText("Ada").waitFor({ state: "visible" });
  await ada.page.keyboard.press("Escape");
  await ada.page.locator("#people").getByText("Ada").waitFor({ state: "hidden" });
}

async function plainConnection(chat) {
  const ada = await chat.open();
  const script = await ada.page.evaluate(async () => (await fetch("/chat.js")).text());
  same(script.includes('new HubConnectionBuilder().withUrl("/chat").withAutomaticReconnect().build(chatHub);'), true);
}

async function contract(chat) {
  const ada = await chat.open();
  await ada.sees("state", "connected");
  const { asked, own, told } = await ada.page.evaluate(async () => {
    const { chatHub } = await import("/chat-hub.js");
    const negotiations = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/negotiate?"));
    const response = await fetch("/chat/negotiate?negotiateVersion=1&hubSchema=0", { method: "POST" });
    return {
      asked: negotiations.map(({ name }) => new URL(name).searchParams.get("hubSchema")),
      own: chatHub.schema,
      told: (await response.json()).hubSchema,
    };
  });
  same({ asked, told }, { asked: [own], told: own });
}
