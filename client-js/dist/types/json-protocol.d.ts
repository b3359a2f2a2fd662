import type { HubProtocol } from "./hub-protocol.js";
export declare const jsonProtocol: HubProtocol;
