/*
 * One handshake and what follows it on one transport, until either side ends it.
 *
 * Rule: a session that has ended says nothing more, and has closed its transport and its timers.
 * Not here: what messages mean (hub-connection.ts) and whether to come back (hub-connection.ts, reconnect-policy.ts).
 */

import { AbortError, asError } from "./errors.js";
import { handshakeRequest, readHandshakeResponse } from "./handshake.js";
import type { IHubProtocol } from "./hub-protocol.js";
import { KeepAlive } from "./keep-alive.js";
import type { ILogger } from "./logger.js";
import { MessageType, type HubMessage } from "./message.js";
import type { Transport, TransportSink } from "./transport/transport.js";

/** How a session behaves, and who hears of it. */
export interface SessionSettings {
  readonly protocol: IHubProtocol;
  readonly logger: ILogger;
  /** Milliseconds. */
  readonly keepAliveInterval: number;
  /** Milliseconds. */
  readonly serverTimeout: number;
  /** The server has accepted the handshake; nothing was dispatched yet. */
  opened(): void;
  message(message: HubMessage): void;
  /** The session ended after it was open. */
  ended(error: Error | undefined, mayReconnect: boolean): void;
}

type Phase =
  | { kind: "unconnected" }
  | { kind: "handshake"; transport: Transport; accept(): void; refuse(error: Error): void }
  | { kind: "open"; transport: Transport }
  | { kind: "ended"; error: Error | undefined };

export class Session implements TransportSink {
  readonly #settings: SessionSettings;
  readonly #keepAlive: KeepAlive;
  #phase: Phase = { kind: "unconnected" };

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#keepAlive = new KeepAlive({
      pingEvery: settings.keepAliveInterval,
      silenceLimit: settings.serverTimeout,
      ping: () => this.send({ type: MessageType.Ping }).catch((error) => this.end(asError(error), true)),
      silent: () => this.end(new Error("Server timeout elapsed without receiving a message from the server."), true),
    });
  }

  /** Sends the handshake. Resolves when the server accepts it; rejects if it does not, or the session ends before. */
  handshake(transport: Transport): Promise<void> {
    return new Promise((accept, refuse) => {
      if (this.#phase.kind === "ended") {
        transport.close();
        refuse(this.#phase.error ?? closedBeforeHandshake());
        return;
      }
      this.#phase = { kind: "handshake", transport, accept, refuse };
      this.#keepAlive.listen();
      transport.send(handshakeRequest(this.#settings.protocol.name, 1)).catch((error) => this.end(asError(error), true));
    });
  }

  /** Rejects if the message cannot be written or the session is not open. */
  async send(message: HubMessage): Promise<void> {
    if (this.#phase.kind !== "open") {
      throw new Error("Cannot send data if the connection is not in the 'Connected' State.");
    }
    const frame = this.#settings.protocol.writeMessage(message);
    this.#keepAlive.sent();
    await this.#phase.transport.send(frame);
  }

  /** Tells the server that we leave, and ends the session. */
  async stop(): Promise<void> {
    // The session ends all the same if that fails.
    await this.send({ type: MessageType.Close }).catch(() => undefined);
    this.end(undefined, false);
  }

  /** Ends the session, if it has not ended. */
  end(error: Error | undefined, mayReconnect: boolean): void {
    const phase = this.#phase;
    if (phase.kind === "ended") {
      return;
    }
    this.#phase = { kind: "ended", error };
    this.#keepAlive.stop();
    switch (phase.kind) {
      case "handshake":
        phase.transport.close();
        phase.refuse(error ?? closedBeforeHandshake());
        break;
      case "open":
        phase.transport.close();
        this.#settings.ended(error, mayReconnect);
        break;
      case "unconnected":
        break;
    }
  }

  received(data: string | ArrayBuffer): void {
    try {
      this.#read(data);
    } catch (error) {
      this.end(asError(error), true);
    }
  }

  closed(error: Error | undefined): void {
    this.end(error, true);
  }

  #read(data: string | ArrayBuffer): void {
    const phase = this.#phase;
    let frame = data;
    if (phase.kind === "handshake") {
      frame = readHandshakeResponse(data);
      this.#phase = { kind: "open", transport: phase.transport };
      this.#settings.opened();
      phase.accept();
    }
    if (this.#phase.kind !== "open") {
      return;
    }
    this.#keepAlive.received();
    for (const message of this.#settings.protocol.parseMessages(frame, this.#settings.logger)) {
      this.#dispatch(message);
    }
  }

  #dispatch(message: HubMessage): void {
    if (message.type === MessageType.Close) {
      const error = message.error ? new Error(`Server returned an error on close: ${message.error}`) : undefined;
      this.end(error, message.allowReconnect === true);
    } else if (this.#phase.kind === "open") {
      this.#settings.message(message);
    }
  }
}

/** Why a session ends that `stop()` finds before its handshake was answered. */
export function stoppedBeforeHandshake(): Error {
  return new AbortError("The connection was stopped before the hub handshake could complete.");
}

function closedBeforeHandshake(): Error {
  return new AbortError("The underlying connection was closed before the hub handshake could complete.");
}
