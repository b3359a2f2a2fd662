/*
 * The entry `hubcast/messagepack`.
 *
 * Rule: of the rest of the package it takes types only, so that it can be loaded beside any build of it.
 */

export { ExtData, type ExtensionCodec, type MessagePackOptions } from "./messagepack/options.js";
export { MessagePackHubProtocol } from "./messagepack/protocol.js";
