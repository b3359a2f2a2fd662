/*
 * Reads WebSocket frames as a server writes them (RFC 6455, section 5), however the bytes are cut.
 *
 * Rule: nothing is kept but what the limit on a message allows. A frame over it is refused by its head.
 */

import { CONTROL_LIMIT, isCloseCode, Opcode } from "./frame.js";
import { GrowingBuffer } from "./growing-buffer.js";

/** Who is told what has come, in order. */
export interface FrameSink {
  message(data: string | ArrayBuffer): void;
  ping(payload: Buffer): void;
  /** The server's Close frame; without a code in it, 1005. Nothing comes after it. */
  close(code: number, reason: string): void;
}

/** The server broke a rule or a limit. */
export class FrameError extends Error {
  /** What to say in the Close frame. */
  readonly closeCode: number;

  constructor(closeCode: number, message: string) {
    super(message);
    this.closeCode = closeCode;
  }
}

/** The head of a frame. */
interface Head {
  readonly final: boolean;
  readonly opcode: number;
  readonly length: number;
}

/** What a message is that comes in several frames, and its bytes so far. */
interface Message {
  readonly opcode: number;
  readonly payload: GrowingBuffer;
}

export class FrameReader {
  readonly #sink: FrameSink;
  readonly #limit: number;
  /** What has come of a frame that is not whole. */
  readonly #rest = new GrowingBuffer();
  #head: Head | undefined;
  #message: Message | undefined;
  #closed = false;

  /** `limit` is on the bytes of a message. */
  constructor(sink: FrameSink, limit: number) {
    this.#sink = sink;
    this.#limit = limit;
  }

  /** Throws FrameError if the server is wrong; then nothing more may be pushed. */
  push(bytes: Buffer): void {
    if (this.#rest.length === 0) {
      this.#rest.append(bytes.subarray(this.#read(bytes)));
    } else {
      this.#rest.append(bytes);
      this.#rest.drop(this.#read(this.#rest.bytes));
    }
  }

  /** Reads all frames that are whole. Gives back how many bytes that took. */
  #read(bytes: Buffer): number {
    let offset = 0;
    while (!this.#closed) {
      if (!this.#head) {
        const length = this.#readHead(bytes.subarray(offset, offset + LONGEST_HEAD));
        if (!this.#head) {
          break;
        }
        offset += length;
      }
      const head: Head = this.#head;
      const end = offset + head.length;
      if (end > bytes.length) {
        break;
      }
      this.#head = undefined;
      this.#frame(head, bytes.subarray(offset, end));
      offset = end;
    }
    return this.#closed ? bytes.length : offset;
  }

  /** Reads a head if it is whole. Gives back its length. */
  #readHead(bytes: Buffer): number {
    const [first, second] = bytes;
    if (first === undefined || second === undefined) {
      return 0;
    }
    if (second & 0x80) {
      throw new FrameError(1002, "The server has masked a frame.");
    }
    const short = second & 0x7f;
    const extended = short < 126 ? 0 : short === 126 ? 2 : 8;
    if (bytes.length < 2 + extended) {
      return 0;
    }
    const length = extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    const head = { final: (first & 0x80) !== 0, opcode: first & 0x0f, length };
    this.#check(head, (first & 0x70) !== 0);
    this.#head = head;
    return 2 + extended;
  }

  #check({ final, opcode, length }: Head, reserved: boolean): void {
    if (reserved || !(opcode in Opcode)) {
      throw new FrameError(1002, "The server has sent a frame of an unknown kind.");
    }
    if (opcode >= Opcode.Close) {
      if (!final || length > CONTROL_LIMIT) {
        throw new FrameError(1002, "The server has sent a control frame in parts, or one that is too long.");
      }
      return;
    }
    if ((opcode === Opcode.Continuation) !== (this.#message !== undefined)) {
      throw new FrameError(1002, "The server has sent a part of a message where none was due.");
    }
    if (length + (this.#message?.payload.length ?? 0) > this.#limit) {
      throw new FrameError(1009, `The server has sent a message of more than ${this.#limit} bytes.`);
    }
  }

  #frame({ final, opcode }: Head, payload: Buffer): void {
    switch (opcode) {
      case Opcode.Close:
        this.#closed = true;
        this.#close(payload);
        break;
      case Opcode.Ping:
        this.#sink.ping(payload);
        break;
      case Opcode.Pong:
        break;
      default:
        this.#part(final, opcode, payload);
    }
  }

  #part(final: boolean, opcode: number, payload: Buffer): void {
    if (final && !this.#message) {
      this.#whole(opcode, payload);
      return;
    }
    const message = (this.#message ??= { opcode, payload: new GrowingBuffer() });
    message.payload.append(payload);
    if (final) {
      this.#message = undefined;
      this.#whole(message.opcode, message.payload.bytes);
    }
  }

  #whole(opcode: number, payload: Buffer): void {
    // The bytes belong to a buffer that is used again.
    this.#sink.message(opcode === Opcode.Text ? decode(payload) : new Uint8Array(payload).buffer);
  }

  #close(payload: Buffer): void {
    if (payload.length === 0) {
      this.#sink.close(1005, "");
      return;
    }
    const code = payload.length > 1 ? payload.readUInt16BE() : 0;
    if (!isCloseCode(code)) {
      throw new FrameError(1002, "The server has closed with a code that it may not use.");
    }
    this.#sink.close(code, decode(payload.subarray(2)));
  }
}

const LONGEST_HEAD = 10;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FrameError(1007, "The server has sent text that is not UTF-8.");
  }
}
