import type { HubMessage } from "../message.js";
/** Undefined for a message of an unknown type. Throws if the type is known, and the properties are not those of it. */
export declare function fromList(list: unknown): HubMessage | undefined;
export declare function toList(message: HubMessage): unknown[];
