/*
 * What was said in the room, and who is typing.
 *
 * Rule: messages come twice, early or in the wrong order around an entry and under load; their numbers decide.
 * What people wrote is put in with textContent alone, so it stays text.
 */
import { element } from "./element.js";
const SHOWN_MESSAGES = 300;
const ONE_BREATH_MS = 5 * 60 * 1000;
const TYPING_LASTS_MS = 6000;
const NEAR_THE_END_PX = 80;
const HUES = 12;
export class Conversation {
    #scroller = element("#scroller", HTMLElement);
    #list = element("#messages", HTMLElement);
    #empty = element("#empty", HTMLElement);
    #newest = element("#newest", HTMLElement);
    #typingLine = element("#typing", HTMLElement);
    #time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
    #room;
    #myName;
    /** In the order of their numbers. */
    #messages = [];
    /** What arrives while the page enters a room; undefined at other times. */
    #early;
    /** By connection id. */
    #typing = new Map();
    constructor() {
        this.#newest.addEventListener("click", () => this.#scrollToEnd());
        this.#scroller.addEventListener("scroll", () => {
            if (this.#isAtEnd())
                this.#newest.hidden = true;
        });
        new ResizeObserver(() => {
            if (this.#newest.hidden)
                this.#scrollToEnd();
        }).observe(this.#scroller);
    }
    /** Keeps what arrives until `open` or `release`. */
    hold() {
        this.#early ??= [];
    }
    /** The page stays in the room where it is. */
    release() {
        const early = this.#early ?? [];
        this.#early = undefined;
        for (const [room, message] of early)
            this.receive(room, message);
    }
    /** Shows a room as the hub describes it. */
    open(view, myName) {
        this.#room = view.name;
        this.#myName = myName;
        this.#messages = view.history;
        for (const id of [...this.#typing.keys()])
            this.#stopTyping(id);
        this.#draw();
        this.release();
        this.#scrollToEnd();
    }
    receive(room, message) {
        if (this.#early !== undefined) {
            this.#early.push([room, message]);
            return;
        }
        if (room !== this.#room || this.#messages.some(({ number }) => number === message.number))
            return;
        const wasAtEnd = this.#isAtEnd();
        const previous = this.#messages.at(-1);
        this.#messages.push(message);
        if (previous !== undefined && previous.number > message.number) {
            this.#messages.sort((a, b) => a.number - b.number);
            this.#draw();
        }
        else {
            this.#empty.hidden = true;
            this.#list.append(this.#item(message, previous));
        }
        this.#forgetOldest();
        if (wasAtEnd || message.from === this.#myName)
            this.#scrollToEnd();
        else
            this.#newest.hidden = false;
    }
    showTyping(room, person, isTyping) {
        if (room !== this.#room)
            return;
        this.#stopTyping(person.id);
        if (isTyping) {
            const timer = setTimeout(() => this.#stopTyping(person.id), TYPING_LASTS_MS);
            this.#typing.set(person.id, { name: person.name, timer });
        }
        this.#tellTyping();
    }
    /** Only those who are here may type. */
    keepTyping(people) {
        const here = new Set(people.map(({ id }) => id));
        for (const id of [...this.#typing.keys()])
            if (!here.has(id))
                this.#stopTyping(id);
    }
    #stopTyping(id) {
        clearTimeout(this.#typing.get(id)?.timer);
        this.#typing.delete(id);
        this.#tellTyping();
    }
    #tellTyping() {
        const names = [...this.#typing.values()].map(({ name }) => name);
        const who = names.length > 2 ? `${names.length} people` : names.join(" and ");
        this.#typingLine.textContent = names.length === 0 ? "" : `${who} ${names.length === 1 ? "is" : "are"} typing…`;
    }
    /** Draws all messages; screen readers are not told of them one by one. */
    #draw() {
        this.#list.ariaBusy = "true";
        const items = this.#messages.map((message, index) => this.#item(message, this.#messages[index - 1]));
        this.#list.replaceChildren(...items);
        this.#empty.hidden = items.length > 0;
        this.#list.ariaBusy = "false";
    }
    /** A message as an element. The name is left out when the same person goes on talking. */
    #item(message, previous) {
        const item = document.createElement("li");
        const isContinued = previous?.from === message.from && message.sentAt - previous.sentAt < ONE_BREATH_MS;
        item.classList.toggle("own", message.from === this.#myName);
        item.classList.toggle("continued", isContinued);
        item.append(avatar(message.from));
        const head = document.createElement("p");
        head.className = "head";
        const from = document.createElement("span");
        from.className = "from";
        from.textContent = message.from;
        const time = document.createElement("time");
        const sentAt = new Date(message.sentAt);
        time.dateTime = sentAt.toISOString();
        time.textContent = this.#time.format(sentAt);
        time.title = sentAt.toLocaleString();
        head.append(from, " ", time);
        const text = document.createElement("p");
        text.className = "text";
        text.dir = "auto";
        text.textContent = message.text;
        item.append(head, text);
        return item;
    }
    #forgetOldest() {
        while (this.#messages.length > SHOWN_MESSAGES) {
            this.#messages.shift();
            this.#list.firstElementChild?.remove();
        }
    }
    #isAtEnd() {
        const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
        return scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX;
    }
    #scrollToEnd() {
        this.#scroller.scrollTop = this.#scroller.scrollHeight;
        this.#newest.hidden = true;
    }
}
/** A round sign with the first letter of a name, in a colour that is always the same for it. */
export function avatar(name) {
    const sign = document.createElement("span");
    sign.className = "avatar";
    sign.ariaHidden = "true";
    sign.textContent = [...name][0]?.toUpperCase() ?? "";
    let hash = 2_166_136_261; // FNV-1a
    for (const character of name)
        hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
    const hue = ((hash >>> 8) % HUES) * (360 / HUES);
    sign.style.setProperty("--hue", String(hue));
    return sign;
}
