/*
 * One connection as the server knows it: its handshake and what follows, until either side ends it.
 *
 * With stateful reconnect a session outlives its transport: that is opened again, once, and both sides send again what
 * the other has not acknowledged.
 *
 * Rule: a session that has ended says nothing more, and has closed its transport and its timers.
 * Not here: what messages mean (open-calls.ts, client-methods.ts) and whether to come back (hub-connection.ts).
 */

import type { Connect, ConnectRequest, Endpoint } from "./connect.js";
import { AbortError, asError, HubcastError, ignore, notConnected } from "./errors.js";
import { handshakeRequest, readHandshakeResponse } from "./handshake.js";
import type { IHubProtocol } from "./hub-protocol.js";
import { keepAlive, type KeepAlive } from "./keep-alive.js";
import { MessageType, type HubMessage } from "./message.js";
import type { ReplayBuffer } from "./replay-buffer.js";
import type { Transport } from "./transport/transport.js";

/** How a session behaves, and who hears of it. */
export interface SessionSettings extends Omit<ConnectRequest, "sink" | "format" | "openers" | "statefulReconnect"> {
  readonly dial: Connect;
  readonly protocol: IHubProtocol;
  /** Milliseconds. */
  readonly keepAliveIntervalInMilliseconds: number;
  /** Milliseconds. */
  readonly serverTimeoutInMilliseconds: number;
  /** How much may wait for the server's Ack, in bytes. None: no stateful reconnect. */
  readonly replayLimit: number | undefined;
  /** The server has accepted the handshake; nothing was dispatched yet. */
  opened(session: Session): void;
  message(message: HubMessage, session: Session): void;
  /** The session ended after it was open, and not by `stop`. */
  ended(error: Error | undefined, mayReconnect: boolean): void;
}

/** A session that is open, or was. */
export interface Session {
  readonly endpoint: Endpoint;
  /** Rejects if the message cannot be written or the session has ended. */
  send(message: HubMessage): Promise<void>;
  /** Tells the server that we leave, and ends the session. */
  stop(): Promise<void>;
}

/** Resolves when the server has accepted the handshake; rejects if it does not, or `signal` aborts, with its reason. */
export function openSession(settings: SessionSettings): Promise<void> {
  return new Promise((accept, refuse) => {
    const { protocol, signal, logger, replayLimit } = settings;
    let isOpen = false;
    let hasEnded = false;
    let endpoint: Endpoint;
    let session: Session;
    /** None before it is open, and while it is opened again. */
    let transport: Transport | undefined;
    let alive: KeepAlive | undefined;
    let replay: ReplayBuffer | undefined;

    const release = (): void => {
      hasEnded = true;
      alive?.stop();
      replay?.stop();
    };

    const end = (error: Error | undefined, mayReconnect = true): void => {
      if (!hasEnded) {
        release();
        void transport?.close();
        if (isOpen) {
          settings.ended(error, mayReconnect);
        } else {
          refuse(error ?? new AbortError("The underlying connection was closed before the hub handshake could complete."));
        }
      }
    };
    const fail = (thrown: unknown): void => end(asError(thrown));

    const send = async (message: HubMessage): Promise<void> => {
      if (hasEnded) {
        throw notConnected();
      }
      const frame = protocol.writeMessage(message);
      alive?.sent();
      const room = replay?.keep(message, frame);
      const sent = transport?.send(frame);
      if (room) {
        // It is sent again if this fails.
        sent?.catch(ignore);
      }
      await (room ?? sent);
    };

    const lost = async (error: Error | undefined): Promise<void> => {
      const broken = transport;
      if (hasEnded || !broken || !replay) {
        end(error);
        return;
      }
      transport = undefined;
      void broken.close();
      alive?.listen();
      let next: Transport | undefined;
      try {
        next = await endpoint.reopen?.(signal);
        await (next && replay.replay(next, protocol));
      } catch {
        end(error);
      }
      if (hasEnded) {
        void next?.close();
      } else {
        transport = next;
      }
    };

    const receive = (data: string | ArrayBuffer): void => {
      // Some transports deliver what had arrived while they are closed.
      if (hasEnded) {
        return;
      }
      try {
        if (!isOpen) {
          data = readHandshakeResponse(data);
          isOpen = true;
          if (endpoint.statefulReconnect && replayLimit) {
            replay = endpoint.statefulReconnect(replayLimit, send);
          }
          session = { endpoint, send, stop };
          settings.opened(session);
          accept();
        }
        alive?.received();
        for (const message of protocol.parseMessages(data, logger)) {
          if (hasEnded || (replay && !replay.accepts(message))) {
            continue;
          }
          if (message.type === MessageType.Close) {
            const { error, allowReconnect } = message;
            end(
              error ? new HubcastError("closed", `Server returned an error on close: ${error}`) : undefined,
              // Anything else is no.
              allowReconnect === true,
            );
          } else {
            settings.message(message, session);
          }
        }
      } catch (thrown) {
        fail(thrown);
      }
    };

    const stop = async (): Promise<void> => {
      release();
      // Whether the server hears it or not, we go.
      await transport?.send(protocol.writeMessage({ type: MessageType.Close })).catch(ignore);
      await transport?.close();
    };

    signal.addEventListener("abort", () => transport && end(signal.reason));
    settings
      .dial({
        ...settings,
        format: protocol.transferFormat,
        statefulReconnect: !!replayLimit,
        sink: { received: (data) => (receive(data), !hasEnded), ended: lost },
      })
      .then((found) => {
        endpoint = found;
        transport = found.transport;
        if (hasEnded) {
          void transport.close();
          return;
        }
        signal.throwIfAborted();
        if (!found.inherentKeepAlive) {
          alive = keepAlive(
            settings.keepAliveIntervalInMilliseconds,
            settings.serverTimeoutInMilliseconds,
            // What ends the connection is told by the transport, or by the server's silence.
            () => send({ type: MessageType.Ping }).catch(ignore),
            () => lost(new HubcastError("timeout", "Server timeout elapsed without receiving a message from the server.")),
          );
          alive.listen();
        }
        const version = found.statefulReconnect ? protocol.version : 1;
        transport.send(handshakeRequest(protocol.name, version)).catch(fail);
      })
      .catch(fail);
  });
}
