/*
 * The contract of the hub `EveryHub`, written by hubcast from its Rust traits: change those, not this file.
 */

/** A hub with one of everything. */
export interface EveryHub {
  /** Says something in a room. */
  Say(room: string, text: string, answerTo: number | null): Promise<void>;

  Ping(): Promise<void>;

  History(page: Page<Message>): Promise<Array<Page<Message>>>;

  /** @deprecated call `History` */
  Last(): Promise<Message | null>;

  /** @deprecated see `Ping` */
  old_ping(in_: number, default_: [number, string]): Promise<void>;

  /** Counts down to 0. */
  CountDown(from: number): AsyncIterable<number>;

  Shapes(): AsyncIterable<Shape>;

  /** Adds lines to a room. Ends with how many there were. */
  Import(room: string, lines: AsyncIterable<Line>, cx: AsyncIterable<boolean>): Promise<number>;

  Merge(left: AsyncIterable<number>, right: AsyncIterable<number>): AsyncIterable<number | null>;
}

/** What the hub calls on its clients. */
export interface EveryClient {
  /**
   * Takes a message.
   *
   * It may come twice; `number` says so.
   */
  Receive(room: string, message: Message): void;

  "people-changed"(people: { [key in string]: Array<string> }): void;

  /** Asks whether something is to be done. */
  Confirm(question: string): boolean | Promise<boolean>;

  Choose(among: Array<Shape>): Shape | null | Promise<Shape | null>;
}

export type Colour = "red" | "green";

/** A line of text. */
export type Line = { text: string; colour?: Colour };

/** Something that was said. */
export type Message = {
  /** Counts the messages of a room, from 1. */
  number: number;
  /** Milliseconds since 1970. */
  sentAt: number;
  by: string;
  "content-type": string;
  reactions: { [key in string]: number };
  text: string;
  colour?: Colour;
};

/** A part of a list. */
export type Page<T> = { items: Array<T>; next: Page<T> | null };

/** What can be drawn. */
export type Shape =
  | {
      kind: "circle";
      /** In pixels. */
      radius: number;
    }
  | { kind: "rectangle"; width: number; height: number }
  | { kind: "nothing" };

/** For `build(everyHub)` of a connection's builder. The schema stands for all names and types above. */
export const everyHub: { readonly schema: string; readonly hub?: EveryHub; readonly client?: EveryClient } = {
  schema: "63d76dde2c27220d",
};
