/*
 * The client with WebSockets as its only transport; the names are those of index.ts.
 */

export * from "./index.js";
