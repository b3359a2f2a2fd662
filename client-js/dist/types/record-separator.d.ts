export declare function writeRecord(text: string): string;
/** The records of one frame, without their separators. Throws if the frame is binary or its last record does not end. */
export declare function readRecords(frame: string | ArrayBuffer): string[];
