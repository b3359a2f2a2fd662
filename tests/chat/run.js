// Two browser windows use the chat as people do: over HTTP/2, over HTTP/1.1 with TLS, over HTTP/1.1 without.
//
// usage: node run.js --chat PROGRAM [--chromium PROGRAM] [--screenshots FOLDER] [--only WORDS]
// It prints one line for each case that failed, and ends with `N passed, N failed`.

import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { launchChromium } from "../browser/chromium.js";
import { casesOfEveryWay, casesOfOneWay } from "./cases.js";
import { takeScreenshots } from "./screenshots.js";
import { Server } from "./server.js";
import { ChatWindow } from "./window.js";

const WAYS = [
  { name: "https", scheme: "https", flags: [], websocketOn: "HTTP/2", status: 200, cases: [...casesOfEveryWay, ...casesOfOneWay] },
  { name: "https without HTTP/2", scheme: "https", flags: ["--disable-http2"], websocketOn: "HTTP/1.1", status: 101, cases: casesOfEveryWay },
  { name: "http", scheme: "http", flags: [], websocketOn: "HTTP/1.1", status: 101, cases: casesOfEveryWay },
];

const { values: options } = parseArgs({
  options: {
    chat: { type: "string" },
    chromium: { type: "string" },
    screenshots: { type: "string" },
    only: { type: "string", default: "" },
  },
});
if (options.chat === undefined) {
  console.error("name the chat: --chat PROGRAM");
  process.exit(2);
}

let passed = 0;
let failed = 0;
let rooms = 0;
const server = new Server(options.chat);
await server.start();
for (const way of WAYS) await runWay(way);
const code = await server.stop("SIGINT");
await check("the chat ends well at Ctrl-C", () => {
  if (code !== 0) throw new Error(`the exit code is ${code}`);
});
if (options.screenshots !== undefined) await check("screenshots", screenshots);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function runWay(way) {
  const browser = await launch(way.flags);
  try {
    for (const { name, run } of way.cases) await check(`${way.name}: ${name}`, () => runCase(browser, way, run));
  } finally {
    await browser.close();
  }
}

/** Of a chat without the rooms of the cases. */
async function screenshots() {
  await server.start();
  const browser = await launch([]);
  try {
    await takeScreenshots(browser, server, options.screenshots);
  } finally {
    await browser.close();
    await server.stop();
  }
}

function launch(flags) {
  return launchChromium(chromium, options.chromium, flags);
}

async function runCase(browser, way, run) {
  const windows = [];
  const open = async (how) => {
    const window = await ChatWindow.open(browser, server.addresses[way.scheme], how);
    windows.push(window);
    return window;
  };
  try {
    rooms += 1;
    await run({ open, room: `room-${rooms}`, server, way });
    const errors = windows.flatMap((window) => window.errors);
    if (errors.length > 0) throw new Error(`the browser complains: ${errors.join("; ")}`);
  } finally {
    await Promise.all(windows.map((window) => window.close()));
    if (server.child.exitCode !== null || server.child.signalCode !== null) await server.start();
  }
}

async function check(name, run) {
  if (!name.includes(options.only)) return;
  try {
    await run();
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`failed: ${name}: ${error.message}`);
  }
}
