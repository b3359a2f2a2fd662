/*
 * Prints what the client adds to a page: each entry point whole, bundled and minified by esbuild from dist/, then
 * brotli at its best as a web server would keep it. Fails above the limits.
 */

import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { entries, root } from "./bundle.mjs";

const measured = [
  { name: "websocket-json", modules: ["websocket"], limit: 5000 },
  { name: "all-transports", modules: ["index"], limit: 8000 },
  { name: "with-messagepack", modules: ["index", "messagepack"], limit: 11_000 },
];

for (const { name, modules, limit } of measured) {
  const source = modules.filter((module) => entries.includes(module)).map((module) => `export * from "./${module}.js";`);
  const { outputFiles } = await build({
    stdin: { contents: source.join("\n"), resolveDir: join(root, "dist") },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    write: false,
  });
  const size = brotliCompressSync(outputFiles[0].contents).length;
  console.log(`${name} ${size}`);
  if (size > limit) {
    console.error(`The limit of ${name} is ${limit}.`);
    process.exitCode = 1;
  }
}
