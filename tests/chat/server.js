// The chat as a child of the suite, which can end it by its id and start it again on the same ports.
//
// Rule: it counts as ready when it has printed both addresses, which it does once it listens.

import { spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import readline from "node:readline";

const READY_LIMIT_MS = 30_000;
const END_LIMIT_MS = 20_000;

export class Server {
  /** @param program the chat's path */
  constructor(program) {
    this.program = program;
    process.once("exit", () => this.child?.kill("SIGKILL"));
  }

  /** Starts on two ports that are free, and afterwards always on the same. */
  async start() {
    this.port ??= await twoFreePorts();
    this.child = spawn(this.program, ["--port", String(this.port)], { stdio: ["ignore", "pipe", "inherit"] });
    this.ended = once(this.child, "exit");
    this.ended.catch(() => {});
    this.addresses = await withinLimit(this.#printedAddresses(), READY_LIMIT_MS, "the chat does not start");
  }

  /** Ends the chat and gives its exit code, `null` if the signal ended it. */
  async stop(signal = "SIGTERM") {
    this.child.kill(signal);
    const [code] = await withinLimit(this.ended, END_LIMIT_MS, `the chat did not end after ${signal}`);
    return code;
  }

  async restart(signal) {
    await this.stop(signal);
    await this.start();
  }

  async #printedAddresses() {
    const addresses = {};
    for await (const line of readline.createInterface({ input: this.child.stdout })) {
      const [, address, scheme] = line.match(/^ +((https?):\/\/localhost:\d+) /) ?? [];
      if (scheme !== undefined) addresses[scheme] = address;
      if (addresses.http !== undefined && addresses.https !== undefined) {
        this.child.stdout.resume();
        return addresses;
      }
    }
    await this.ended;
    throw new Error("the chat ended before it had printed two addresses");
  }
}

/** The first of two ports in a row that are free. */
async function twoFreePorts() {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = await listen(0);
    const { port } = first.address();
    const second = await listen(port + 1).catch(() => undefined);
    first.close();
    second?.close();
    if (second !== undefined) return port;
  }
  throw new Error("there are no two free ports in a row");
}

async function listen(port) {
  const server = net.createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function withinLimit(promise, limit, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
