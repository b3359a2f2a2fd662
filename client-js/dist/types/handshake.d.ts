export declare function handshakeRequest(protocol: string, version: number): string;
/** Reads the server's answer and gives back what followed it. Throws if it refuses or is no answer. */
export declare function readHandshakeResponse(frame: string | ArrayBuffer): string | ArrayBuffer;
