/*
 * The line at the bottom: what is typed, that it is being typed, sending it, and what went wrong with it.
 *
 * Rule: a text that could not be sent comes back; nothing that was typed is lost.
 */
import { element } from "./element.js";
import { readable } from "./readable.js";
const TYPING_IS_TOLD_EVERY_MS = 3000;
/** The hub's limit, to warn of it. The hub decides. */
const LONGEST_TEXT = 2000;
const LENGTH_IS_SHOWN_FROM = 1800;
export class Composer {
    #text = element("#text", HTMLTextAreaElement);
    #error = element("#conversation .error", HTMLElement);
    #length = element("#length", HTMLElement);
    #actions;
    #typingToldAt = -Infinity;
    constructor(actions) {
        this.#actions = actions;
        element("#composer", HTMLFormElement).addEventListener("submit", (event) => {
            event.preventDefault();
            void this.#send();
        });
        this.#text.addEventListener("keydown", (event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing)
                return;
            event.preventDefault();
            void this.#send();
        });
        this.#text.addEventListener("input", () => this.#changed());
    }
    /** Where there is a keyboard. On a phone it would slide in uncalled. */
    focus() {
        if (matchMedia("(hover: hover)").matches)
            this.#text.focus();
    }
    /** Shows an error, or none if it is "". */
    complain(error) {
        this.#error.textContent = readable(error);
        this.#error.hidden = this.#error.textContent === "";
    }
    async #send() {
        const text = this.#text.value;
        if (text.trim() === "")
            return;
        this.complain("");
        this.#fill("");
        this.#text.focus();
        try {
            await this.#actions.say(text);
        }
        catch (error) {
            this.#fill(this.#text.value === "" ? text : `${text}\n${this.#text.value}`);
            this.complain(error);
        }
    }
    #fill(text) {
        this.#text.value = text;
        this.#changed();
    }
    #changed() {
        this.#text.style.height = "auto";
        this.#text.style.height = `${this.#text.scrollHeight}px`;
        const length = [...this.#text.value.trim()].length;
        this.#length.hidden = length < LENGTH_IS_SHOWN_FROM;
        this.#length.textContent = `${length.toLocaleString("en")} of ${LONGEST_TEXT.toLocaleString("en")} characters`;
        this.#length.classList.toggle("over", length > LONGEST_TEXT);
        this.#tellTyping(length > 0);
    }
    #tellTyping(isTyping) {
        const now = performance.now();
        if (isTyping ? now - this.#typingToldAt < TYPING_IS_TOLD_EVERY_MS : this.#typingToldAt === -Infinity)
            return;
        this.#typingToldAt = isTyping ? now : -Infinity;
        this.#actions.typing(isTyping);
    }
}
