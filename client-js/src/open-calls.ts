/*
 * Calls that are not over: waiting to be sent, for an answer, or for the end of what they upload.
 *
 * Rule: ids are never used twice by one HubConnection, not even after a reconnect, so that a late Completion cannot
 * answer another call.
 */

import type { CallOptions } from "./call-options.js";
import { AbortError, HubcastError, ignore, TimeoutError } from "./errors.js";
import { MessageType, type CompletionMessage, type HubMessage, type InvocationMessage, type StreamItemMessage } from "./message.js";
import type { Session } from "./session.js";
import { isStreamSource, upload, type StreamSource } from "./upload.js";

/** Hears of a call: its error, or its items and its completion. A call without an answer has no message. */
export type Answer = (error: unknown, message?: StreamItemMessage | CompletionMessage) => void;

/** Runs at once or when the connection is there, and gives back how to prevent that. Throws if that cannot be. */
export type WhenConnected = (run: (session: Session) => void) => () => void;

export interface OpenCalls {
  /**
   * Makes a call and gives back how to cancel it, after which `answer` hears no more. A call that is not answered is
   * over when it is sent.
   */
  start(call: Call, isAnswered: boolean, options: CallOptions, answer: Answer): () => void;
  /** Gives a message to its call; one of no call is ignored. */
  received(message: StreamItemMessage | CompletionMessage): void;
  /** Ends all calls: their answers cannot come any more. */
  fail(error?: Error): void;
}

/** A call as it was made: what is to be uploaded is among the arguments. */
export type Call = Pick<InvocationMessage, "headers" | "target" | "arguments"> & {
  readonly type: MessageType.Invocation | MessageType.StreamInvocation;
};

export function openCalls(whenConnected: WhenConnected): OpenCalls {
  const calls = new Map<unknown, Answer>();
  let lastId = 0;
  const newId = (): string => `${lastId++}`;

  return {
    start(call, isAnswered, { signal, timeout }, answer) {
      const uploads: [streamId: string, source: StreamSource][] = [];
      const args = call.arguments.filter((argument) => !isStreamSource(argument) || !uploads.push([newId(), argument]));
      const invocationId = isAnswered ? newId() : undefined;
      const key = invocationId ?? call;
      const isOpen = (): boolean => calls.has(key);
      const releases: (() => void)[] = [];
      let session: Session | undefined;
      let sent: () => void;
      const isSent = new Promise<void>((resolve) => (sent = resolve));

      const end: Answer = (error, message) => {
        if (calls.delete(key)) {
          releases.forEach((release) => release());
          answer(error, message);
        }
      };
      const cancel = (error?: Error): void => {
        if (invocationId && isOpen()) {
          session?.send({ type: MessageType.CancelInvocation, invocationId }).catch(ignore);
        }
        end(error);
      };
      const abort = (): void => cancel(new AbortError(undefined, { cause: signal?.reason }));

      calls.set(key, (error, message) => {
        if (message?.type === MessageType.StreamItem) {
          answer(error, message);
        } else {
          end(message?.error === undefined ? error : new HubcastError("hub", message.error), message);
        }
      });
      const transmit = (found: Session): void => {
        session = found;
        const streamIds = uploads.length ? uploads.map(([streamId]) => streamId) : undefined;
        const { type, headers, target } = call;
        session.send({ type, headers, invocationId, target, arguments: args, streamIds } as HubMessage).then(() => {
          if (!isAnswered) {
            answer(undefined);
            finished();
          }
        }, end);
        sent();
      };

      /** What is left to do for a call that is not answered: to send it, and its uploads. */
      let unfinished = uploads.length + 1;
      const finished = (): void => {
        if (!--unfinished && !isAnswered) {
          end(undefined);
        }
      };
      const send = async (message: object): Promise<void> => {
        await isSent;
        if (isOpen()) {
          await session?.send(message as HubMessage);
        }
      };

      if (signal?.aborted) {
        abort();
        return ignore;
      }
      try {
        releases.push(whenConnected(transmit));
      } catch (error) {
        end(error);
        return ignore;
      }
      if (signal) {
        signal.addEventListener("abort", abort);
        releases.push(() => signal.removeEventListener("abort", abort));
      }
      if (timeout) {
        const timer = setTimeout(() => cancel(new TimeoutError()), timeout);
        releases.push(() => clearTimeout(timer));
      }
      for (const [streamId, source] of uploads) {
        releases.push(
          upload(
            source,
            (item) => send({ type: MessageType.StreamItem, invocationId: streamId, item }),
            (error) => send({ type: MessageType.Completion, invocationId: streamId, error }).catch(ignore).then(finished),
          ),
        );
      }
      return () => cancel();
    },

    received(message) {
      calls.get(message.invocationId)?.(undefined, message);
    },

    fail(error = new HubcastError("closed", "Invocation canceled due to the underlying connection being closed.")) {
      [...calls.values()].forEach((answer) => answer(error));
    },
  };
}
