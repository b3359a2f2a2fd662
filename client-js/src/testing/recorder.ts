/*
 * A logger that keeps its lines.
 */

import { LogLevel, type ILogger } from "../logger.js";

export class Recorder implements ILogger {
  /** "Warning: text" and so on. */
  readonly lines: string[] = [];

  log(logLevel: LogLevel, message: string): void {
    this.lines.push(`${LogLevel[logLevel]}: ${message}`);
  }
}
