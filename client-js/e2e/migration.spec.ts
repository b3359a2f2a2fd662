/*
 * Changing the import is the whole migration: one application, bundled with `@microsoft/signalr` and with this package
 * in its place, sees the same.
 *
 * That it compiles with either is checked by `npm run lint`.
 */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { after, test } from "node:test";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import ws from "ws";
import type { Notes, Surroundings } from "./migration/app.js";

/** Node has one from version 22 on. */
globalThis.WebSocket ??= ws as unknown as typeof WebSocket;

const hub = new URL(process.env["HUB_URL"] ?? "");
const sockets = new Set<Socket>();
const proxy = createServer((near) => {
  const far = connect(Number(hub.port), hub.hostname);
  for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
    sockets.add(socket);
    socket.on("error", () => other.destroy());
    socket.on("close", () => sockets.delete(socket) && other.destroy());
    socket.pipe(other);
  }
});

after(() => {
  proxy.close();
  cut();
});

test("the_application_sees_the_same_with_the_import_replaced", async () => {
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${hub.pathname}`;
  const surroundings = (): Surroundings => ({ url, room: randomUUID(), cut });
  const official = await (await application("official", {})).run(surroundings());
  const replaced = await (
    await application("hubcast", {
      "@microsoft/signalr": resolve("dist/index.js"),
      "@microsoft/signalr-protocol-msgpack": resolve("dist/messagepack.js"),
    })
  ).run(surroundings());
  assert.deepEqual(replaced, official);
  // And what it saw is what it should have seen.
  assert.deepEqual(official["WebSockets, MessagePack"]?.slice(6, 10), ["héllo ✓ 😀\x1e", null, "ada", null]);
});

function cut(): void {
  for (const socket of sockets) {
    socket.destroy();
  }
}

/** Bundles the application as a user's build would, with some packages replaced. */
async function application(name: string, alias: Record<string, string>): Promise<{ run(at: Surroundings): Promise<Notes> }> {
  const outfile = resolve(join("node_modules", ".cache", "migration", `${name}.mjs`));
  await build({
    entryPoints: ["e2e/migration/app.ts"],
    outfile,
    alias,
    bundle: true,
    packages: Object.keys(alias).length > 0 ? "bundle" : "external",
    format: "esm",
    platform: "node",
    target: "node20",
  });
  // esbuild reads paths of a tsconfig.json too, and must not find one that replaces packages.
  assert.equal(/from "@microsoft\/signalr"/.test(readFileSync(outfile, "utf8")), Object.keys(alias).length === 0);
  return (await import(outfile)) as { run(at: Surroundings): Promise<Notes> };
}
