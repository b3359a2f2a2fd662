import type { ILogger } from "./logger.js";
import type { IStreamResult, IStreamSubscriber } from "./stream.js";
/** The items of a hub method's stream. Leaving the loop, like disposing the last subscription, cancels the stream. */
export interface StreamResult<T> extends IStreamResult<T>, AsyncIterable<T> {
}
/** How many items may wait for a loop, or for the first subscriber. Then the stream is cancelled. */
export declare const WAITING_ITEMS_LIMIT = 65536;
/** `start` begins the call: it is given whom to tell, and gives back how to cancel. */
export declare function streamResult<T>(start: (subscriber: IStreamSubscriber<T>) => () => void, logger: ILogger): StreamResult<T>;
