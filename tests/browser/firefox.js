// How the suites in a browser start Firefox: found on the PATH, headless, in a new profile, silent towards the outside,
// driven over WebDriver BiDi.
//
// Rule: no import from a package, because this folder has none installed. The WebSocket class comes from the suite's own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { BiDi } from "./bidi.js";
import { findProgram } from "./program.js";

const NAMES = ["firefox-esr", "firefox"];
const START_LIMIT_MS = 60_000;
const END_LIMIT_MS = 20_000;
const EVENTS = ["log.entryAdded", "network.beforeRequestSent", "network.responseCompleted", "script.message"];

/** Nothing is asked of any server but the one under test. */
const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "app.update.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.safebrowsing.blockedURIs.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage": "about:blank",
  "browser.startup.page": 0,
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.push.connection.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "geo.provider.network.url": "",
  "media.gmp-manager.updateEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.disablePrefetch": true,
  "network.http.speculative-parallel-limit": 0,
  "network.prefetch-next": false,
  "network.trr.mode": 5,
  "security.OCSP.enabled": 0,
  "services.settings.server": "data:,",
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.server": "data:,",
};

/**
 * @param WebSocket a class as browsers have it
 * @param program the path of Firefox, or undefined to search the PATH; throws when it is not there
 * @param preferences beside those that every suite needs
 */
export async function launchFirefox(WebSocket, program, preferences) {
  const profile = await mkdtemp(path.join(os.tmpdir(), "firefox-"));
  const lines = Object.entries({ ...PREFERENCES, ...preferences }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(path.join(profile, "user.js"), lines.join(""));
  const flags = ["--headless", "--no-remote", "--new-instance", "--profile", profile, "--remote-debugging-port", "0"];
  const child = spawn(program ?? findProgram(NAMES, "Firefox"), [...flags, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, MOZ_HEADLESS: "1" },
  });
  const firefox = new Firefox(child, profile);
  try {
    const session = await BiDi.open(WebSocket, await addressOf(child), { acceptInsecureCerts: true });
    await session.send("session.subscribe", { events: EVENTS });
    firefox.session = session;
  } catch (error) {
    await firefox.close();
    throw error;
  }
  return firefox;
}

class Firefox {
  #child;
  #profile;
  #ended;

  constructor(child, profile) {
    this.#child = child;
    this.#profile = profile;
    this.#ended = once(child, "exit").catch(() => {});
    this.kill = () => child.kill("SIGKILL");
    process.once("exit", this.kill);
  }

  /** A new tab; `functions` are what the page may call as `callRunner(name, ...arguments)`. */
  async open(functions) {
    const { context } = await this.session.send("browsingContext.create", { type: "tab" });
    const tab = new Tab(this.session, context, functions);
    await tab.prepare();
    return tab;
  }

  /** Ends the program and removes its profile. */
  async close() {
    const timer = setTimeout(this.kill, END_LIMIT_MS);
    if (this.session === undefined) this.kill();
    else await this.session.send("browser.close", {}).catch(this.kill);
    await this.#ended;
    clearTimeout(timer);
    process.off("exit", this.kill);
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Tab {
  /** The text of every uncaught error, unhandled rejections included. */
  uncaught = [];
  /** The text of what the console shows as an error: what scripts logged, and what the browser says itself. */
  logged = [];
  /** Is told of each request before it is sent, and when that was, in the words of WebDriver BiDi. */
  onRequest = () => {};
  /** Is told of each request and its response. */
  onResponse = () => {};
  #session;
  #context;
  #functions;

  constructor(session, context, functions) {
    this.#session = session;
    this.#context = context;
    this.#functions = functions;
    session.on("log.entryAdded", ({ source, level, text }) => {
      if (source.context === context && level === "error") this.logged.push(text);
    });
    session.on("network.beforeRequestSent", ({ context: of, request, timestamp }) => {
      if (of === context) this.onRequest(request, timestamp);
    });
    session.on("network.responseCompleted", ({ context: of, request, response }) => {
      if (of === context) this.onResponse(request, response);
    });
    session.on("script.message", ({ channel, data }) => {
      if (channel !== context) return;
      const { uncaught, ...call } = JSON.parse(data.value);
      if (uncaught === undefined) this.#called(call);
      else this.uncaught.push(uncaught);
    });
  }

  async prepare() {
    await this.#session.send("script.addPreloadScript", {
      functionDeclaration: String(connectToRunner),
      arguments: [{ type: "channel", value: { channel: this.#context } }],
      contexts: [this.#context],
    });
  }

  /** Loads a page, its modules included. */
  async goto(url) {
    await this.#session.send("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  /** What the page's global function of this name gives. Arguments and result travel as JSON. */
  call(name, ...given) {
    return this.evaluate((name, given) => window[name](...given), name, given);
  }

  /** The same of a function that closes over nothing. */
  async evaluate(work, ...given) {
    const { type, result, exceptionDetails } = await this.#session.send("script.callFunction", {
      functionDeclaration: `async (given) => JSON.stringify(await (${work})(...JSON.parse(given)))`,
      arguments: [{ type: "string", value: JSON.stringify(given) }],
      awaitPromise: true,
      target: { context: this.#context },
    });
    if (type === "exception") throw new Error(exceptionDetails.text);
    return result.type === "string" ? JSON.parse(result.value) : undefined;
  }

  async close() {
    await this.#session.send("browsingContext.close", { context: this.#context });
  }

  async #called({ id, name, given }) {
    const outcome = await Promise.resolve(given).then((given) => this.#functions[name](...given)).then(
      (value) => ({ value }),
      (error) => ({ error: error.message }),
    );
    await this.call("answerFromRunner", id, outcome).catch(() => {});
  }
}

/** Runs in the page before all else. */
function connectToRunner(send) {
  window.addEventListener("error", ({ message }) => send(JSON.stringify({ uncaught: message })));
  window.addEventListener("unhandledrejection", ({ reason }) => send(JSON.stringify({ uncaught: String(reason) })));
  const waiting = [];
  window.callRunner = (name, ...given) =>
    new Promise((resolve, reject) => send(JSON.stringify({ id: waiting.push({ resolve, reject }) - 1, name, given })));
  window.answerFromRunner = (id, { value, error }) =>
    error === undefined ? waiting[id].resolve(value) : waiting[id].reject(new Error(error));
}

/** Where Firefox, as it prints, takes WebDriver BiDi. */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("Firefox does not offer WebDriver BiDi")), START_LIMIT_MS);
    child.once("error", reject);
    child.once("exit", () => reject(new Error("Firefox ended as it started")));
    createInterface(child.stderr).on("line", (line) => {
      const found = /^WebDriver BiDi listening on (ws:\S+)/.exec(line);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found[1]);
    });
  });
}
