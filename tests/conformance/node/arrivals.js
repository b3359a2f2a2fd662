// What arrives at a connection, kept in order so that a case can wait for it: texts that `receive` is called with, and
// hub messages.

export class Arrivals {
  constructor() {
    this.all = [];
    this.waiting = [];
    this.take = (arrival) => {
      this.all.push(arrival);
      this.waiting = this.waiting.filter((isDone) => !isDone());
    };
  }

  /** The first arrival, past or coming, that `fits`. */
  first(fits) {
    return new Promise((resolve) => {
      const isDone = () => {
        const found = this.all.find(fits);
        if (found !== undefined) resolve(found);
        return found !== undefined;
      };
      if (!isDone()) this.waiting.push(isDone);
    });
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

/** The hub messages of a connection that is built with `wire.around(protocol)`. */
export class Wire extends Arrivals {
  around(protocol) {
    return {
      name: protocol.name,
      version: protocol.version,
      transferFormat: protocol.transferFormat,
      writeMessage: (message) => protocol.writeMessage(message),
      parseMessages: (input, logger) => {
        const messages = protocol.parseMessages(input, logger);
        messages.forEach(this.take);
        return messages;
      },
    };
  }

  /** The message that ends a call, by the id that the client gave it. */
  completion(invocationId) {
    const COMPLETION = 3;
    return this.first((message) => message.type === COMPLETION && message.invocationId === invocationId);
  }
}
