import { type MessagePackOptions } from "./options.js";
/** Makes a function that writes a value, behind `reserved` bytes that mean nothing. */
export declare function encoder<Context>(options: MessagePackOptions<Context>, reserved: number): (root: unknown) => Uint8Array<ArrayBuffer>;
