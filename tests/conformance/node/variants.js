// In which ways the cases are run: the transports, the protocols that each can carry, negotiated and not.

/**
 * What each variant needs of the server beside what its cases need, and what it lacks whoever the server is: only
 * negotiated WebSockets can be taken up again, and only WebSockets are counted, so that a case can cut them.
 */
export const variants = [
  { transport: "WebSockets", protocol: "json", negotiates: true, needs: [], lacks: [] },
  { transport: "WebSockets", protocol: "json", negotiates: false, needs: [], lacks: ["stateful"] },
  { transport: "WebSockets", protocol: "messagepack", negotiates: true, needs: ["messagepack"], lacks: [] },
  { transport: "WebSockets", protocol: "messagepack", negotiates: false, needs: ["messagepack"], lacks: ["stateful"] },
  { transport: "ServerSentEvents", protocol: "json", negotiates: true, needs: [], lacks: ["stateful", "sockets"] },
  { transport: "LongPolling", protocol: "json", negotiates: true, needs: [], lacks: ["stateful", "sockets"] },
  { transport: "LongPolling", protocol: "messagepack", negotiates: true, needs: ["messagepack"], lacks: ["stateful", "sockets"] },
];

export function variantName({ transport, protocol, negotiates }) {
  return `${transport}, ${protocol}${negotiates ? "" : ", not negotiated"}`;
}
