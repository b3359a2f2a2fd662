/*
 * Bytes that are added at the end and taken from the start, at a cost that does not depend on how they are cut.
 */

const LEAST = 1024;

export class GrowingBuffer {
  #store = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** All bytes; valid until the next call. */
  get bytes(): Buffer {
    return this.#store.subarray(this.#start, this.#end);
  }

  append(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#store.length) {
      const needed = this.length + bytes.length;
      // Room for as much again, so that each byte is moved a bounded number of times.
      const store = Buffer.allocUnsafe(Math.max(LEAST, needed * 2));
      store.set(this.bytes);
      this.#end = this.length;
      this.#start = 0;
      this.#store = store;
    }
    this.#store.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Drops so many bytes from the start, at most all. When none is left, nothing is held. */
  drop(length: number): void {
    this.#start += length;
    if (this.#start >= this.#end) {
      this.#store = Buffer.alloc(0);
      this.#start = 0;
      this.#end = 0;
    }
  }
}
