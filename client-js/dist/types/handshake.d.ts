import type { HubProtocol } from "./hub-protocol.js";
export declare function handshakeRequest({ name, version }: HubProtocol): string;
/** Reads the server's answer and gives back what followed it. Throws if it refuses or is no answer. */
export declare function readHandshakeResponse(frame: string | ArrayBuffer): string;
