export declare const SEPARATOR = "\u001E";
/** What is said of a frame that ends within a record. */
export declare const INCOMPLETE = "Message is incomplete.";
