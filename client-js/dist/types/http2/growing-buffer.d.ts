export declare class GrowingBuffer {
    #private;
    get length(): number;
    /** All bytes; valid until the next call. */
    get bytes(): Buffer;
    append(bytes: Uint8Array): void;
    /** Drops so many bytes from the start, at most all. When none is left, nothing is held. */
    drop(length: number): void;
}
