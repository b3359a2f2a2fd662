import type { MessageHeaders } from "./message.js";
export declare function withToken(headers: MessageHeaders | undefined, token: string | undefined): MessageHeaders;
