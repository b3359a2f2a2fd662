// The clients whose cases these are, and what each lacks in a variant.

/** Each POST of a browser takes 5 ms. */
const lacksInBrowser = ({ transport }) => (transport === "WebSockets" ? ["crowd"] : ["crowd", "bulk"]);

/**
 * The official client: its events, `EventSource`'s, end without saying why, it has none of our own API, and in a browser
 * a WebSocket that is cut leaves it with a rejection that nobody hears.
 */
export const official = {
  name: "@microsoft/signalr",
  lacks: ({ transport }) => (transport === "ServerSentEvents" ? ["reason", "own"] : ["own"]),
  lacksInBrowser: (variant) => ["sockets", ...lacksInBrowser(variant)],
  /*
   * What it leaves unheard, depending on the moment, when a connection ends while a message is on its way that nobody waits
   * for: an answer, an item of an upload. Where such a message is a POST, the server may know the connection no longer,
   * or may be gone itself.
   */
  unheard: [
    "Connection stopped.",
    "Cannot send data if the connection is not in the 'Connected' State.",
    "No Connection with that ID: Status code '404'",
    "Failed to fetch",
    "fetch failed",
  ],
  /*
   * What it may leave in the console. It does not wait for the POST of its Close message before it deletes the connection or
   * gives up its events; over HTTP/1.1 that POST has a connection of its own, and may come behind the end.
   */
  logged: ({ transport, version }) =>
    transport !== "WebSockets" && version === "http/1.1"
      ? ["Failed to load resource: the server responded with a status of 404 (Not Found)"]
      : [],
};

export const hubcast = { name: "hubcast", lacks: () => [], lacksInBrowser, unheard: [], logged: () => [] };

/** The errors, but for those that a client is known for. */
export function withoutKnown(known, errors) {
  return errors.filter((error) => !known.includes(error));
}

/** The variants as `client` runs them on a platform that lacks something itself. */
export function variantsOf(client, variants, lacksOnPlatform = () => []) {
  return variants.map((variant) => {
    const lacks = [...variant.lacks, ...client.lacks(variant), ...lacksOnPlatform(variant)];
    return { ...variant, client: client.name, lacks };
  });
}
