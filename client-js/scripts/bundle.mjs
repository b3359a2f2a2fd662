/*
 * What dist/ holds: a module for each entry point, in browser/ another for those that are smaller there, the
 * declarations of their types, and `hubcast.js`, the whole client minified, for pages without a build step. Equal
 * sources give equal bytes.
 *
 * The modules are not minified: who bundles them does that, and can leave out what is not used.
 */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("..", import.meta.url));

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** What esbuild is told for every module. */
export const options = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  platform: "neutral",
  external: ["node:*", "react"],
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  define: { PACKAGE_VERSION: JSON.stringify(manifest.version), BROWSER: "false", COOKIES: "true" },
};

/**
 * Properties that only modules of the client itself read and write, so that they can be renamed to something short. A
 * name that a user, a browser or Node may see must not be among them.
 */
const INTERNAL = [
  ["replayLimit", "opened", "ended", "endpoint", "received", "sink", "format", "dial", "reconnect", "reopen"],
  ["statefulReconnect", "inherentKeepAlive", "tokenFactory", "openers", "isSupported", "http"],
  ["keep", "accepts", "replay", "listen", "sent", "fail", "times", "create", "token", "options"],
];

const client = { ...options, mangleProps: new RegExp(`^(${INTERNAL.flat().join("|")})$`) };

/** The entry points by the names of their files in src/ and dist/. */
export const entries = files("default");

/** Those that have a file of their own in dist/browser/. */
export const browserEntries = files("browser");

/** Writes all of dist/ into a folder. */
export async function bundle(folder) {
  const others = entries.filter((name) => !browserEntries.includes(name));
  await build({ ...options, entryPoints: sources(others), outdir: folder });
  await build({ ...client, entryPoints: sources(browserEntries), outdir: folder });
  const page = { ...client, define: { ...client.define, COOKIES: "false" } };
  const define = { ...page.define, BROWSER: "true" };
  await build({ ...client, define, entryPoints: sources(browserEntries), outdir: join(folder, "browser") });
  await build({ ...page, entryPoints: ["src/index.ts"], minify: true, outfile: join(folder, "hubcast.js") });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = ["-p", "tsconfig.types.json", "--outDir", join(folder, "types")];
  execFileSync(process.execPath, [compiler, ...args], { cwd: root, stdio: "inherit" });
}

function files(condition) {
  return Object.values(manifest.exports)
    .map((target) => target[condition]?.match(/([\w-]+)\.js$/)[1])
    .filter((name) => name !== undefined);
}

function sources(names) {
  return names.map((name) => `src/${name}.ts`);
}
