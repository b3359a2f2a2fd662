/*
 * The contract of the hub `ChatHub`, written by hubcast from its Rust traits: change those, not this file.
 */

/** What a page calls on the hub. */
export interface ChatHub {
  /** Moves the caller into a room, under a name. The room is made if it is not there. */
  Join(name: string, room: string): Promise<RoomView>;

  /** Says something in the caller's room. */
  Say(text: string): Promise<void>;

  /** Tells the caller's room that the caller has begun or ceased to type. */
  Typing(isTyping: boolean): Promise<void>;

  /** Lists the rooms, by name. */
  Rooms(): Promise<Array<RoomSummary>>;

  /** Says how the caller is connected, and how everybody is. */
  Status(): Promise<Status>;
}

/** What the hub calls on a page. */
export interface ChatClient {
  /** Takes a message that somebody in the room, perhaps this page, has said. */
  Receive(room: string, message: Message): void;

  /** Takes the people of the room, whenever one comes or goes. A list with a lower revision than the last is stale. */
  People(room: string, people: People): void;

  /** Learns that somebody else in the room has begun or ceased to type. */
  Typing(room: string, person: Person, isTyping: boolean): void;
}

/** Something that was said. */
export type Message = {
  /** Counts the messages of the room, from 1. */
  number: number;
  /** The name of who said it. */
  from: string;
  /** What was said, as it was typed: never markup. */
  text: string;
  /** Milliseconds since 1970. */
  sentAt: number;
};

/** Who is in a room. */
export type People = {
  /** Grows by one with each change. */
  revision: number;
  /** In the order in which they came. */
  list: Array<Person>;
};

/** Somebody in a room. Names may repeat, ids do not. */
export type Person = { id: string; name: string };

/** A room in the list of rooms. */
export type RoomSummary = {
  name: string;
  /** How many people are in it. */
  people: number;
};

/** A room as one finds it. */
export type RoomView = {
  /** Its name as the hub writes it. */
  name: string;
  people: People;
  /** The last messages, oldest first. */
  history: Array<Message>;
};

/** How a page is connected. */
export type Status = {
  /** The format of the hub's messages. */
  hubProtocol: string;
  /** What carries them. */
  transport: string;
  /** The HTTP version that carries the transport. */
  httpVersion: string;
  /** How many connections of the whole hub came by HTTP/1.1. */
  http1: number;
  /** How many connections of the whole hub came by HTTP/2. */
  http2: number;
};

/** For `build(chatHub)` of a connection's builder. The schema stands for all names and types above. */
export const chatHub: { readonly schema: string; readonly hub?: ChatHub; readonly client?: ChatClient } = {
  schema: "a2f2dba524054ffd",
};
