export type { ConnectionState, ConnectionStatus, ManagedConnection } from "./react/connection-status.js";
export { useHub, type HubHandle } from "./react/use-hub.js";
export { useHubEvent, type HubEvents } from "./react/use-hub-event.js";
export { useStream, type HubStreams, type StreamOptions, type StreamState, type StreamStatus } from "./react/use-stream.js";
