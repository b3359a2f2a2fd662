// The page that runs the cases in a browser, with the client that `/client.js` holds. browser-suite.js calls `runVariant`
// and `visit`, and answers `callRunner`.

import { Bench, runCases } from "/bench.js";
import { cases } from "/cases.js";
import { MessagePackHubProtocol, signalR } from "/client.js";
import { Sockets } from "/sockets.js";
import { visit } from "/visit.js";

const protocols = { json: () => new signalR.JsonHubProtocol(), messagepack: () => new MessagePackHubProtocol() };
const url = `${location.origin}/bench`;

window.runVariant = async (list, names, variant, tokens, lacking) => {
  const bench = new Bench({
    ...variant,
    signalR,
    url,
    http: {},
    fetch: window.fetch.bind(window),
    protocol: protocols[variant.protocol](),
    sockets: new Sockets(WebSocket, () => window.callRunner("cutConnections")),
    server: {
      stop: (signal) => window.callRunner("stopServer", signal),
      start: () => window.callRunner("startServer"),
      restart: (signal) => window.callRunner("restartServer", signal),
    },
    tokens,
  });
  return runCases(cases[list].filter(({ name }) => names.includes(name)), bench, lacking);
};

window.ready = () => true;
window.visit = (transport) => visit(signalR, url, transport);
