/*
 * Where the client says what it does.
 *
 * Rule: no line holds a token, a connection token or the content of a message. Addresses are logged without their query.
 */

/** How serious a line is; the values are those of `@microsoft/signalr`. */
export enum LogLevel {
  Trace = 0,
  Debug = 1,
  Information = 2,
  Warning = 3,
  Error = 4,
  Critical = 5,
  None = 6,
}

/** Takes every line that the client writes, of all levels. */
export interface ILogger {
  log(logLevel: LogLevel, message: string): void;
}

/** Writes nothing. */
export class NullLogger implements ILogger {
  static readonly instance: ILogger = { log() {} };

  log(_logLevel: LogLevel, _message: string): void {}
}

const names = ["Trace", "Debug", "Information", "Warning", "Error", "Critical", "None"];

/** Makes a logger of a level, the name of a level in any case, or a logger. Throws on a name that is no level. */
export function loggerFrom(logging: LogLevel | string | ILogger): ILogger {
  if (typeof logging === "object") {
    return logging;
  }
  const isMeant = (name: string): boolean => name.toLowerCase().startsWith(logging.toString().toLowerCase());
  // "info" and "warn" are names too.
  const least = typeof logging === "string" ? (logging.length < 4 ? -1 : names.findIndex(isMeant)) : logging;
  if (least < 0) {
    throw new Error(`Unknown log level: ${logging}`);
  }
  return {
    log(logLevel, message) {
      if (logLevel >= least) {
        const method = logLevel >= LogLevel.Error ? "error" : logLevel === LogLevel.Warning ? "warn" : "info";
        console[method](`[${new Date().toISOString()}] ${names[logLevel]}: ${message}`);
      }
    },
  };
}
