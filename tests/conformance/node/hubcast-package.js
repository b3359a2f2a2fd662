// Our package as its `exports` offer it, from the folder that holds its package.json.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

export class HubcastPackage {
  #exports;

  static async open(folder) {
    const found = new HubcastPackage();
    found.folder = path.resolve(folder);
    found.#exports = JSON.parse(await readFile(path.join(found.folder, "package.json"), "utf8")).exports;
    return found;
  }

  /** The module of an entry point such as `./messagepack`, as Node gets it. */
  import(entry) {
    return import(pathToFileURL(path.join(this.folder, this.#file(entry, ["node", "import", "default"]))));
  }

  /** An import map's `imports` of all entry points as browsers get them, with the package's files below `address`. */
  imports(address) {
    const imports = {};
    for (const entry of Object.keys(this.#exports)) {
      const file = this.#file(entry, ["browser", "import", "default"]);
      if (file !== undefined) imports[path.posix.join("hubcast", entry)] = path.posix.join(address, file);
    }
    return imports;
  }

  /** The first file whose condition holds; undefined where the entry point is not for this platform. */
  #file(entry, conditions, found = this.#exports[entry]) {
    if (typeof found !== "object" || found === null) return found ?? undefined;
    for (const [condition, below] of Object.entries(found)) {
      if (conditions.includes(condition)) return this.#file(entry, conditions, below);
    }
    return undefined;
  }
}
