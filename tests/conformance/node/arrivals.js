// What arrives at a connection, kept in order so that a case can wait for it: texts that `receive` is called with, and
// hub messages.

const COMPLETION = 3;

export class Arrivals {
  constructor() {
    this.all = [];
    this.waiting = [];
    this.take = (arrival) => {
      this.all.push(arrival);
      this.waiting = this.waiting.filter(({ fits, resolve }) => {
        if (!fits(arrival)) return true;
        resolve(arrival);
        return false;
      });
    };
  }

  /** The first arrival, past or coming, that `fits`. Each is looked at once: an endless stream has many on their way. */
  first(fits) {
    const found = this.all.find(fits);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => this.waiting.push({ fits, resolve }));
  }
}

/** The texts that `receive` was called with. */
export class Inbox extends Arrivals {
  constructor(connection) {
    super();
    connection.on("receive", this.take);
  }

  /** All texts so far, once `last` is among them. */
  async until(last) {
    await this.first((text) => text === last);
    return [...this.all];
  }
}

/** The hub messages that a connection receives, and in `sent` those that it sends, if it is built with this wire. */
export class Wire extends Arrivals {
  sent = new Arrivals();

  around(protocol) {
    return {
      name: protocol.name,
      version: protocol.version,
      transferFormat: protocol.transferFormat,
      writeMessage: (message) => {
        this.sent.take(message);
        return protocol.writeMessage(message);
      },
      parseMessages: (input, logger) => {
        const messages = protocol.parseMessages(input, logger);
        messages.forEach(this.take);
        return messages;
      },
    };
  }

  /** The message that ends a call, by the id that the client gave it. */
  completion(invocationId) {
    return this.first((message) => message.type === COMPLETION && message.invocationId === invocationId);
  }
}
