/*
 * What reaches the console.
 */

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { LogLevel, loggerFrom } from "./logger.js";

afterEach(() => mock.restoreAll());

test("the_console_gets_lines_from_the_level_up", () => {
  const lines: string[] = [];
  for (const method of ["info", "warn", "error"] as const) {
    mock.method(console, method, (line: string) => lines.push(`${method} ${line.replace(/^\[.*?\] /, "")}`));
  }
  const logger = loggerFrom(LogLevel.Information);
  logger.log(LogLevel.Debug, "a");
  logger.log(LogLevel.Information, "b");
  logger.log(LogLevel.Warning, "c");
  logger.log(LogLevel.Critical, "d");
  assert.deepEqual(lines, ["info Information: b", "warn Warning: c", "error Critical: d"]);
});

test("a_level_can_be_named_in_any_case", () => {
  const error = mock.method(console, "error", () => undefined);
  const warn = mock.method(console, "warn", () => undefined);
  const logger = loggerFrom("ERROR");
  logger.log(LogLevel.Warning, "w");
  logger.log(LogLevel.Error, "e");
  assert.equal(warn.mock.callCount(), 0);
  assert.equal(error.mock.callCount(), 1);
});

test("an_unknown_level_is_refused", () => {
  assert.throws(() => loggerFrom("loud"), { message: "Unknown log level: loud" });
});

test("a_logger_is_taken_as_it_is", () => {
  const logger = { log: () => undefined };
  assert.equal(loggerFrom(logger), logger);
});
