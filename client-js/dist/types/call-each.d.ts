import { type ILogger } from "./logger.js";
/** Calls all that are there now; what one throws is logged under the name. */
export declare function callEach<T>(targets: Iterable<T>, call: (target: T) => unknown, name: string, logger: ILogger): void;
