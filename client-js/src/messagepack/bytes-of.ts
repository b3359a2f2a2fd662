/*
 * Views and buffers as bytes, without copying them.
 */

export function bytesOf(value: ArrayBuffer | ArrayBufferView): Uint8Array {
  // A buffer has neither of the first two, and is meant whole.
  const { buffer = value as ArrayBuffer, byteOffset, byteLength } = value as Partial<ArrayBufferView>;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
