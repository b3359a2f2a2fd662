/*
 * Hub messages as lists: the type, and then each property in its place.
 *
 * Rule: what .NET refuses is refused (tests/vectors), but a list may be longer than known, and a message of an unknown
 * type is skipped, so that a server may say things that this client has not learned.
 */

import type { HubMessage } from "../message.js";

type Check = (value: unknown, type: number) => boolean;

const isString: Check = (value) => typeof value === "string";
const isName: Check = (value) => isString(value, 0) && value !== "";
const isPresent: Check = (value) => value !== undefined;

/** A property means the same in every message that has it. Undefined is one that the list is too short for. */
const checks = {
  headers: (value) =>
    // No list, no bytes, no date.
    Object.getPrototypeOf(value ?? 0) === Object.prototype && Object.values(value as object).every(isString),
  // Who sends an Invocation without an id does not wait.
  invocationId: (value, type) => isName(value, type) || (type === 1 && (value === null || value === "")),
  target: isName,
  arguments: Array.isArray,
  streamIds: (value) => value === undefined || (Array.isArray(value) && value.every(isString)),
  item: isPresent,
  result: isPresent,
  error: (value) => value === null || isString(value, 0),
  allowReconnect: (value) => value === undefined || typeof value === "boolean",
  sequenceId: Number.isSafeInteger,
} satisfies Record<string, Check>;

type Property = keyof typeof checks;

/** What stands in the list for a property that a message does not have. */
const absent: Partial<Record<Property, unknown>> = {
  headers: {},
  invocationId: null,
  streamIds: [],
  error: null,
  allowReconnect: false,
};

const call: readonly Property[] = ["headers", "invocationId", "target", "arguments", "streamIds"];

/** What follows the type, by message type. */
const layouts: readonly (readonly Property[] | undefined)[] = [
  undefined,
  call,
  ["headers", "invocationId", "item"],
  ["headers", "invocationId"],
  call,
  ["headers", "invocationId"],
  [],
  ["error", "allowReconnect"],
  ["sequenceId"],
  ["sequenceId"],
];

/** A Completion says in its fourth place how it ends: 1, 2 or 3, and what follows. */
const COMPLETION = 3;
const endings: readonly (readonly Property[] | undefined)[] = [undefined, ["error"], [], ["result"]];

/** Undefined for a message of an unknown type. Throws if the type is known, and the properties are not those of it. */
export function fromList(list: unknown): HubMessage | undefined {
  if (!Array.isArray(list) || !Number.isInteger(list[0])) {
    throw new Error("Invalid payload.");
  }
  const [type, ...values] = list as [number, ...unknown[]];
  const layout = layouts[type];
  if (!layout) {
    return undefined;
  }
  const fail = (): never => {
    throw new Error(`Invalid payload for message type ${type}.`);
  };
  const ending = type === COMPLETION ? (endings[values.splice(2, 1)[0] as number] ?? fail()) : [];
  const message: Record<string, unknown> = { type };
  [...layout, ...ending].forEach((property, index) => {
    const value = values[index];
    if (!checks[property](value, type)) {
      fail();
    }
    if (!(property in absent && isEmpty(value))) {
      message[property] = value;
    }
  });
  // The layout has the properties of this type, and the checks their types.
  return message as unknown as HubMessage;
}

export function toList(message: HubMessage): unknown[] {
  const { type } = message;
  const fields = message as unknown as Readonly<Record<string, unknown>>;
  const value = (property: Property): unknown => fields[property] ?? absent[property];
  const list = [type, ...(layouts[type] ?? []).map(value)];
  if (type === COMPLETION) {
    const kind = message.error !== undefined ? 1 : message.result === undefined ? 2 : 3;
    list.push(kind, ...(endings[kind] ?? []).map(value));
  }
  return list;
}

function isEmpty(value: unknown): boolean {
  return !value || (typeof value === "object" && Object.keys(value).length === 0);
}
