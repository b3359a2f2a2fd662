// Pictures of the chat for people to look at: in light, in dark, on a phone, empty, and when something is wrong.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { ChatWindow } from "./window.js";

const DESKTOP = { width: 1200, height: 760 };
const PHONE = { viewport: { width: 390, height: 760 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

export async function takeScreenshots(browser, server, folder) {
  await mkdir(folder, { recursive: true });
  const windows = [];
  const open = async (options) => {
    const window = await ChatWindow.open(browser, server.addresses.https, options);
    windows.push(window);
    return window;
  };
  const shoot = (window, name) => window.page.screenshot({ path: path.join(folder, `${name}.png`) });

  const ada = await open({ viewport: DESKTOP, colorScheme: "light" });
  await ada.sees("state", "connected");
  await shoot(ada, "entrance-light");
  await ada.enter("Ada", "lobby");
  await ada.sees("people", ["Ada"]);
  await shoot(ada, "empty-light");

  const bob = await open({ viewport: DESKTOP, colorScheme: "dark" });
  await bob.enter("Bob", "garden");
  await bob.page.fill("#new-room input", "lobby");
  await bob.page.press("#new-room input", "Enter");
  const grace = await open({ ...PHONE, colorScheme: "light" });
  await grace.sees("state", "connected");
  await shoot(grace, "entrance-phone");
  await grace.enter("Grace", "lobby");

  const spoken = [
    [ada, "Good morning! Has anybody tried the new hub over HTTP/2?"],
    [bob, "Yes. It just worked: one TCP connection for the page and the WebSocket."],
    [bob, "And when I switched HTTP/2 off, the same page fell back to HTTP/1.1."],
    [grace, "On my phone, too."],
    [ada, "Then let us do the release notes:\n– rooms and people\n– typing\n– history for late joiners"],
    [grace, "I will write them in the afternoon."],
  ];
  let count = 0;
  for (const [window, text] of spoken) {
    await window.say(text);
    count += 1;
    for (const other of windows) await seesCount(other, count);
  }
  await grace.write("Shall I");
  for (const window of [ada, bob]) await window.sees("typing", "Grace is typing…");
  for (const window of windows) {
    await window.sees("connection", { websocketOn: "HTTP/2", hubProtocol: "JSON", http1: "0", http2: "3" });
  }
  await shoot(ada, "desktop-light");
  await shoot(bob, "desktop-dark");
  await shoot(grace, "phone-light");
  await grace.page.emulateMedia({ colorScheme: "dark" });
  await shoot(grace, "phone-dark");
  await grace.page.tap("#menu");
  await grace.page.waitForFunction(() => document.querySelector("#sidebar").getBoundingClientRect().left === 0);
  await shoot(grace, "phone-sidebar");
  await ada.say("x ".repeat(1500).trim());
  await ada.sees("error", "The message has 2,999 characters; at most 2,000 are allowed.");
  await shoot(ada, "error-light");
  await server.stop();
  for (const window of windows) await window.sees("state", "reconnecting");
  await shoot(bob, "lost-dark");
  await server.start();
  for (const window of windows) await window.close();
}

async function seesCount(window, count) {
  await window.page.waitForFunction((wanted) => document.querySelectorAll("#messages li").length === wanted, count);
}
