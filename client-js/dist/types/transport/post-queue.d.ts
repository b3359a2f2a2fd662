import type { Frame, TransportTarget } from "./transport.js";
/** Gives a function that sends a frame and resolves when the server has it. */
export declare function postQueue({ url, http }: TransportTarget): (frame: Frame) => Promise<void>;
