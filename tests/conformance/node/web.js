// The folder that the bench server serves to the browser: the page, the cases and the client's own build.

import { copyFile, cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { HubcastPackage } from "./hubcast-package.js";

const here = path.dirname(fileURLToPath(import.meta.url));
const microsoft = path.join(here, "node_modules/@microsoft");
const FILES = ["page/page.js", "arrivals.js", "bench.js", "cases.js", "sockets.js", "visit.js"];

/** Copies everything into `folder`; `hubcast` is the folder of our package, undefined for the official client. */
export async function fillWebFolder(folder, hubcast) {
  for (const file of FILES) await copyFile(path.join(here, file), path.join(folder, path.basename(file)));
  await cp(path.join(here, "cases"), path.join(folder, "cases"), { recursive: true });
  const imports = hubcast === undefined ? await addOfficial(folder) : await addHubcast(folder, hubcast);
  const page = await readFile(path.join(here, "page/index.html"), "utf8");
  await writeFile(path.join(folder, "index.html"), page.replace("{importmap}", JSON.stringify({ imports })));
}

async function addOfficial(folder) {
  const files = {
    "client.js": path.join(here, "page/official.js"),
    "signalr.js": path.join(microsoft, "signalr/dist/browser/signalr.min.js"),
    "signalr-protocol-msgpack.js": path.join(microsoft, "signalr-protocol-msgpack/dist/browser/signalr-protocol-msgpack.min.js"),
  };
  for (const [name, source] of Object.entries(files)) await copyFile(source, path.join(folder, name));
  return {};
}

async function addHubcast(folder, hubcast) {
  const found = await HubcastPackage.open(hubcast);
  await copyFile(path.join(here, "page/hubcast.js"), path.join(folder, "client.js"));
  await cp(path.join(found.folder, "dist"), path.join(folder, "hubcast/dist"), { recursive: true });
  return found.imports("/hubcast");
}
