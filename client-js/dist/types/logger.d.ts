/** How serious a line is; the values are those of `@microsoft/signalr`. */
export declare enum LogLevel {
    Trace = 0,
    Debug = 1,
    Information = 2,
    Warning = 3,
    Error = 4,
    Critical = 5,
    None = 6
}
/** Takes every line that the client writes, of all levels. */
export interface ILogger {
    log(logLevel: LogLevel, message: string): void;
}
/** Writes nothing. */
export declare class NullLogger implements ILogger {
    static readonly instance: ILogger;
    log(_logLevel: LogLevel, _message: string): void;
}
/** Makes a logger of a level, the name of a level in any case, or a logger. Throws on a name that is no level. */
export declare function loggerFrom(logging: LogLevel | string | ILogger): ILogger;
