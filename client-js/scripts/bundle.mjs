/*
 * What dist/ holds: one minified ES module and the declarations of its types. Equal sources give equal bytes.
 */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Writes `hubcast.js` and `types/` into a folder. */
export async function bundle(folder) {
  await build({
    absWorkingDir: root,
    entryPoints: ["src/index.ts"],
    outfile: join(folder, "hubcast.js"),
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
  });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = ["-p", "tsconfig.types.json", "--outDir", join(folder, "types")];
  execFileSync(process.execPath, [compiler, ...args], { cwd: root, stdio: "inherit" });
}
