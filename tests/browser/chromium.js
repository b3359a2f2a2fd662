// How the suites in a browser start Chromium: found on the PATH, headless, silent towards the outside.
//
// Rule: no import from a package, because this folder has none installed. `playwright-core` comes from the suite's own.

import { findProgram } from "./program.js";

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
  return chromium.launch({ executablePath: program ?? findProgram(NAMES, "Chromium"), headless: true, args: [...FLAGS, ...flags] });
}
