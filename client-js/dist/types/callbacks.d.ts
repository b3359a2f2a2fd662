import { type ILogger } from "./logger.js";
export declare class Callbacks<A extends unknown[]> {
    #private;
    constructor(name: string, logger: ILogger);
    add(callback: (...args: A) => unknown): void;
    call(...args: A): void;
}
