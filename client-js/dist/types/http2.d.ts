export { Http2Client, type Http2WebSocketConstructor } from "./http2/client.js";
export type { Http2ClientOptions, WebSocketInit } from "./http2/options.js";
