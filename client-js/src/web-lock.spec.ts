/*
 * The lock, with a lock manager that the spec holds.
 */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { settle } from "./testing/fake-server.js";
import { webLock } from "./web-lock.js";

const original = Object.getOwnPropertyDescriptor(globalThis, "navigator");

afterEach(() => {
  if (original) {
    Object.defineProperty(globalThis, "navigator", original);
  } else {
    Reflect.deleteProperty(globalThis, "navigator");
  }
});

/** What happens to locks, in order. */
function lockManager(): string[] {
  const heard: string[] = [];
  const request = async (name: string, { mode }: LockOptions, callback: () => Promise<void>): Promise<void> => {
    heard.push(`${mode} ${name} held`);
    await callback();
    heard.push(`${name} released`);
  };
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks: { request } } });
  return heard;
}

test("a_shared_lock_is_held_until_it_is_released", async () => {
  const heard = lockManager();
  const hold = webLock("chat");
  assert.deepEqual(heard, []);
  const release = hold();
  await settle();
  assert.deepEqual(heard, ["shared chat held"]);
  release();
  await settle();
  assert.deepEqual(heard, ["shared chat held", "chat released"]);
});

test("each_connection_holds_a_lock_of_its_own", async () => {
  const heard = lockManager();
  const hold = webLock();
  const [first, second] = [hold(), hold()];
  first();
  await settle();
  assert.deepEqual(heard, ["shared hubcast held", "shared hubcast held", "hubcast released"]);
  second();
});

test("without_web_locks_nothing_happens", async () => {
  for (const value of [undefined, {}, { locks: { request: () => Promise.reject(new Error("denied")) } }]) {
    Object.defineProperty(globalThis, "navigator", { configurable: true, value });
    webLock()()();
    await settle();
  }
});
