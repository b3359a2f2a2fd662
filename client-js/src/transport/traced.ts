/*
 * Lines about what a transport does; with what it carries only if the user wants that.
 */

import { LogLevel } from "../logger.js";
import { withoutQuery } from "../url.js";
import { HttpTransportType, type Frame, type TransportOpener } from "./transport.js";

/** An opener of transports that say what they do. */
export function traced(opener: TransportOpener): TransportOpener {
  return {
    ...opener,
    async open(target, sink, signal) {
      const name = opener.type === HttpTransportType.ServerSentEvents ? "SSE" : `${HttpTransportType[opener.type]}`;
      const trace = (what: string, data: Frame): void => {
        const text = typeof data === "string";
        const length = text ? data.length : data.byteLength;
        const content = target.http.options.logMessageContent
          ? `. Content: '${text ? data : new Uint8Array(data)}'`
          : "";
        target.logger.log(
          LogLevel.Trace,
          `(${name} transport) ${what}. ${text ? "String" : "Binary"} data of length ${length}${content}.`,
        );
      };
      const received = (data: string | ArrayBuffer): void => {
        trace("data received", data);
        sink.received(data);
      };
      const transport = await opener.open(target, { received, closed: (error) => sink.closed(error) }, signal);
      if (opener.type !== HttpTransportType.LongPolling) {
        target.logger.log(LogLevel.Information, `${name.replace("ts", "t")} connected to ${withoutQuery(target.url)}.`);
      }
      return {
        send(data) {
          trace("sending data", data);
          return transport.send(data);
        },
        close: () => transport.close(),
      };
    },
  };
}
