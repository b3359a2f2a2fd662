/*
 * A connection that lives as long as a component.
 *
 * Rule: a connection is made and started in effects, never while rendering, so that StrictMode, rendering on a server
 * and renderings that are thrown away open none. One that has been stopped is never started again.
 */

import { useCallback, useEffect, useState, type DependencyList } from "react";
import { statusOf, useConnectionStatus, type ConnectionStatus, type ManagedConnection } from "./connection-status.js";

/** What `useHub` gives. */
export interface HubHandle<Connection> extends ConnectionStatus {
  /** Undefined until the component is mounted. */
  readonly connection: Connection | undefined;
  /** Stops the connection and makes another; for one that has ended or could not start. */
  restart(): void;
}

interface Life<Connection> {
  readonly connection: Connection;
  over: boolean;
}

/**
 * Makes a connection by `create`, starts it after the component is mounted and its handlers are in place, and stops it
 * when the component goes. When a value of `deps` changes, another connection takes its place.
 *
 * A start that fails is in `error` and is not repeated, unless the connection was built to do that.
 */
export function useHub<Connection extends ManagedConnection>(
  create: () => Connection,
  deps: DependencyList = [],
): HubHandle<Connection> {
  const [life, setLife] = useState<Life<Connection>>();
  const [round, setRound] = useState(0);

  useEffect(() => {
    const made = { connection: create(), over: false };
    setLife(made);
    return () => {
      made.over = true;
    };
  }, [...deps, round]);

  // After the rendering that has handed the connection out, so that what it renders can listen first.
  useEffect(() => {
    if (!life || life.over) {
      return;
    }
    const status = statusOf(life.connection);
    let wanted = true;
    queueMicrotask(() => {
      if (wanted) {
        void status.start();
      }
    });
    return () => {
      wanted = false;
      void status.stop();
    };
  }, [life]);

  const connection = life?.connection;
  const restart = useCallback(() => setRound((before) => before + 1), []);
  return { connection, restart, ...useConnectionStatus(connection) };
}
