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

/** Writes lines of at least one level to the console. */
export class ConsoleLogger implements ILogger {
  readonly #least: LogLevel;

  constructor(least: LogLevel) {
    this.#least = least;
  }

  log(logLevel: LogLevel, message: string): void {
    if (logLevel >= this.#least) {
      const method = logLevel >= LogLevel.Error ? "error" : logLevel === LogLevel.Warning ? "warn" : "info";
      console[method](`[${new Date().toISOString()}] ${LogLevel[logLevel]}: ${message}`);
    }
  }
}

const levelNames: Readonly<Record<string, LogLevel>> = {
  trace: LogLevel.Trace,
  debug: LogLevel.Debug,
  info: LogLevel.Information,
  information: LogLevel.Information,
  warn: LogLevel.Warning,
  warning: LogLevel.Warning,
  error: LogLevel.Error,
  critical: LogLevel.Critical,
  none: LogLevel.None,
};

/** Makes a logger of a level, the name of a level in any case, or a logger. Throws on a name that is no level. */
export function loggerFrom(logging: LogLevel | string | ILogger): ILogger {
  if (typeof logging === "object") {
    return logging;
  }
  const level = typeof logging === "string" ? levelNames[logging.toLowerCase()] : logging;
  if (level === undefined) {
    throw new Error(`Unknown log level: ${logging}`);
  }
  return new ConsoleLogger(level);
}
