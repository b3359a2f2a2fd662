/*
 * Compiles src/ to dist/, which is committed: the program holds it, and who runs the chat needs no Node.
 *
 * With `--check` nothing is written, and a dist/ that is not what src/ gives is a failure.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
if (process.argv.includes("--check")) {
  check();
} else {
  rmSync(dist, { recursive: true, force: true });
  process.exitCode = compile(dist);
}

function check() {
  const fresh = mkdtempSync(join(tmpdir(), "chat-page-"));
  try {
    process.exitCode = compile(fresh);
    const names = new Set([...readdirSync(fresh), ...readdirSync(dist)]);
    const stale = [...names].filter((name) => text(join(fresh, name)) !== text(join(dist, name)));
    for (const name of stale.sort()) console.error(`stale: dist/${name}`);
    if (stale.length > 0) {
      console.error("Run `npm run build` and commit dist/.");
      process.exitCode = 1;
    }
  } finally {
    rmSync(fresh, { recursive: true });
  }
}

function compile(folder) {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [compiler, "--outDir", folder], { cwd: root, stdio: "inherit" });
  return status ?? 1;
}

function text(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
