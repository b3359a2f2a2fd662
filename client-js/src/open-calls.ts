/*
 * Calls that are not over: waiting to be sent, for an answer, or for the end of what they upload.
 *
 * Rule: ids are never used twice by one HubConnection, not even after a reconnect, so that a late Completion cannot
 * answer another call.
 */

import type { CallOptions, HubCalls } from "./call-options.js";
import { AbortError, HubcastError, ignore, TimeoutError } from "./errors.js";
import type { ILogger } from "./logger.js";
import { MessageType, type CompletionMessage, type HubMessage, type StreamItemMessage } from "./message.js";
import type { IHttpConnectionOptions } from "./options.js";
import type { Session } from "./session.js";
import type { IStreamSubscriber } from "./stream.js";
import { streamResult } from "./stream-result.js";
import { isStreamSource, upload, type StreamSource } from "./upload.js";

/** Runs at once or when the connection is there, and gives back how to prevent that. Throws if that cannot be. */
export type WhenConnected = (run: (session: Session) => void) => () => void;

/** The calls of a HubConnection. */
export interface OpenCalls {
  /** Makes calls with these options. */
  with(options: CallOptions): HubCalls;
  /** Gives a message to its call; one of no call is ignored. */
  received(message: StreamItemMessage | CompletionMessage): void;
  /** Ends all calls: their answers cannot come any more. */
  fail(error?: Error): void;
}

/** Ends a call, or tells it an item. */
type Tell = (failure: unknown, message?: StreamItemMessage | CompletionMessage) => void;

export function openCalls(
  whenConnected: WhenConnected,
  { messageHeaders }: IHttpConnectionOptions,
  logger: ILogger,
): OpenCalls {
  const calls = new Map<unknown, Tell>();
  let lastId = 0;
  const newId = (): string => `${lastId++}`;

  /**
   * Makes a call and gives back how to cancel it. It completes with its result; if it is not answered, when it is sent.
   */
  const start = <T>(
    { signal, timeout, headers }: CallOptions,
    type: MessageType.Invocation | MessageType.StreamInvocation,
    isAnswered: boolean,
    target: string,
    args: readonly unknown[],
    { next, error, complete }: Omit<IStreamSubscriber<T>, "complete"> & { complete(result?: T): void },
  ): (() => void) => {
    const uploads: [streamId: string, source: StreamSource][] = [];
    const plain = args.filter((argument) => !isStreamSource(argument) || !uploads.push([newId(), argument]));
    const invocationId = isAnswered ? newId() : undefined;
    const key = invocationId ?? uploads;
    /** What ends with the call. */
    const releases: (() => void)[] = [];
    /** What is left to do for a call that is not answered: to send it, and its uploads. */
    let unfinished = uploads.length + 1;
    let send: (message: object) => Promise<unknown> = async () => {};

    const tell: Tell = (failure, message) => {
      if (message?.type === MessageType.StreamItem) {
        next(message.item as T);
      } else if (calls.delete(key)) {
        releases.forEach((release) => release());
        failure ??= message?.error === undefined ? undefined : new HubcastError("hub", message.error);
        if (failure) {
          error(failure);
        } else {
          complete(message?.result as T);
        }
      }
    };
    const finished = (): void => {
      if (!--unfinished && !isAnswered) {
        tell(undefined);
      }
    };
    const cancel = (failure?: Error): void => {
      if (invocationId) {
        send({ type: MessageType.CancelInvocation, invocationId }).catch(ignore);
      }
      tell(failure);
    };
    const abort = (): void => cancel(new AbortError(undefined, { cause: signal?.reason }));
    const timer = timeout && setTimeout(() => cancel(new TimeoutError()), timeout);
    signal?.addEventListener("abort", abort);
    releases.push(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    });

    calls.set(key, tell);
    if (signal?.aborted) {
      abort();
      return ignore;
    }
    try {
      releases.push(
        whenConnected((session) => {
          send = async (message) => calls.has(key) && session.send(message as HubMessage);
          send({
            type,
            headers: messageHeaders || headers ? { ...messageHeaders?.(target), ...headers } : undefined,
            invocationId,
            target,
            arguments: plain,
            streamIds: uploads.length ? uploads.map(([streamId]) => streamId) : undefined,
          }).then(() => {
            if (!isAnswered) {
              complete();
            }
            finished();
          }, tell);
          for (const [invocationId, source] of uploads) {
            const end = (error?: string): void => {
              send({ type: MessageType.Completion, invocationId, error }).catch(ignore).then(finished);
            };
            releases.push(upload(source, (item) => send({ type: MessageType.StreamItem, invocationId, item }), end));
          }
        }),
      );
    } catch (thrown) {
      tell(thrown);
    }
    return cancel;
  };

  const invoke = (options: CallOptions, isAnswered: boolean, target: string, args: readonly unknown[]): Promise<any> =>
    new Promise((complete, error) => {
      start(options, MessageType.Invocation, isAnswered, target, args, { next: ignore, error, complete });
    });

  return {
    with: (options) => ({
      invoke: (methodName, ...args) => invoke(options, true, methodName, args),
      send: (methodName, ...args) => invoke(options, false, methodName, args),
      stream: (methodName, ...args) =>
        streamResult(
          (subscriber) => start(options, MessageType.StreamInvocation, true, methodName, args, subscriber),
          logger,
        ),
    }),

    received(message) {
      calls.get(message.invocationId)?.(undefined, message);
    },

    fail(failure = new HubcastError("closed", "Invocation canceled due to the underlying connection being closed.")) {
      [...calls.values()].forEach((tell) => tell(failure));
    },
  };
}
