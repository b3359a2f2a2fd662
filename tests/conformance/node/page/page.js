// The page that runs the cases in a browser. chromium.js calls `runVariant` and offers `restartServer`.
//
// The official clients are globals of their own builds; our client is imported from the origin, as an application would.

import { Bench, runCases } from "/bench.js";
import { cases } from "/cases.js";

const { signalR } = window;
const protocols = {
  json: () => new signalR.JsonHubProtocol(),
  messagepack: () => new signalR.protocols.msgpack.MessagePackHubProtocol(),
};

window.runVariant = async (list, { client, ...variant }, tokens, lacking) => {
  const server = { restart: (signal) => window.restartServer(signal) };
  const url = `${location.origin}/bench`;
  const platform =
    client === "hubcast"
      ? { signalR: await import("/hubcast.js"), protocol: undefined }
      : { signalR, protocol: protocols[variant.protocol]() };
  return runCases(cases[list], new Bench({ ...variant, ...platform, url, tokens, server }), lacking);
};
