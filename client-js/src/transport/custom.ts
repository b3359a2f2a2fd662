/*
 * A transport of the user's own: the `transport` option, with the names that users of `@microsoft/signalr` know.
 *
 * Rule: one object serves every attempt of a connection, so an attempt waits until it is free of the one before.
 */

import { ignore } from "../errors.js";
import { sendQueue } from "./send-queue.js";
import { HttpTransportType, type TransferFormat, type TransportOpener } from "./transport.js";

/** Carries frames for one connection at a time. */
export interface ITransport {
  /** Resolves when it is open. The address has the connection token. */
  connect(url: string, transferFormat: TransferFormat): Promise<void>;
  /** Sends one or several whole messages. Not called again before it has settled. */
  send(data: string | ArrayBuffer): Promise<void>;
  /** Ends it. Called at most once after `connect` has resolved, and not after `onclose` was called. */
  stop(): Promise<void>;
  /** Set before `connect` is called; takes what is received, one or several whole messages. */
  onreceive: ((data: string | ArrayBuffer) => void) | null;
  /** Set before `connect` is called; to be called when the transport has ended. */
  onclose: ((error?: Error) => void) | null;
}

/** Settles when the last attempt is done with its transport. */
const attempts = new WeakMap<ITransport, Promise<void>>();

export const customTransport = (custom: ITransport): TransportOpener => ({
  name: "Custom",
  type: HttpTransportType.None,

  open: ({ url, format }, { received, ended }, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      const live = async (): Promise<void> => {
        await attempts.get(custom);
        signal.throwIfAborted();
        let over = false;
        let leave: (why?: Error | true) => void = ignore;
        // True if it is for us to end it.
        const left = new Promise<Error | true | undefined>((resolve) => (leave = resolve));
        custom.onreceive = received;
        custom.onclose = leave;
        await custom.connect(url, format);
        resolve({
          send: sendQueue(async (data) => over || custom.send(data)),
          async close() {
            leave(true);
            await attempts.get(custom);
          },
        });
        const why = signal.aborted || (await left);
        over = true;
        if (why === true) {
          await custom.stop();
        } else {
          ended(why);
        }
      };
      attempts.set(custom, live().catch(reject));
    }),
});
