// The clients as Node has them: namespace, hub protocols, and how they reach the server.

import WebSocket from "ws";
import { hubcast, official } from "./clients.js";
import { HubcastPackage } from "./hubcast-package.js";

/** The official client, or ours from the `folder` of its package. */
export async function loadClient(folder) {
  if (folder === undefined) {
    const signalR = await import("@microsoft/signalr");
    return clientWith(official, signalR, await import("@microsoft/signalr-protocol-msgpack"));
  }
  const found = await HubcastPackage.open(folder);
  return clientWith(hubcast, await found.import("."), await found.import("./messagepack"));
}

function clientWith(client, signalR, { MessagePackHubProtocol }) {
  const protocols = { json: () => new signalR.JsonHubProtocol(), messagepack: () => new MessagePackHubProtocol() };
  return { ...client, signalR, protocols };
}
