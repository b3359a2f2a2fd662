/** The most bytes that a length takes. */
export declare const PREFIX_SIZE = 5;
/** Writes the length right before the message, which begins at `PREFIX_SIZE`. Gives both. */
export declare function writePrefix(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
/** The messages of one frame, without their lengths. Throws if a length is none, or the last message does not end. */
export declare function splitMessages(frame: Uint8Array): Uint8Array[];
