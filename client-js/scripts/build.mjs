/*
 * Writes dist/, which is committed: the hubcast crate serves it, and its users need no Node.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { bundle, root } from "./bundle.mjs";

const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });
await bundle(dist);
