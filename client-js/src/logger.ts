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

/** Writes lines of at least one level to the console. */
export function consoleLogger(least: LogLevel): ILogger {
  return {
    log(logLevel, message) {
      if (logLevel >= least) {
        const method = logLevel >= LogLevel.Error ? "error" : logLevel === LogLevel.Warning ? "warn" : "info";
        console[method](`[${new Date().toISOString()}] ${LogLevel[logLevel]}: ${message}`);
      }
    },
  };
}

/** Makes a logger of a level, the name of a level in any case, or a logger. Throws on a name that is no level. */
export function loggerFrom(logging: LogLevel | string | ILogger): ILogger {
  if (typeof logging === "object") {
    return logging;
  }
  let level: unknown = logging;
  if (typeof logging === "string") {
    // "info" and "warn" are names too.
    const isMeant = (name: string): boolean => /^\w{4}/.test(logging) && name.toLowerCase().startsWith(logging.toLowerCase());
    level = LogLevel[Object.keys(LogLevel).find(isMeant) as "None"];
    if (level === undefined) {
      throw new Error(`Unknown log level: ${logging}`);
    }
  }
  return consoleLogger(level as LogLevel);
}
