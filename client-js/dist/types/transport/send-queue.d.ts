import type { Frame } from "./transport.js";
/** Gives a function that sends a frame and resolves when it is delivered. */
export declare function sendQueue(deliver: (content: string | ArrayBuffer) => Promise<unknown>): (frame: Frame) => Promise<void>;
