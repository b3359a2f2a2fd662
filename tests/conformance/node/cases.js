// What a SignalR client sees of the bench hub: the same cases for every client, protocol, transport and platform.
//
// `needs` names what a server may lack: "users", "restart" (the suite may stop it), "farewell" (it ends connections with
// a Close message when it is told to stop). Runs in Node and in browsers; the runners are node.js
// and chromium.js.

import { calls } from "./cases/calls.js";
import { connections } from "./cases/connections.js";
import { receivers } from "./cases/receivers.js";

export const cases = [...calls, ...receivers, ...connections];
