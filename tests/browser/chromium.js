// How the suites in a browser start Chromium: found on the PATH, headless, silent towards the outside.
//
// Rule: no import from a package, because this folder has none installed. `playwright-core` comes from the suite's own.

import { accessSync, constants } from "node:fs";
import path from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * @param chromium the browser type of `playwright-core`
 * @param program the path of Chromium, or undefined to search the PATH; throws when it is not there
 * @param flags switches beside those that every suite needs
 */
export function launchChromium(chromium, program, flags) {
  return chromium.launch({ executablePath: program ?? findChromium(), headless: true, args: [...FLAGS, ...flags] });
}

function findChromium() {
  for (const folder of process.env.PATH.split(path.delimiter)) {
    for (const name of NAMES) {
      const program = path.join(folder, name);
      try {
        accessSync(program, constants.X_OK);
        return program;
      } catch {
        continue;
      }
    }
  }
  throw new Error("there is no Chromium on the PATH: install it or name it with --chromium");
}
