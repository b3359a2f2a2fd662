// Where a browser is: the first of its names on the PATH.

import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Throws when none of the `names` is there; `browser` is what the message calls it. */
export function findProgram(names, browser) {
  for (const folder of process.env.PATH.split(path.delimiter)) {
    for (const name of names) {
      const program = path.join(folder, name);
      try {
        accessSync(program, constants.X_OK);
        return program;
      } catch {
        continue;
      }
    }
  }
  throw new Error(`there is no ${browser} on the PATH: install it or name it with --${browser.toLowerCase()}`);
}
