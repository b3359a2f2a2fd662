import type { ConnectRequest, Endpoint } from "./connect.js";
/** Rejects if no token is to be had, the WebSocket cannot be opened, or the signal aborts it. */
export declare function connectDirectly(request: Omit<ConnectRequest, "openers">): Promise<Endpoint>;
