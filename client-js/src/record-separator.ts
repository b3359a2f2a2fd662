/*
 * Text records: each ends in 0x1E, and a frame holds whole records only.
 */

const SEPARATOR = String.fromCharCode(0x1e);

export function writeRecord(text: string): string {
  return text + SEPARATOR;
}

/** The records of one frame, without their separators. Throws if the frame is binary or its last record does not end. */
export function readRecords(frame: string | ArrayBuffer): string[] {
  if (typeof frame !== "string") {
    throw new Error("Invalid input for JSON hub protocol. Expected a string.");
  }
  const records = frame.split(SEPARATOR);
  if (records.pop()) {
    throw new Error("Message is incomplete.");
  }
  return records;
}
