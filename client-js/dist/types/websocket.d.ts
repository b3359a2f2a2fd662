import { HubConnectionBuilder as Builder } from "./hub-connection-builder.js";
import { NegotiatingBuilder } from "./negotiating-builder.js";
/**
 * Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. They open their WebSocket at once, as by
 * `skipNegotiation`: they have no `connectionId`, and of the options of `withUrl` those about HTTP requests do not matter.
 */
export declare class HubConnectionBuilder extends Builder {
    constructor();
}
/** Makes HubConnections that are negotiated: for a server that redirects, the connection's id, or stateful reconnect. */
export declare class NegotiatingHubConnectionBuilder extends NegotiatingBuilder {
    constructor();
}
export * from "./names.js";
