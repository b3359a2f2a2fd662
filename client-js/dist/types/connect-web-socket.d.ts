import type { ConnectRequest, Endpoint } from "./connect.js";
/** Rejects if negotiation fails, the server does not offer a WebSocket, or the signal aborts it. */
export declare function connectWebSocket(request: Omit<ConnectRequest, "openers">): Promise<Endpoint>;
