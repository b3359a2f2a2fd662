/*
 * The chat's page: one connection to the hub, and what happens on it.
 *
 * Rule: after a reconnect the hub knows this page no more, so it enters its room again and takes the history anew.
 * Not here: messages (conversation.js), rooms and people (sidebar.js), typing and sending (composer.js),
 * how the page is connected (connection.js).
 */
import { HubConnectionBuilder } from "/hubcast.js";
import { chatHub } from "./chat-hub.js";
import { Composer } from "./composer.js";
import { ConnectionStatus } from "./connection.js";
import { Conversation } from "./conversation.js";
import { element } from "./element.js";
import { readable } from "./readable.js";
import { Sidebar } from "./sidebar.js";
const connection = new HubConnectionBuilder().withUrl("/chat").withAutomaticReconnect().build(chatHub);
const entrance = element("#entrance", HTMLFormElement);
const nameField = element("#name", HTMLInputElement);
const roomField = element("#room", HTMLInputElement);
const conversation = new Conversation();
const sidebar = new Sidebar({ enter: (room) => void enter(me?.name ?? "", room).catch(complain), rename: welcome });
const composer = new Composer({ say, typing });
const status = new ConnectionStatus(connection, { measured: listRooms, retry: start });
/** Who this page is and where, once it has entered a room. A reload keeps it, another window asks. */
let me = JSON.parse(sessionStorage.getItem("me") ?? "null");
connection.on("Receive", (room, message) => conversation.receive(room, message));
connection.on("People", (room, people) => {
    if (sidebar.showPeople(room, people, connection.connectionId))
        conversation.keepTyping(people.list);
});
connection.on("Typing", (room, person, isTyping) => conversation.showTyping(room, person, isTyping));
connection.onreconnecting(() => {
    status.show("reconnecting");
    conversation.keepTyping([]);
});
connection.onreconnected(opened);
connection.onclose(() => status.show("disconnected"));
entrance.addEventListener("submit", (event) => {
    event.preventDefault();
    enter(nameField.value, roomField.value).catch(complain);
});
element("#open-rooms", HTMLElement).addEventListener("click", ({ target }) => {
    if (target instanceof HTMLButtonElement)
        roomField.value = target.value;
});
for (const [happening, source] of [["online", window], ["visibilitychange", document]]) {
    source.addEventListener(happening, () => {
        if (connection.state === "Disconnected" && document.visibilityState === "visible")
            void start();
    });
}
if (me === null)
    welcome();
void start();
async function start() {
    status.show("connecting");
    try {
        await connection.start();
    }
    catch {
        status.show("disconnected");
        return;
    }
    await opened();
}
/** The connection is there, for the first time or again. */
async function opened() {
    try {
        if (me !== null)
            await enter(me.name, me.room);
    }
    catch (error) {
        welcome();
        complain(error);
    }
    if (connection.state !== "Connected")
        return; // Lost again: what comes next shows it.
    status.show("connected");
    await status.measure();
}
async function enter(name, room) {
    conversation.hold();
    let view;
    try {
        view = await connection.invoke("Join", name, room);
    }
    catch (error) {
        conversation.release();
        throw error;
    }
    me = { name, room: view.name };
    sessionStorage.setItem("me", JSON.stringify(me));
    document.title = `#${view.name} · Hubcast chat`;
    document.body.dataset.view = "chat";
    composer.complain("");
    const own = view.people.list.find((person) => person.id === connection.connectionId);
    conversation.open(view, own?.name ?? name);
    sidebar.open(view, connection.connectionId);
    composer.focus();
    await listRooms();
}
function welcome() {
    nameField.value = me?.name ?? "";
    roomField.value = me?.room ?? "lobby";
    document.body.dataset.view = "welcome";
    complain("");
    nameField.select();
}
async function listRooms() {
    const rooms = await connection.invoke("Rooms");
    sidebar.showRooms(rooms, me?.room);
    const open = rooms.filter((room) => room.people > 0).slice(0, 6);
    const choices = open.map((room) => {
        const choice = document.createElement("button");
        choice.type = "button";
        choice.value = room.name;
        choice.textContent = `#${room.name} · ${room.people}`;
        return choice;
    });
    element("#open-rooms", HTMLElement).replaceChildren(...choices);
}
async function say(text) {
    await connection.invoke("Say", text);
}
/** That somebody types is not worth an error when it cannot be told. */
function typing(isTyping) {
    if (connection.state === "Connected")
        connection.send("Typing", isTyping).catch(() => { });
}
function complain(error) {
    if (document.body.dataset.view === "chat") {
        composer.complain(error);
        return;
    }
    const line = element(".error", HTMLElement, entrance);
    line.textContent = readable(error);
    line.hidden = line.textContent === "";
}
