/*
 * Runs the spec files: those of src/, or with `--e2e` [URL] those of e2e/ against a bench hub. Those of src/react/ run twice,
 * in the newest React and in the oldest that the package is for.
 *
 * The last line is `N passed, N failed, N skipped`.
 */

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { build } from "esbuild";
import { options, root } from "./bundle.mjs";

const [mode, url] = process.argv.slice(2);
const folder = mode === "--e2e" ? "e2e" : "src";
if (url) {
  process.env.HUB_URL = url;
}
if (folder === "e2e" && !process.env.HUB_URL) {
  console.error("Give the bench hub's address: npm run test:e2e -- http://127.0.0.1:5000/bench");
  process.exit(2);
}

process.chdir(root);
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --disable-warning=ExperimentalWarning`;
const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".spec.ts"));
// Inside node_modules, so that packages are found and nothing has to be ignored.
const outdir = join(root, "node_modules", ".cache", `specs-${folder}`);
rmSync(outdir, { recursive: true, force: true });
const external = [...options.external, "ws", "happy-dom", "esbuild", "@microsoft/*"];
const specs = {
  ...options,
  outbase: folder,
  outExtension: { ".js": ".mjs" },
  define: { ...options.define, REACT: '"19"' },
  // The end-to-end specs use the package as it is built.
  alias: {
    "hubcast/http2": join(root, "dist", "http2.js"),
    "hubcast/react": join(root, "dist", "react.js"),
    hubcast: join(root, "dist", "hubcast.js"),
  },
  external: [...external, "react-dom"],
  platform: "node",
  target: "node20",
  sourcemap: "inline",
  logLevel: "warning",
};
await build({ ...specs, entryPoints: names.map((name) => join(folder, name)), outdir });
const reactNames = folder === "src" ? names.filter((name) => name.startsWith("react")) : [];
await build({
  ...specs,
  entryPoints: reactNames.map((name) => join(folder, name)),
  outdir: join(outdir, "react-18"),
  define: { ...options.define, REACT: '"18"' },
  // Bundled, because react-dom asks for a package with the name "react".
  alias: { react: "react-18", "react-dom": "react-dom-18" },
  external: external.filter((name) => name !== "react"),
  // It is CommonJS, and asks for modules of Node. When bundled, its `act` finds no setImmediate and takes a MessageChannel,
  // which would keep the process from ending.
  banner: {
    js: `import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
globalThis.MessageChannel = class {
  port1 = {};
  port2 = { postMessage: () => setImmediate(() => this.port1.onmessage()) };
};`,
  },
});

const counts = { passed: 0, failed: 0, skipped: 0 };
const built = [...names, ...reactNames.map((name) => join("react-18", name))];
const files = built.map((name) => join(outdir, name.replace(/\.ts$/, ".mjs")));
const events = run({ files, concurrency: true });
const count = (outcome) => (event) => {
  if (event.details.type !== "suite") {
    counts[event.skip === undefined ? outcome : "skipped"]++;
  }
};
events.on("test:pass", count("passed"));
events.on("test:fail", count("failed"));
events.compose(new spec()).pipe(process.stdout);
events.on("end", () => {
  process.on("exit", () => console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`));
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
});
