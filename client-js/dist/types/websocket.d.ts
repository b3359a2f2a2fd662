import { HubConnectionBuilder as Builder } from "./hub-connection-builder.js";
/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export declare class HubConnectionBuilder extends Builder {
    constructor();
}
export * from "./names.js";
