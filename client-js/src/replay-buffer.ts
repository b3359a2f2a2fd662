/*
 * Stateful reconnect: what was sent is kept until the server has it, and what comes twice is dropped.
 *
 * Rule: only calls, stream items, completions and cancellations are counted, from 1 on in each direction; both sides
 * count alike. A Sequence message says where the other side's count goes on after its transport was replaced.
 */

import { HubcastError, ignore } from "./errors.js";
import type { IHubProtocol } from "./hub-protocol.js";
import { MessageType, type HubMessage } from "./message.js";
import type { Frame, Transport } from "./transport/transport.js";

/** The time between the first message that is not acknowledged and its Ack, in milliseconds. */
const ACK_AFTER = 1000;

export interface ReplayBuffer {
  /** Keeps a message that is counted. Resolves when there is room for the next: at once, or after an Ack. */
  keep(message: HubMessage, frame: Frame): Promise<void> | undefined;
  /** Whether a received message is for the hub. Throws if the server has lost count. */
  accepts(message: HubMessage): boolean;
  /** Tells the server on a new transport where our count goes on, and all that it has not acknowledged. */
  replay(transport: Transport, protocol: IHubProtocol): Promise<void>;
  stop(): void;
}

/** `limit` is in bytes (of text, UTF-16 units); at or above it, senders wait. */
export function replayBuffer(limit: number, send: (message: HubMessage) => Promise<void>): ReplayBuffer {
  const kept = new Map<number, Frame>();
  const waiting: (() => void)[] = [];
  let size = 0;
  let sent = 0;
  let next = 1;
  let received = 0;
  let ackTimer: ReturnType<typeof setTimeout> | undefined;
  const isCounted = ({ type }: HubMessage): boolean => type < MessageType.Ping;
  const sizeOf = (frame: Frame): number => (typeof frame === "string" ? frame.length : frame.byteLength);

  return {
    keep(message, frame) {
      if (!isCounted(message)) {
        return undefined;
      }
      kept.set(++sent, frame);
      size += sizeOf(frame);
      return new Promise((resolve) => (size < limit ? resolve() : waiting.push(resolve)));
    },

    accepts(message) {
      if (message.type === MessageType.Sequence) {
        if (message.sequenceId > next) {
          throw new HubcastError("closed", "Sequence ID greater than amount of messages we've received.");
        }
        next = message.sequenceId;
      } else if (message.type === MessageType.Ack) {
        for (const [id, frame] of kept) {
          if (id <= message.sequenceId) {
            kept.delete(id);
            size -= sizeOf(frame);
          }
        }
        if (size < limit) {
          waiting.splice(0).forEach((resolve) => resolve());
        }
      } else if (isCounted(message)) {
        ackTimer ??= setTimeout(() => {
          ackTimer = undefined;
          send({ type: MessageType.Ack, sequenceId: received }).catch(ignore);
        }, ACK_AFTER);
        if (next++ > received) {
          received++;
          return true;
        }
      }
      return message.type === MessageType.Close;
    },

    async replay(transport, protocol) {
      const [sequenceId = sent + 1] = kept.keys();
      await transport.send(protocol.writeMessage({ type: MessageType.Sequence, sequenceId }));
      // A Map is iterated as it is, not as it was: what is kept meanwhile is sent too.
      for (const frame of kept.values()) {
        await transport.send(frame);
      }
    },

    stop() {
      clearTimeout(ackTimer);
    },
  };
}
