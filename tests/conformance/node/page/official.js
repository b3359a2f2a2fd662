// The official clients: globals of their own builds.

await load("/signalr.js");
await load("/signalr-protocol-msgpack.js");

export const { signalR } = window;
export const { MessagePackHubProtocol } = signalR.protocols.msgpack;

function load(src) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}
