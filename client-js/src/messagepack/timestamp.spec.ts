/*
 * Dates as timestamps, at the edges of the three forms.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readTimestamp, writeTimestamp } from "./timestamp.js";

const read = (text: string): Date => {
  const { buffer, byteOffset, length } = Buffer.from(`ff${text}`, "hex");
  return readTimestamp(new DataView(buffer, byteOffset), 1, length - 1);
};
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");

test("a_date_takes_the_shortest_form", () => {
  const forms: [string, string][] = [
    ["1970-01-01T00:00:00.000Z", "00000000"],
    ["2106-02-07T06:28:15.000Z", "ffffffff"],
    ["2106-02-07T06:28:16.000Z", "0000000100000000"],
    ["1970-01-01T00:00:00.001Z", "003d090000000000"],
    ["2514-05-30T01:53:03.999Z", "ee2e1f03ffffffff"],
    ["2514-05-30T01:53:04.000Z", "000000000000000400000000"],
    ["1969-12-31T23:59:59.999Z", "3b8b87c0ffffffffffffffff"],
    ["0001-01-01T00:00:00.000Z", "00000000fffffff1886e0900"],
  ];
  for (const [date, form] of forms) {
    assert.equal(hex(writeTimestamp(new Date(date))), form, date);
    assert.deepEqual(read(form), new Date(date));
  }
});

test("what_is_finer_than_a_millisecond_is_cut_off", () => {
  // 999,999,999 nanoseconds
  assert.equal(read("ee6b27fc00000000").getTime(), 999);
});

test("no_date_no_timestamp", () => {
  assert.throws(() => writeTimestamp(new Date(NaN)), RangeError);
  for (const form of ["", "00", "0000000000", "000000007fffffffffffffff"]) {
    assert.throws(() => read(form), { message: "Invalid timestamp." });
  }
});
