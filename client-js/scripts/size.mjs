/*
 * Prints what the client adds to a page: what the page imports, bundled and minified by esbuild from dist/, then brotli
 * at its best as a web server would keep it. Fails above the limits.
 */

import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./bundle.mjs";

const WEBSOCKET = 'export { HubConnectionBuilder } from "hubcast/websocket";';
const ALL = 'export { HubConnectionBuilder } from "hubcast";';
const MESSAGEPACK = 'export { MessagePackHubProtocol } from "hubcast/messagepack";';

const measured = [
  { name: "websocket-json", contents: WEBSOCKET, limit: 5000 },
  { name: "all-transports", contents: ALL, limit: 8000 },
  { name: "with-messagepack", contents: ALL + MESSAGEPACK, limit: 11_000 },
];

for (const { name, contents, limit } of measured) {
  const { outputFiles } = await build({
    // A package may import itself as others do.
    stdin: { contents, resolveDir: root },
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
