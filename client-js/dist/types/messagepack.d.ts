export { ExtData, type ExtensionCodec, type MessagePackOptions } from "./messagepack/options.js";
export { MessagePackHubProtocol } from "./messagepack/protocol.js";
