/*
 * Fails when a snippet of README.md or docs/ does not compile against the sources.
 *
 * Each block marked `ts` or `tsx` is a module of its own. It may use what docs-prelude.d.ts declares, and what another
 * block of its page is named as: ```ts chat-hub.ts
 * A line that ends with `// error: …` must not compile.
 */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bundle.mjs";

// Inside node_modules, so that packages are found and nothing has to be ignored.
const folder = join(root, "node_modules", ".cache", "docs");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
cpSync(join(root, "scripts", "docs-prelude.d.ts"), join(folder, "docs-prelude.d.ts"));

let count = 0;
const pages = ["README.md", ...readdirSync(join(root, "docs")).map((name) => join("docs", name))];
for (const page of pages) {
  const lines = readFileSync(join(root, page), "utf8").split("\n");
  const place = join(folder, page.replace(/\.md$/, ""));
  mkdirSync(place, { recursive: true });
  lines.forEach((line, index) => {
    const [, language, name] = line.match(/^```(tsx?)(?: (\S+))?$/) ?? [];
    if (language) {
      const end = lines.indexOf("```", index);
      // At the same lines as in the page, so that the compiler's words point there.
      const code = "\n".repeat(index) + expectingErrors(lines.slice(index, end)).join("\n") + "\nexport {};\n";
      writeFileSync(join(place, name ?? `line-${index + 1}.${language}`), code);
      count++;
    }
  });
}

/** The block without its first line, which is the fence. */
function expectingErrors([, ...block]) {
  const code = ["", ...block];
  block.forEach((line, index) => {
    if (line.includes("// error: ")) {
      code[index] = `${code[index].replace(/ \/\/ .*/, "")} // @ts-expect-error`;
    }
  });
  return code;
}

const sources = join(root, "src");
const compilerOptions = {
  noUnusedLocals: false,
  noUnusedParameters: false,
  jsx: "react-jsx",
  allowImportingTsExtensions: true,
  // As in a user's project, whose own module may have any name.
  module: "esnext",
  moduleResolution: "bundler",
  paths: { hubcast: [join(sources, "index.ts")], "hubcast/*": [join(sources, "*.ts")] },
};
const config = join(folder, "tsconfig.json");
writeFileSync(config, JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, include: ["."] }));
try {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  execFileSync(process.execPath, [compiler, "-p", config], { cwd: folder, stdio: "inherit" });
  console.log(`${count} snippets of ${pages.length} pages compile`);
} catch {
  process.exitCode = 1;
}
