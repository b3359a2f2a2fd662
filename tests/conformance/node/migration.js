// Changing the import is the whole migration, in a page too: the application of `e2e/migration` in our package's folder, which
// is written for the official packages, sees the same when ours are bundled in their place.

import { createRequire } from "node:module";
import path from "node:path";

export const claim = "an application sees the same with the import replaced";

/** What the application needs of a server. */
export const needs = ["messagepack", "users"];

const APPLICATIONS = {
  official: {},
  hubcast: { "@microsoft/signalr": "hubcast", "@microsoft/signalr-protocol-msgpack": "hubcast/messagepack" },
};

/**
 * Writes a module for each application into `folder`; `hubcast` is the folder of our package. Gives what is missing
 * if that cannot be: what its own tests need may not be installed there.
 */
export async function bundleApplications(folder, hubcast) {
  const packageFolder = path.resolve(hubcast);
  const { build } = esbuildOf(packageFolder) ?? {};
  if (build === undefined) return `esbuild in ${hubcast}`;
  for (const [name, alias] of Object.entries(APPLICATIONS)) {
    await build({
      absWorkingDir: packageFolder,
      entryPoints: ["e2e/migration/app.ts"],
      outfile: path.join(folder, `${name}.js`),
      alias,
      bundle: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      // The official client asks for packages in Node alone.
      logLevel: "error",
    });
  }
  return undefined;
}

/** What one of the applications saw and the other did not; `runIn` runs the one with a name. Empty if there is nothing. */
export async function differences(runIn) {
  const [official, replaced] = [await runIn("official"), await runIn("hubcast")];
  const scenarios = Object.keys({ ...official, ...replaced });
  if (scenarios.length === 0) return "nothing was seen";
  return scenarios
    .map((scenario) => [scenario, JSON.stringify(official[scenario]), JSON.stringify(replaced[scenario])])
    .filter(([, before, after]) => before !== after)
    .map(([scenario, before, after]) => `${scenario}: ${before} became ${after}`)
    .join("; ");
}

function esbuildOf(packageFolder) {
  try {
    return createRequire(path.join(packageFolder, "package.json"))("esbuild");
  } catch (error) {
    if (error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
