import type { MessageHeaders } from "./message.js";
export declare function withToken(headers: MessageHeaders, token: string | undefined): MessageHeaders;
