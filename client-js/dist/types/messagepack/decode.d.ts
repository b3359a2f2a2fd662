import { type MessagePackOptions } from "./options.js";
/** Makes a function that reads the first value of some bytes; what follows is not looked at. It throws on anything malformed. */
export declare function decoder<Context>(options: MessagePackOptions<Context>): (bytes: Uint8Array) => unknown;
