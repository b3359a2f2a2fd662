// src/react/use-hub.ts
import { useCallback, useEffect, useState } from "react";

// src/react/connection-status.ts
import { useSyncExternalStore } from "react";
var disconnected = { state: "Disconnected", error: void 0 };
function useConnectionStatus(connection) {
  const watch = connection && statusOf(connection);
  return useSyncExternalStore(watch?.subscribe ?? subscribeToNothing, watch?.snapshot ?? (() => disconnected), () => disconnected);
}
function subscribeToNothing() {
  return () => void 0;
}
var watches = /* @__PURE__ */ new WeakMap();
function statusOf(connection) {
  let watch = watches.get(connection);
  if (!watch) {
    watch = new StatusWatch(connection);
    watches.set(connection, watch);
  }
  return watch;
}
var StatusWatch = class {
  #connection;
  #listeners = /* @__PURE__ */ new Set();
  #status;
  constructor(connection) {
    this.#connection = connection;
    this.#status = { state: connection.state, error: void 0 };
    connection.onreconnecting((error) => this.#changed(error));
    connection.onreconnected(() => this.#changed(void 0));
    connection.onclose((error) => this.#changed(error));
  }
  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  /** The same object until something changes. */
  snapshot = () => {
    const { state } = this.#connection;
    if (state !== this.#status.state) {
      this.#status = { state, error: this.#status.error };
    }
    return this.#status;
  };
  /** Starts the connection. What goes wrong is in the status. */
  async start() {
    try {
      const started = this.#connection.start();
      this.#changed(void 0);
      await started;
      this.#changed(void 0);
    } catch (thrown) {
      this.#changed(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }
  /** Stops the connection, and hides if that fails: nobody is interested any more. */
  async stop() {
    try {
      await this.#connection.stop();
    } catch {
    }
    this.#changed(void 0);
  }
  #changed(error) {
    this.#status = { state: this.#connection.state, error };
    for (const listener of this.#listeners) {
      listener();
    }
  }
};

// src/react/use-hub.ts
function useHub(create, deps = []) {
  const [life, setLife] = useState();
  const [round, setRound] = useState(0);
  useEffect(() => {
    const made = { connection: create(), over: false };
    setLife(made);
    return () => {
      made.over = true;
    };
  }, [...deps, round]);
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

// src/react/use-hub-event.ts
import { useEffect as useEffect2, useInsertionEffect, useRef } from "react";
function useHubEvent(connection, name, handler) {
  const latest = useRef(handler);
  useInsertionEffect(() => {
    latest.current = handler;
  });
  useEffect2(() => {
    const source = connection;
    const listener = (...args) => latest.current(...args);
    source?.on(name, listener);
    return () => source?.off(name, listener);
  }, [connection, name]);
}

// src/react/use-stream.ts
import { useCallback as useCallback2, useEffect as useEffect3, useRef as useRef2, useState as useState2 } from "react";
function useStream(connection, name, args = [], { limit = 100 } = {}) {
  const source = connection;
  const connected = useConnectionStatus(source).state === "Connected";
  const [round, setRound] = useState2(0);
  const call = useSame([source, name, round, ...args]);
  const completed = useRef2(void 0);
  const [run, setRun] = useState2(() => begun(call));
  useEffect3(() => {
    if (!source || !connected || completed.current === call) {
      return;
    }
    let active = true;
    let items2 = [];
    let arrived = [];
    const render = (status2, error2) => {
      if (active) {
        items2 = [...items2, ...arrived];
        items2 = items2.slice(Math.max(0, items2.length - Math.max(1, limit)));
        arrived = [];
        setRun({ call, items: items2, status: status2, error: error2 });
      }
    };
    const failed = (thrown) => render("failed", thrown instanceof Error ? thrown : new Error(String(thrown)));
    render("streaming");
    try {
      const subscription = source.stream(name, ...args).subscribe({
        next(item) {
          if (arrived.push(item) === 1) {
            queueMicrotask(() => arrived.length > 0 && render("streaming"));
          }
        },
        error: failed,
        complete() {
          completed.current = call;
          render("completed");
        }
      });
      return () => {
        active = false;
        subscription.dispose();
      };
    } catch (thrown) {
      failed(thrown);
      return;
    }
  }, [call, connected]);
  const { items, status, error } = run.call === call ? run : begun(call);
  return {
    items,
    latest: items.at(-1),
    status: connected || status === "completed" ? status : "waiting",
    error,
    restart: useCallback2(() => setRound((before) => before + 1), [])
  };
}
function begun(call) {
  return { call, items: [], status: "streaming", error: void 0 };
}
function useSame(list) {
  const [kept, keep] = useState2(list);
  const same = kept.length === list.length && kept.every((member, index) => Object.is(member, list[index]));
  if (!same) {
    keep(list);
  }
  return same ? kept : list;
}
export {
  useHub,
  useHubEvent,
  useStream
};
