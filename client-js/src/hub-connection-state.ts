/*
 * The states that users see.
 */

/** The state of a HubConnection; the values are those of `@microsoft/signalr`. */
export enum HubConnectionState {
  Disconnected = "Disconnected",
  Connecting = "Connecting",
  Connected = "Connected",
  Disconnecting = "Disconnecting",
  Reconnecting = "Reconnecting",
}
