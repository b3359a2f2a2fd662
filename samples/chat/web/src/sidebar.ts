/*
 * The rooms, and the people of the room. On a phone it slides in over the conversation.
 *
 * Rule: lists of people may overtake each other; one with a lower revision than the last is stale.
 */

import type { People, Person, RoomSummary, RoomView } from "./chat-hub.js";
import { avatar } from "./conversation.js";
import { element, fill } from "./element.js";

/** What the sidebar asks of the page. */
export interface SidebarActions {
  /** Moves to a room. */
  enter(room: string): void;
  /** Asks for another name. */
  rename(): void;
}

export class Sidebar {
  readonly #rooms = element("#rooms", HTMLElement);
  readonly #people = element("#people", HTMLElement);
  readonly #menu = element("#menu", HTMLButtonElement);
  readonly #newRoom = element("#new-room", HTMLFormElement);
  readonly #actions: SidebarActions;
  #room: string | undefined;
  #revision = -1;

  constructor(actions: SidebarActions) {
    this.#actions = actions;
    this.#menu.addEventListener("click", () => this.#slide(this.#menu.ariaExpanded !== "true"));
    element("#scrim", HTMLElement).addEventListener("click", () => this.#slide(false));
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#slide(false);
    });
    this.#newRoom.addEventListener("submit", (event) => {
      event.preventDefault();
      actions.enter(element("input", HTMLInputElement, this.#newRoom).value);
      this.#newRoom.reset();
    });
  }

  /** Shows the people of a room that the page has just entered. */
  open(view: RoomView, myId: string | null): void {
    this.#room = view.name;
    this.#revision = -1;
    fill("room", `#${view.name}`);
    this.showPeople(view.name, view.people, myId);
    this.#slide(false);
  }

  /** Says whether the list is the newest of this room; only then it is shown. */
  showPeople(room: string, people: People, myId: string | null): boolean {
    if (room !== this.#room || people.revision <= this.#revision) return false;
    this.#revision = people.revision;
    const isMe = ({ id }: Person): boolean => id === myId;
    const others = people.list.filter((person) => !isMe(person));
    this.#people.replaceChildren(...[...people.list.filter(isMe), ...others].map((person) => this.#person(person, isMe(person))));
    const count = people.list.length;
    fill("people-count", count === 1 ? "Only you are here" : `${count} people are here`);
    return true;
  }

  showRooms(rooms: readonly RoomSummary[], current: string | undefined): void {
    const items = rooms.map(({ name, people }) => {
      const button = document.createElement("button");
      button.type = "button";
      if (name === current) button.ariaCurrent = "true";
      button.addEventListener("click", () => (name === this.#room ? this.#slide(false) : this.#actions.enter(name)));
      const label = document.createElement("span");
      label.textContent = `#${name}`;
      const count = document.createElement("span");
      count.className = "count";
      count.textContent = people > 0 ? String(people) : "";
      count.ariaLabel = people === 1 ? "1 person" : `${people} people`;
      button.append(label, count);
      const item = document.createElement("li");
      item.append(button);
      return item;
    });
    keepFocus(this.#rooms, items);
  }

  #person({ name }: Person, isMe: boolean): HTMLLIElement {
    const item = document.createElement("li");
    const label = document.createElement("span");
    label.className = "name";
    label.textContent = name;
    item.append(avatar(name), label);
    if (isMe) {
      const rename = document.createElement("button");
      rename.type = "button";
      rename.textContent = "you";
      rename.title = "Change your name";
      rename.ariaLabel = "This is you: change your name";
      rename.addEventListener("click", () => this.#actions.rename());
      item.append(rename);
    }
    return item;
  }

  #slide(isOpen: boolean): void {
    this.#menu.ariaExpanded = String(isOpen);
    document.body.classList.toggle("sidebar-open", isOpen);
    if (isOpen) this.#rooms.querySelector("button")?.focus();
    else if (element("#sidebar", HTMLElement).contains(document.activeElement)) this.#menu.focus();
  }
}

/** Replaces the items of a list without taking the focus from the one in the same place. */
function keepFocus(list: HTMLElement, items: HTMLElement[]): void {
  const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
  list.replaceChildren(...items);
  items[focused]?.querySelector("button")?.focus();
}
