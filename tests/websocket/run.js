// A page in a browser uses the WebSocket echo: over HTTP/2 and HTTP/1.1, TLS 1.2, TLS 1.3 and clear text.
//
// usage: node run.js --echo PROGRAM [--chromium PROGRAM | --firefox PROGRAM] [--screenshots FOLDER]
// In Chromium, searched on the PATH, unless a browser is named; screenshots are taken in Chromium alone.
// It prints one line for each case that failed, and ends with `N passed, N failed`.

import path from "node:path";
import { parseArgs } from "node:util";
import { Server } from "../chat/server.js";
import { cases } from "./cases.js";
import * as chromium from "./chromium.js";
import * as firefox from "./firefox.js";
import { EchoWindow } from "./window.js";

const WAYS = [
  { scheme: "https", tls: "TLS 1.3", http: "HTTP/2.0" },
  { scheme: "https", tls: "TLS 1.2", http: "HTTP/2.0" },
  { scheme: "https", tls: "TLS 1.3", http: "HTTP/1.1" },
  { scheme: "https", tls: "TLS 1.2", http: "HTTP/1.1" },
  { scheme: "http", tls: undefined, http: "HTTP/1.1" },
];

const { values: options } = parseArgs({
  options: {
    echo: { type: "string" },
    chromium: { type: "string" },
    firefox: { type: "string" },
    screenshots: { type: "string" },
  },
});
if (options.echo === undefined) {
  console.error("name the echo: --echo PROGRAM");
  process.exit(2);
}

const launch = (way) =>
  options.firefox === undefined ? chromium.launch(options.chromium, way) : firefox.launch(options.firefox, way);
let passed = 0;
let failed = 0;
const server = new Server(options.echo);
await server.start();
for (const way of WAYS) {
  const browser = await launch(way);
  for (const { name, run } of cases) {
    await check(`${way.http}, ${way.tls ?? "clear text"}: ${name}`, async () => {
      const window = await EchoWindow.open(browser, server.addresses[way.scheme]);
      try {
        await run(window, way);
        if (window.errors.length > 0) throw new Error(`the browser complains: ${window.errors.join("; ")}`);
      } finally {
        await window.close();
      }
    });
  }
  await browser.close();
}
if (options.screenshots !== undefined) await check("screenshots", screenshots);
await check("a stop of the server is a close with 1001", async () => {
  const browser = await launch(WAYS[0]);
  const window = await EchoWindow.open(browser, server.addresses.https);
  await window.sees("state", "open");
  const stopping = server.stop("SIGINT");
  await window.sees("closed", "1001");
  await browser.close();
  const code = await stopping;
  if (code !== 0) throw new Error(`the exit code is ${code}`);
});
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function screenshots() {
  const browser = await launch(WAYS[0]);
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1000, 360]) {
      const window = await EchoWindow.open(browser, server.addresses.https, {
        colorScheme,
        viewport: { width, height: 900 },
      });
      await window.sees("state", "open");
      await window.send("hello, hello, hello", "text");
      await window.send("bytes", "binary");
      await window.sees("received", ["62 79 74 65 73", "hello, hello, hello"]);
      await window.screenshot(path.join(options.screenshots, `echo-${colorScheme}-${width}.png`));
      await window.close();
    }
  }
  await browser.close();
}

async function check(name, run) {
  try {
    await run();
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`failed: ${name}: ${error.message}`);
  }
}
