/*
 * How values are written and read, with the names of `@microsoft/signalr-protocol-msgpack`.
 *
 * Not here: limits on the length of strings, lists and maps. A length is only ever believed as far as there are bytes,
 * so the size of the transport's message is the limit.
 */

/** Options of `MessagePackHubProtocol`. */
export interface MessagePackOptions<Context = unknown> {
  /** Writes and reads extension types. Default: Date is type -1, other types are `ExtData`. */
  extensionCodec?: ExtensionCodec<Context>;
  /** Handed to `extensionCodec`. */
  context?: Context;
  /** How deep lists and maps may be nested; the message is the first, its list of arguments the second. Default: 100. */
  maxDepth?: number;
  /** Reads integers beyond 2^53 as `bigint`; otherwise they become the nearest number. Default: false. */
  useBigInt?: boolean;
  /** Leaves out properties that are undefined; otherwise they are written as nil. Default: false. */
  ignoreUndefined?: boolean;
}

/** Extension types of one's own; that of `@msgpack/msgpack` is one. */
export interface ExtensionCodec<Context = unknown> {
  /** The type and bytes of an object, or null if it is not to be written as an extension. */
  tryToEncode(object: unknown, context: Context): { readonly type: number; readonly data: Uint8Array } | null;
  /** Is given every extension that is read, also timestamps (type -1). */
  decode(data: Uint8Array, type: number, context: Context): unknown;
}

/** A value of an extension type, -128 to 127, that nobody knows. */
export class ExtData {
  constructor(
    readonly type: number,
    readonly data: Uint8Array,
  ) {}
}

/** The depth of what is inside `depth`. Throws if that is too deep. */
export function deeper(depth: number, { maxDepth = 100 }: { readonly maxDepth?: number }): number {
  if (depth >= maxDepth) {
    throw new Error(`Too deep objects in depth ${depth + 1}`);
  }
  return depth + 1;
}
