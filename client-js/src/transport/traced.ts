/*
 * Lines about what a transport does; with what it carries only if the user wants that.
 */

import { LogLevel } from "../logger.js";
import { withoutQuery } from "../url.js";
import type { Frame, Transport, TransportOpener, TransportSink, TransportTarget } from "./transport.js";

/** Opens a transport that says what it carries. */
export async function openTraced(
  { name, open }: TransportOpener,
  target: TransportTarget,
  sink: TransportSink,
  signal: AbortSignal,
): Promise<Transport> {
  const trace = <T extends Frame>(what: string, data: T): T => {
    const text = typeof data === "string";
    const content = target.http.options.logMessageContent ? `. Content: '${text ? data : new Uint8Array(data)}'` : "";
    target.logger.log(
      LogLevel.Trace,
      `(${name} transport) ${what}. ${text ? "String" : "Binary"} data of length ${text ? data.length : data.byteLength}${content}.`,
    );
    return data;
  };
  const { send, close } = await open(
    target,
    { received: (data) => sink.received(trace("data received", data)), ended: sink.ended },
    signal,
  );
  target.logger.log(LogLevel.Information, `${name} connected to ${withoutQuery(target.url)}.`);
  return { send: (data) => send(trace("sending data", data)), close };
}
