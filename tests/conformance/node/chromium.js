// The suite in Chromium: browser-suite.js says what runs.
//
// usage: node chromium.js --server "COMMAND {port} {web}" --port P [--hubcast FOLDER] [--chromium PROGRAM] [--only TEXT]
//        [--log FILE] [--without …]
//        http on P, https on P + 2; --hubcast runs our client from the folder of its package, not the official one

import { chromium } from "playwright-core";
import { launchChromium } from "../../browser/chromium.js";
import { runInBrowser } from "./browser-suite.js";
import { ChromiumTab } from "./chromium-tab.js";
import { readOptions } from "./options.js";

const options = readOptions();
await runInBrowser(async (http2) => {
  const browser = await launchChromium(chromium, options.chromium, http2 ? [] : ["--disable-http2"]);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  return { open: (functions) => ChromiumTab.open(context, functions), close: () => browser.close() };
}, options);
