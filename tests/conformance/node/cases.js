// What a SignalR client sees of the bench hub: the same cases for every client, protocol, transport and platform.
//
// `needs` names what a server may lack: "users", "restart" (the suite may stop it), "farewell" (it ends connections with
// a Close message when it is told to stop), "jwt" (its option --jwt-key). It also names what a client may not have in a
// variant: "stateful" (reconnect), "sockets" (that the case may cut), "reason" (it is told why a connection ended), "bulk"
// (it sends fast), "own" (what our client has beyond the official one), "crowd" (a thousand connections), "locks" (Web
// Locks). Runs in Node and in browsers; the runners are node.js, chromium.js and firefox.js.

import { authentication } from "./cases/authentication.js";
import { calls } from "./cases/calls.js";
import { clientResults } from "./cases/client-results.js";
import { connections } from "./cases/connections.js";
import { crowd } from "./cases/crowd.js";
import { own } from "./cases/own.js";
import { receivers } from "./cases/receivers.js";
import { statefulReconnect } from "./cases/stateful-reconnect.js";
import { streams } from "./cases/streams.js";
import { uploads } from "./cases/uploads.js";

/** The lists by the server that they are run on: as it is, and with `--jwt-key`. */
export const cases = {
  open: [
    ...calls,
    ...receivers,
    ...streams,
    ...uploads,
    ...clientResults,
    ...connections,
    ...statefulReconnect,
    ...own,
    ...crowd,
  ],
  guarded: authentication,
};
