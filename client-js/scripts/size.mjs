/*
 * Prints what the client adds to a page: each entry point whole, bundled and minified by esbuild from dist/, then
 * brotli at its best as a web server would keep it. Fails above the limits.
 */

import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./bundle.mjs";

const measured = [
  { name: "websocket-json", modules: ["hubcast/websocket"], limit: 5000 },
  { name: "all-transports", modules: ["hubcast"], limit: 8000 },
  { name: "with-messagepack", modules: ["hubcast", "hubcast/messagepack"], limit: 11_000 },
];

for (const { name, modules, limit } of measured) {
  const { outputFiles } = await build({
    // A package may import itself as others do.
    stdin: { contents: modules.map((module) => `export * from "${module}";`).join("\n"), resolveDir: root },
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
