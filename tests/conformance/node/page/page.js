// The page that runs the cases in a browser, with the client that `/client.js` holds. browser-suite.js calls `runVariant`,
// `visit` and `runApplication`, and answers `callRunner`.

import { Bench, runCases } from "/bench.js";
import { cases } from "/cases.js";
import * as client from "/client.js";
import { Sockets } from "/sockets.js";
import { visit } from "/visit.js";

const { MessagePackHubProtocol, signalR, webLock } = client;
const protocols = { json: () => new signalR.JsonHubProtocol(), messagepack: () => new MessagePackHubProtocol() };
const url = `${location.origin}/bench`;
/** Firefox takes in what a server sends, however far the page is behind: without an end that is more than memory holds. */
const limits = navigator.userAgent.includes("Firefox") ? { endless: 1_000_000 } : {};

window.runVariant = async (list, names, variant, tokens, lacking) => {
  const bench = new Bench({
    ...variant,
    ...limits,
    signalR,
    url,
    http: {},
    fetch: window.fetch.bind(window),
    protocol: protocols[variant.protocol](),
    webLock,
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

/** What the application of this name saw, as JSON can hold it. */
window.runApplication = async (name) => {
  const { run } = await import(`/migration/${name}.js`);
  const notes = await run({ url, room: crypto.randomUUID(), cut: () => window.callRunner("cutConnections") });
  return JSON.parse(JSON.stringify(notes, (_key, value) => (value === undefined ? "undefined" : value)));
};
