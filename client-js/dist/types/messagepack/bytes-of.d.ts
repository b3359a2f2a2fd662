export declare function bytesOf(value: ArrayBuffer | ArrayBufferView): Uint8Array;
