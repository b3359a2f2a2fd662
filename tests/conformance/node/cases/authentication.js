// Who may connect to a hub that asks for an access token, and as whom. The tokens are in tokens.js.

import { collected, countingTo, refusal, same } from "./expectations.js";

const needs = ["jwt"];
/** Without negotiation there is nothing to name the connection by. */
const NOT_CONNECTED = "Cannot send data if the connection is not in the 'Connected' State.";

export const authentication = [
  { name: "the token's subject is the user", needs, run: subjectIsUser },
  { name: "the query cannot name another user than the token", needs, run: queryDoesNotCount },
  { name: "a user with a token hears what is sent to them", needs, run: hearsAsUser },
  { name: "streams with a token", needs, run: streamsWithToken },
  { name: "no token is refused", needs, run: (bench) => refuses(bench, undefined) },
  { name: "an expired token is refused", needs, run: (bench) => refuses(bench, "expired") },
  { name: "a token signed with another key is refused", needs, run: (bench) => refuses(bench, "foreign") },
  { name: "a token without a signature is refused", needs, run: (bench) => refuses(bench, "unsigned") },
  { name: "who was refused comes in with a token", needs, run: refusedThenLetIn },
  { name: "renews its token on the connection", needs: [...needs, "own"], run: renews },
  { name: "reconnects with a token, as the same user", needs: [...needs, "restart"], run: reconnects },
];

async function subjectIsUser(bench) {
  const ann = await bench.connect({ token: "ann" });
  const bob = await bench.connect({ token: "bob" });
  same(await ann.invoke("WhoAmI"), "ann");
  same(await bob.invoke("WhoAmI"), "bob");
}

async function queryDoesNotCount(bench) {
  const ann = await bench.connect({ token: "ann", user: "bob" });
  same(await ann.invoke("WhoAmI"), "ann");
}

async function hearsAsUser(bench) {
  const ann = await bench.listen({ token: "ann" });
  const bob = await bench.listen({ token: "bob" });
  await bob.connection.invoke("SendToUser", "ann", "for ann");
  await bob.connection.invoke("Broadcast", "last");
  same(await ann.inbox.until("last"), ["for ann", "last"]);
  same(await bob.inbox.until("last"), ["last"]);
}

async function streamsWithToken(bench) {
  const ann = await bench.connect({ token: "ann" });
  same(await collected(ann.stream("Counter", 100)), countingTo(100));
}

async function refuses(bench, token) {
  const connection = bench.build({ token });
  const why = await refusal(connection.start());
  if (!told(bench).test(why)) throw new Error(`found ${JSON.stringify(why)}, expected ${told(bench)}`);
  same(connection.state, "Disconnected");
}

async function refusedThenLetIn(bench) {
  await refuses(bench, "expired");
  const ann = await bench.connect({ token: "ann" });
  same(await ann.invoke("Echo", "hello"), "hello");
}

function secondsLeft(token) {
  const { exp } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  return exp - Date.now() / 1000;
}

async function renews(bench) {
  const ann = await bench.connect({ token: "ann", refreshes: true });
  const renewed = [];
  ann.onAuthenticationRefreshed(({ newTokenLifetimeInSeconds }) => renewed.push(newTokenLifetimeInSeconds));
  if (!bench.negotiates) {
    same(await refusal(ann.refreshAuthentication()), NOT_CONNECTED);
    return;
  }
  const before = secondsLeft(bench.tokens.ann);
  const seconds = await ann.refreshAuthentication();
  const after = secondsLeft(bench.tokens.ann);
  // They are told in whole seconds.
  if (!(seconds > after - 1 && seconds < before + 1)) throw new Error(`it lives ${seconds} seconds, not ${after} to ${before}`);
  same(renewed, [seconds]);
  same(await ann.invoke("WhoAmI"), "ann");
}

async function reconnects(bench) {
  const ann = bench.build({ token: "ann", reconnects: true });
  const reconnected = new Promise((resolve) => ann.onreconnected(resolve));
  await ann.start();
  await bench.server.restart("SIGKILL");
  await reconnected;
  same(await ann.invoke("WhoAmI"), "ann");
}

/** A client tells of a refused negotiation with its status; of a refused WebSocket it knows no more than that. */
function told({ negotiates }) {
  return negotiates ? /Failed to complete negotiation .*Status code '401'/ : /^WebSocket failed to connect\./;
}
