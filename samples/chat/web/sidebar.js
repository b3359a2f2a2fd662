/*
 * The rooms, and the people of the room. On a phone it slides in over the conversation.
 *
 * Rule: lists of people may overtake each other; one with a lower revision than the last is stale.
 */

import { avatar } from "./conversation.js";

export class Sidebar {
  #rooms = document.querySelector("#rooms");
  #people = document.querySelector("#people");
  #menu = document.querySelector("#menu");
  #newRoom = document.querySelector("#new-room");
  #enter;
  #rename;
  #room;
  #revision;

  /** `enter(room)` moves to a room, `rename()` asks for another name. */
  constructor({ enter, rename }) {
    this.#enter = enter;
    this.#rename = rename;
    this.#menu.addEventListener("click", () => this.#slide(this.#menu.ariaExpanded !== "true"));
    document.querySelector("#scrim").addEventListener("click", () => this.#slide(false));
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#slide(false);
    });
    this.#newRoom.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#enter(this.#newRoom.elements.room.value);
      this.#newRoom.reset();
    });
  }

  /** Shows the people of a room that the page has just entered. */
  open(view, myId) {
    this.#room = view.name;
    this.#revision = -1;
    document.querySelector('[data-show="room"]').textContent = `#${view.name}`;
    this.showPeople(view.name, view.people, myId);
    this.#slide(false);
  }

  /** Says whether the list is the newest of this room; only then it is shown. */
  showPeople(room, people, myId) {
    if (room !== this.#room || people.revision <= this.#revision) return false;
    this.#revision = people.revision;
    const isMe = ({ id }) => id === myId;
    const others = people.list.filter((person) => !isMe(person));
    this.#people.replaceChildren(...[...people.list.filter(isMe), ...others].map((person) => this.#person(person, isMe(person))));
    const count = people.list.length;
    document.querySelector('[data-show="people-count"]').textContent = count === 1 ? "Only you are here" : `${count} people are here`;
    return true;
  }

  showRooms(rooms, current) {
    const items = rooms.map(({ name, people }) => {
      const button = document.createElement("button");
      button.type = "button";
      if (name === current) button.ariaCurrent = "true";
      button.addEventListener("click", () => (name === this.#room ? this.#slide(false) : this.#enter(name)));
      const label = document.createElement("span");
      label.textContent = `#${name}`;
      const count = document.createElement("span");
      count.className = "count";
      count.textContent = people || "";
      count.ariaLabel = people === 1 ? "1 person" : `${people} people`;
      button.append(label, count);
      const item = document.createElement("li");
      item.append(button);
      return item;
    });
    keepFocus(this.#rooms, items);
  }

  #person({ name }, isMe) {
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
      rename.addEventListener("click", () => this.#rename());
      item.append(rename);
    }
    return item;
  }

  #slide(isOpen) {
    this.#menu.ariaExpanded = String(isOpen);
    document.body.classList.toggle("sidebar-open", isOpen);
    if (isOpen) this.#rooms.querySelector("button")?.focus();
    else if (document.querySelector("#sidebar").contains(document.activeElement)) this.#menu.focus();
  }
}

/** Replaces the items of a list without taking the focus from the one in the same place. */
function keepFocus(list, items) {
  const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
  list.replaceChildren(...items);
  items[focused]?.querySelector("button").focus();
}
