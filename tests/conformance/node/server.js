// A bench server as a child of the suite, which can end it by its id and start it again on the same port.
//
// Rule: it counts as ready once it accepts connections on its ports, clear text and TLS for a bench server, so any server
// fits.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import net from "node:net";

const READY_LIMIT_MS = 60_000;
const END_LIMIT_MS = 60_000;

export class Server {
  /**
   * @param command with `{port}` and perhaps `{web}` in it; run without a shell.
   * @param places `log`: the file that what it writes to stderr is added to; `web`: a folder to serve; `ports`: all on
   *   which it listens.
   */
  constructor(command, port, { log, web = "", ports = [port, port + 2] } = {}) {
    const words = command.match(/"[^"]*"|\S+/g).map((word) => word.replaceAll('"', ""));
    this.words = words.map((word) => word.replaceAll("{port}", port).replaceAll("{web}", web));
    this.ports = ports;
    this.stderr = log === undefined ? "ignore" : openSync(log, "a");
    process.once("exit", () => this.child?.kill("SIGKILL"));
  }

  async start() {
    const [program, ...args] = this.words;
    this.child = spawn(program, args, { stdio: ["ignore", "ignore", this.stderr] });
    this.ended = once(this.child, "exit");
    const failed = this.ended.then(
      () => Promise.reject(new Error(`the server ended: ${this.words.join(" ")}`)),
      (error) => Promise.reject(new Error(`the server does not start: ${error.message}`)),
    );
    failed.catch(() => {});
    for (const port of this.ports) await Promise.race([accepts(port), failed]);
  }

  /** Ends the server with `signal`; what does not end in time is killed and reported. */
  async stop(signal = "SIGTERM") {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.child.kill("SIGKILL");
    }, END_LIMIT_MS);
    this.child.kill(signal);
    await this.ended;
    clearTimeout(timer);
    if (late) throw new Error(`the server did not end ${END_LIMIT_MS / 1000} s after ${signal}`);
  }

  async restart(signal) {
    await this.stop(signal);
    await this.start();
  }
}

async function accepts(port) {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await answers(port))) {
    if (Date.now() > deadline) throw new Error(`nothing listens on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
