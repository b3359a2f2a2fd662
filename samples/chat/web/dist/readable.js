/*
 * Errors as people may read them.
 */
/** What the hub wrote for people, without the frame that every client gets around it. */
export function readable(error) {
    if (error === "")
        return "";
    const [, text] = String(error instanceof Error ? error.message : error).split("HubException: ");
    return text ?? "The server cannot be reached at the moment.";
}
