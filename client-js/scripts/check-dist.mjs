/*
 * Fails when dist/ is not what the sources give.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, root } from "./bundle.mjs";

const fresh = mkdtempSync(join(tmpdir(), "hubcast-dist-"));
try {
  await bundle(fresh);
  const stale = differences(files(fresh), files(join(root, "dist")));
  for (const name of stale) {
    console.error(`stale: dist/${name}`);
  }
  if (stale.length > 0) {
    console.error("Run `npm run build` and commit dist/.");
    process.exitCode = 1;
  } else {
    console.log("dist/ is what the sources give");
  }
} finally {
  rmSync(fresh, { recursive: true });
}

function files(folder) {
  const found = new Map();
  const names = statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder, { recursive: true }) : [];
  for (const name of names) {
    const path = join(folder, name);
    if (statSync(path).isFile()) {
      found.set(name, readFileSync(path));
    }
  }
  return found;
}

function differences(wanted, got) {
  const names = new Set([...wanted.keys(), ...got.keys()]);
  const same = (name) => wanted.has(name) && got.has(name) && wanted.get(name).equals(got.get(name));
  return [...names].filter((name) => !same(name)).sort();
}
