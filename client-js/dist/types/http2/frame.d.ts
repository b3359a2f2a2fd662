export declare enum Opcode {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10
}
/** The most that the payload of a control frame may have, in bytes. */
export declare const CONTROL_LIMIT = 125;
/** A whole message, or a control frame. */
export declare function writeFrame(opcode: Opcode, payload: Uint8Array): Buffer;
/** The payload of a Close frame. Without a code it is empty. */
export declare function closePayload(code: number | undefined, reason: string): Buffer;
/** Whether a Close frame may have this code (RFC 6455, section 7.4, and the registry of codes). */
export declare function isCloseCode(code: number): boolean;
