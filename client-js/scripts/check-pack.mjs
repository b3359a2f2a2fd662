/*
 * Fails when the package that `npm pack` makes lacks a file, has one too many, or cannot be used: each target of
 * `exports` exists, its types resolve as every kind of user resolves them, and Node can import it.
 */

import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./bundle.mjs";

/** How users resolve modules: Node as it was and as it is, and bundlers. */
const RESOLUTIONS = [
  { module: "node16", moduleResolution: "node16" },
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];
/** The only modules that built ones may import. */
const OUTSIDE = /^(node:|react$)/;

const user = mkdtempSync(join(tmpdir(), "hubcast-pack-"));
try {
  const installed = install();
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const entries = Object.keys(manifest.exports).filter((name) => !name.endsWith(".json"));
  const problems = [
    ...contentProblems(installed, manifest),
    ...importProblems(installed),
    ...typeProblems(),
    ...loadProblems(entries.map((name) => manifest.name + name.slice(1))),
  ];
  problems.forEach((problem) => console.error(problem));
  process.exitCode = problems.length > 0 ? 1 : 0;
  if (problems.length === 0) {
    const { length } = files(installed);
    console.log(`${manifest.name}-${manifest.version}.tgz: ${length} files, ${entries.length} entry points`);
  }
} finally {
  rmSync(user, { recursive: true });
}

/** Packs, and unpacks as an installation would. */
function install() {
  const quiet = { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
  const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", "--json", "--pack-destination", user], quiet));
  const modules = join(user, "node_modules");
  mkdirSync(join(modules, "hubcast"), { recursive: true });
  execFileSync("tar", ["-xzf", join(user, filename), "--strip-components=1", "-C", join(modules, "hubcast")]);
  for (const name of ["react", "@types"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(user, "package.json"), JSON.stringify({ type: "module" }));
  cpSync(join(root, "scripts", "consumer.ts"), join(user, "consumer.ts"));
  return join(modules, "hubcast");
}

/** The tarball has the built client, its pages and licences, and nothing else. */
function contentProblems(installed, manifest) {
  const packed = files(installed);
  const wanted = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"];
  for (const folder of ["dist", "docs"]) {
    wanted.push(...files(join(root, folder)).map((name) => `${folder}/${name}`));
  }
  const targets = JSON.stringify(manifest.exports).match(/(?<=:"\.\/)[^"]+(?=")/g);
  return [
    ...wanted.filter((name) => !packed.includes(name)).map((name) => `not packed: ${name}`),
    ...packed.filter((name) => !wanted.includes(name)).map((name) => `packed, and should not be: ${name}`),
    ...targets.filter((name) => !existsSync(join(installed, name))).map((name) => `a target of exports is missing: ${name}`),
  ];
}

/** A built module stands alone. */
function importProblems(installed) {
  const modules = readdirSync(join(installed, "dist")).filter((name) => name.endsWith(".js"));
  return modules.flatMap((name) => {
    const code = readFileSync(join(installed, "dist", name), "utf8");
    const imported = [...code.matchAll(/^(?:import|export)\b[^;]*?\bfrom\s*"([^"]+)";|\bimport\("([^"]+)"\)/gm)];
    return imported
      .map(([, from, dynamic]) => from ?? dynamic)
      .filter((specifier) => !OUTSIDE.test(specifier))
      .map((specifier) => `dist/${name} imports ${specifier}`);
  });
}

function typeProblems() {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  return RESOLUTIONS.flatMap((resolution) => {
    const compilerOptions = {
      ...resolution,
      target: "es2022",
      lib: ["es2022", "dom", "dom.iterable"],
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    };
    const config = join(user, `tsconfig.${resolution.moduleResolution}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    try {
      execFileSync(process.execPath, [compiler, "-p", config], { encoding: "utf8", stdio: "pipe" });
      return [];
    } catch ({ stdout }) {
      return [`types do not resolve by ${resolution.moduleResolution}:\n${stdout}`];
    }
  });
}

/** Node imports each entry point, and there is something in it. */
function loadProblems(specifiers) {
  return specifiers.flatMap((specifier) => {
    const code = `if (!Object.keys(await import("${specifier}")).length) throw new Error("it is empty");`;
    const options = { cwd: user, encoding: "utf8", stdio: "pipe" };
    try {
      execFileSync(process.execPath, ["--input-type=module", "-e", code], options);
      return [];
    } catch ({ stderr }) {
      return [`${specifier} cannot be imported:\n${stderr}`];
    }
  });
}

function files(folder) {
  const found = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
