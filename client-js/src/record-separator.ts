/*
 * Text records: each ends in 0x1E, and a frame holds whole records only.
 */

export const SEPARATOR = "\x1e";

/** What is said of a frame that ends within a record. */
export const INCOMPLETE = "Message is incomplete.";
