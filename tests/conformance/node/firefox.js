// The suite in Firefox: browser-suite.js says what runs.
//
// usage: node firefox.js --server "COMMAND {port} {web}" --port P [--hubcast FOLDER] [--firefox PROGRAM] [--only TEXT]
//        [--log FILE] [--without …]
//        http on P, https on P + 2; --hubcast runs our client from the folder of its package, not the official one

import WebSocket from "ws";
import { launchFirefox } from "../../browser/firefox.js";
import { runInBrowser } from "./browser-suite.js";
import { FirefoxTab } from "./firefox-tab.js";
import { readOptions } from "./options.js";

const options = readOptions();
await runInBrowser(async (http2) => {
  const firefox = await launchFirefox(WebSocket, options.firefox, { "network.http.http2.enabled": http2 });
  return { open: (functions) => FirefoxTab.open(firefox, functions), close: () => firefox.close() };
}, options);
