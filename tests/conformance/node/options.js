// The options that the suites of this package share.

import { parseArgs } from "node:util";
import { KEY } from "./tokens.js";

/**
 * Reads the command line; `without` is a list, `servers` the command for each list of cases, undefined where the server
 * lacks what the list is about, `chosen` gives those of the cases that `--only` names. Ends the process with a message when
 * the server is not named.
 */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      server: { type: "string" },
      port: { type: "string", default: "22000" },
      log: { type: "string" },
      url: { type: "string" },
      without: { type: "string", default: "" },
      only: { type: "string", default: "" },
      hubcast: { type: "string" },
      http2: { type: "boolean", default: false },
      chromium: { type: "string" },
      firefox: { type: "string" },
    },
  });
  if (values.server === undefined && values.url === undefined) {
    console.error('name the server: --server "COMMAND {port}" --port P, or --url URL');
    process.exit(2);
  }
  const without = values.without.split(",").filter((need) => need !== "");
  if (values.server === undefined) without.push("restart", "jwt");
  const guarded = without.includes("jwt") ? undefined : `${values.server} --jwt-key "${KEY}"`;
  const chosen = (where, cases) => cases.filter(({ name }) => `${where}: ${name}`.includes(values.only));
  return { ...values, port: Number(values.port), without, servers: { open: values.server, guarded }, chosen };
}
