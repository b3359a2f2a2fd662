// What a page does with the echo, the same over every way.

export const cases = [
  {
    name: "what was agreed on is shown",
    async run(window, way) {
      await window.sees("state", "open");
      await window.sees("carried", `${way.http}, compressed`);
      await window.sees("protocol", "echo.described");
      const extensions = (await window.look()).extensions;
      if (!extensions.startsWith("permessage-deflate")) throw new Error(`the extensions are ${extensions}`);
      window.wasCarriedBy(way);
    },
  },
  {
    name: "text and bytes come back, short and long",
    async run(window) {
      await window.sees("state", "open");
      const long = "größe 😀 ".repeat(2_000);
      await window.send("kurz", "text");
      await window.send(long, "text");
      await window.send("ä", "binary");
      await window.sees("received", ["c3 a4", long, "kurz"]);
    },
  },
  {
    name: "a close of the page comes back with its code",
    async run(window) {
      await window.sees("state", "open");
      await window.closeWith("4000", "enough");
      await window.sees("closed", "4000");
      await window.sees("state", "closed");
    },
  },
  {
    name: "a close of the server brings its code and reason",
    async run(window) {
      await window.sees("state", "open");
      await window.send("/close 4001 as you wish", "text");
      await window.sees("closed", "4001 as you wish");
    },
  },
  {
    name: "the page may connect again",
    async run(window) {
      await window.sees("state", "open");
      await window.closeWith("1000", "");
      await window.sees("state", "closed");
      await window.connect();
      await window.sees("state", "open");
      await window.send("again", "text");
      await window.sees("received", ["again"]);
    },
  },
];
