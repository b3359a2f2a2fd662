import { type MessagePackOptions } from "./options.js";
/** Makes a function that reads the first value of some bytes. It throws on what is malformed. What follows is ignored. */
export declare function decoder<Context>(options: MessagePackOptions<Context>): (bytes: Uint8Array) => unknown;
