// The options that the suites of this package share.

import { parseArgs } from "node:util";

/** Reads the command line; `without` is a list. Ends the process with a message when the server is not named. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      server: { type: "string" },
      port: { type: "string", default: "22000" },
      log: { type: "string" },
      url: { type: "string" },
      without: { type: "string", default: "" },
      hubcast: { type: "string" },
      chromium: { type: "string" },
    },
  });
  if (values.server === undefined && values.url === undefined) {
    console.error('name the server: --server "COMMAND {port}" --port P, or --url URL');
    process.exit(2);
  }
  return { ...values, port: Number(values.port), without: values.without.split(",").filter((need) => need !== "") };
}
