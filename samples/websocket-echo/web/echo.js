// The page of the echo: one WebSocket, and what is known of it.

const DESCRIBED = "echo.described";

/** Lines that the page keeps. */
const LINES = 200;

const byId = (id) => document.getElementById(id);
const show = (what, text) => {
  document.querySelector(`[data-show="${what}"]`).textContent = text;
};

let socket;

function connect() {
  const address = new URL("/echo", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  socket = new WebSocket(address, [DESCRIBED]);
  socket.binaryType = "arraybuffer";
  let isDescribed = false;
  socket.addEventListener("open", () => {
    show("protocol", socket.protocol || "none");
    show("extensions", socket.extensions || "none");
    setState("open");
  });
  socket.addEventListener("message", ({ data }) => {
    if (!isDescribed && socket.protocol === DESCRIBED) {
      isDescribed = true;
      show("carried", data);
      return;
    }
    log("received", data);
  });
  socket.addEventListener("close", ({ code, reason, wasClean }) => {
    show("closed", [code, reason, wasClean ? "" : "(not clean)"].filter(Boolean).join(" "));
    setState("closed");
  });
  for (const what of ["carried", "protocol", "extensions", "closed"]) show(what, "–");
  setState("connecting");
}

function setState(state) {
  document.body.dataset.state = state;
  show("state", state);
  for (const button of document.querySelectorAll("form button")) button.disabled = state !== "open";
  byId("connect").disabled = state !== "closed";
}

function log(direction, data) {
  const isText = typeof data === "string";
  const line = document.createElement("li");
  line.className = direction;
  const from = document.createElement("span");
  from.className = "from";
  from.textContent = `${direction} ${isText ? "text" : "bytes"}`;
  const what = document.createElement("span");
  what.className = "what";
  what.textContent = isText ? data : [...new Uint8Array(data)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  line.append(from, " ", what);
  byId("log").prepend(line);
  while (byId("log").children.length > LINES) byId("log").lastElementChild.remove();
}

byId("connect").addEventListener("click", connect);
byId("send").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("text").value;
  const data = event.submitter?.value === "binary" ? new TextEncoder().encode(text) : text;
  socket.send(data);
  log("sent", data);
  byId("text").value = "";
});
byId("close").addEventListener("submit", (event) => {
  event.preventDefault();
  socket.close(Number(byId("code").value), byId("reason").value);
  setState("closing");
});
connect();
