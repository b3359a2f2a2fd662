/** Who is told what has come, in order. */
export interface FrameSink {
    message(data: string | ArrayBuffer): void;
    ping(payload: Buffer): void;
    /** The server's Close frame; without a code in it, 1005. Nothing comes after it. */
    close(code: number, reason: string): void;
}
/** The server broke a rule or a limit. */
export declare class FrameError extends Error {
    /** What to say in the Close frame. */
    readonly closeCode: number;
    constructor(closeCode: number, message: string);
}
export declare class FrameReader {
    #private;
    /** `limit` is on the bytes of a message. */
    constructor(sink: FrameSink, limit: number);
    /** Throws FrameError if the server is wrong; then nothing more may be pushed. */
    push(bytes: Buffer): void;
}
