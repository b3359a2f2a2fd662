// The access tokens that cases show to a server started with `--jwt-key KEY`: HS256, an hour long.

import { createHmac } from "node:crypto";

export const KEY = "a key of the conformance suite, no secret";

const NOW = Math.floor(Date.now() / 1000);
const HOUR = 3600;

/** By name: two users, and three that a server has to refuse. */
export const tokens = {
  ann: signed({ sub: "ann", exp: NOW + HOUR }, KEY),
  bob: signed({ sub: "bob", exp: NOW + HOUR }, KEY),
  expired: signed({ sub: "ann", exp: NOW - HOUR }, KEY),
  foreign: signed({ sub: "ann", exp: NOW + HOUR }, "another key"),
  unsigned: `${encoded({ alg: "none", typ: "JWT" })}.${encoded({ sub: "ann", exp: NOW + HOUR })}.`,
};

function signed(claims, key) {
  const content = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${content}.${createHmac("sha256", key).update(content).digest("base64url")}`;
}

function encoded(part) {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
