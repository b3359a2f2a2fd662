// Our client, by the names under which an application imports it.

export * as signalR from "hubcast";
export { MessagePackHubProtocol } from "hubcast/messagepack";
export { webLock } from "hubcast/web-lock";
