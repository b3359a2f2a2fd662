export declare const TIMESTAMP = -1;
/** The shortest form. Throws on an invalid Date. */
export declare function writeTimestamp(date: Date): Uint8Array;
/** Reads one of `size` bytes. Throws if that is not 4, 8 or 12, or no Date can hold it. */
export declare function readTimestamp(view: DataView, start: number, size: number): Date;
