// The folder that the bench server serves to the browser: the page, the cases and the clients' own builds.

import { copyFile, cp } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const microsoft = path.join(here, "node_modules/@microsoft");

/** Copies everything into `folder`; `hubcast` is the path of our client's build, or undefined. */
export async function fillWebFolder(folder, hubcast) {
  const files = {
    "index.html": path.join(here, "page/index.html"),
    "page.js": path.join(here, "page/page.js"),
    "arrivals.js": path.join(here, "arrivals.js"),
    "bench.js": path.join(here, "bench.js"),
    "cases.js": path.join(here, "cases.js"),
    "signalr.js": path.join(microsoft, "signalr/dist/browser/signalr.min.js"),
    "signalr-protocol-msgpack.js": path.join(microsoft, "signalr-protocol-msgpack/dist/browser/signalr-protocol-msgpack.min.js"),
  };
  if (hubcast !== undefined) files["hubcast.js"] = hubcast;
  await cp(path.join(here, "cases"), path.join(folder, "cases"), { recursive: true });
  for (const [name, source] of Object.entries(files)) await copyFile(source, path.join(folder, name));
}
