/*
 * Prints the size of the bundle, brotli at its best as a web server would keep it. Fails above the limit.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { root } from "./bundle.mjs";

const LIMIT = 5700;

const bytes = readFileSync(join(root, "dist", "hubcast.js"));
const size = brotliCompressSync(bytes).length;
console.log(`websocket-json ${size}`);
if (size > LIMIT) {
  console.error(`The limit is ${LIMIT}.`);
  process.exitCode = 1;
}
