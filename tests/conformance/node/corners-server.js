// A running `corners` as its cases see it: connections in one variant, and the HTTP routes beside the hub.
//
// Rule: every connection comes from here, so that `end` can stop them all and a case leaves nothing behind.

import * as signalR from "@microsoft/signalr";
import { HttpConnection } from "@microsoft/signalr/dist/cjs/HttpConnection.js";

const FORMATS = { json: signalR.TransferFormat.Text, messagepack: signalR.TransferFormat.Binary };

export class Corners {
  #opened = [];
  #users = 0;

  /** @param protocol makes the hub protocol of the variant. */
  constructor(url, variant, protocol) {
    Object.assign(this, variant);
    this.url = url;
    this.hubProtocol = protocol;
    this.lacks = variant.negotiates ? [] : ["negotiation"];
  }

  /**
   * A connection to a hub that is not started. `headers` go with all its requests, `user` into the query; `chooses`
   * leaves the transport to the client.
   */
  build(path, { headers = {}, user, chooses = false } = {}) {
    const url = `${this.url}${path}${user === undefined ? "" : `?user=${user}`}`;
    const connection = new signalR.HubConnectionBuilder()
      .withUrl(url, chooses ? { headers } : { headers, ...this.#transportOptions() })
      .withHubProtocol(this.hubProtocol())
      .withAutomaticReconnect()
      .configureLogging(signalR.LogLevel.None)
      .build();
    this.#opened.push(connection);
    return connection;
  }

  /** A started connection to a hub. */
  async connect(path, options) {
    const connection = this.build(path, options);
    await connection.start();
    return connection;
  }

  /** A started connection without a hub, in the transfer format of the variant's protocol; `take` gets what it receives. */
  async connectRaw(path, take) {
    const connection = new HttpConnection(this.url + path, { ...this.#transportOptions(), logger: signalR.LogLevel.None });
    this.#opened.push(connection);
    connection.onreceive = take;
    await connection.start(FORMATS[this.protocol]);
    return connection;
  }

  /** A user whom nobody else of this variant is. */
  newUser() {
    this.#users += 1;
    return `${this.transport}-${this.protocol}-${this.negotiates}-${this.#users}`;
  }

  /** The connections of the hub as the server lists them. */
  async online() {
    return (await fetch(`${this.url}/online`)).json();
  }

  /** The id of a user's only connection; a client that did not negotiate does not know it. */
  async idOf(user) {
    const [{ connection_id }] = (await this.online()).filter((one) => one.user === user);
    return connection_id;
  }

  /** The status and the body of the answer to a POST. */
  async post(path, body) {
    const response = await fetch(this.url + path, { method: "POST", body });
    return [response.status, await response.text()];
  }

  async end() {
    await Promise.all(this.#opened.splice(0).map((connection) => connection.stop()));
  }

  #transportOptions() {
    return { transport: signalR.HttpTransportType[this.transport], skipNegotiation: !this.negotiates };
  }
}
