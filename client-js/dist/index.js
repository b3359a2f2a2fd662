// src/logger.ts
var LogLevel = /* @__PURE__ */ ((LogLevel2) => {
  LogLevel2[LogLevel2["Trace"] = 0] = "Trace";
  LogLevel2[LogLevel2["Debug"] = 1] = "Debug";
  LogLevel2[LogLevel2["Information"] = 2] = "Information";
  LogLevel2[LogLevel2["Warning"] = 3] = "Warning";
  LogLevel2[LogLevel2["Error"] = 4] = "Error";
  LogLevel2[LogLevel2["Critical"] = 5] = "Critical";
  LogLevel2[LogLevel2["None"] = 6] = "None";
  return LogLevel2;
})(LogLevel || {});
var NullLogger = class {
  static instance = { log() {
  } };
  log(_logLevel, _message) {
  }
};
var names = ["Trace", "Debug", "Information", "Warning", "Error", "Critical", "None"];
function loggerFrom(logging) {
  if (typeof logging === "object") {
    return logging;
  }
  const least = typeof logging === "string" ? names.findIndex((name) => logging.length > 3 && name.toLowerCase().startsWith(logging.toLowerCase())) : logging;
  if (least < 0) {
    throw new Error(`Unknown log level: ${logging}`);
  }
  return {
    log(logLevel, message) {
      if (logLevel >= least) {
        const method = logLevel > 3 /* Warning */ ? "error" : logLevel > 2 /* Information */ ? "warn" : "info";
        console[method](`[${(/* @__PURE__ */ new Date()).toISOString()}] ${names[logLevel]}: ${message}`);
      }
    }
  };
}

// src/call-each.ts
function callEach(targets, call, name, logger) {
  for (const target of [...targets]) {
    try {
      call(target);
    } catch (thrown) {
      logger.log(4 /* Error */, `A callback for ${name} threw error '${thrown}'.`);
    }
  }
}

// src/errors.ts
var HubcastError = class extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.code = code;
  }
};
var HttpError = class extends HubcastError {
  constructor(errorMessage, statusCode) {
    super("http", `${errorMessage}: Status code '${statusCode}'`);
    this.statusCode = statusCode;
  }
};
var TimeoutError = class extends HubcastError {
  constructor(errorMessage = "A timeout occurred.") {
    super("timeout", errorMessage);
  }
};
var AbortError = class extends HubcastError {
  constructor(errorMessage = "An abort occurred.", options) {
    super("aborted", errorMessage, options);
  }
};
function asError(thrown) {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
function notConnected() {
  return new HubcastError("state", "Cannot send data if the connection is not in the 'Connected' State.");
}
function tooMany(things) {
  return new HubcastError("limit", `Too many ${things} are waiting.`);
}
function ignore() {
}

// src/client-methods.ts
function addHandler(methods, name, handler) {
  const key = name.toLowerCase();
  methods.set(key, (methods.get(key) ?? /* @__PURE__ */ new Set()).add(handler));
}
function removeHandler(methods, name, handler) {
  const handlers = methods.get(name.toLowerCase());
  if (handler) {
    handlers?.delete(handler);
  } else {
    handlers?.clear();
  }
}
async function callMethod(methods, { target, arguments: args }, logger) {
  const name = target.toLowerCase();
  const handlers = [...methods.get(name) ?? []];
  if (!handlers.length) {
    logger.log(3 /* Warning */, `No client method with the name '${name}' found.`);
  }
  let result;
  let error = "Client didn't provide a result.";
  for (const handler of handlers) {
    try {
      const given = await handler(...args);
      if (given !== void 0) {
        error = result === void 0 ? void 0 : "Client provided multiple results.";
        result = given;
      }
    } catch (thrown) {
      error = `${thrown}`;
      logger.log(4 /* Error */, `A callback for the method '${name}' threw error '${error}'.`);
    }
  }
  return error === void 0 ? { result } : { error };
}

// src/hub-connection-state.ts
var HubConnectionState = /* @__PURE__ */ ((HubConnectionState2) => {
  HubConnectionState2["Disconnected"] = "Disconnected";
  HubConnectionState2["Connecting"] = "Connecting";
  HubConnectionState2["Connected"] = "Connected";
  HubConnectionState2["Disconnecting"] = "Disconnecting";
  HubConnectionState2["Reconnecting"] = "Reconnecting";
  return HubConnectionState2;
})(HubConnectionState || {});

// src/message.ts
var MessageType = /* @__PURE__ */ ((MessageType2) => {
  MessageType2[MessageType2["Invocation"] = 1] = "Invocation";
  MessageType2[MessageType2["StreamItem"] = 2] = "StreamItem";
  MessageType2[MessageType2["Completion"] = 3] = "Completion";
  MessageType2[MessageType2["StreamInvocation"] = 4] = "StreamInvocation";
  MessageType2[MessageType2["CancelInvocation"] = 5] = "CancelInvocation";
  MessageType2[MessageType2["Ping"] = 6] = "Ping";
  MessageType2[MessageType2["Close"] = 7] = "Close";
  MessageType2[MessageType2["Ack"] = 8] = "Ack";
  MessageType2[MessageType2["Sequence"] = 9] = "Sequence";
  return MessageType2;
})(MessageType || {});

// src/stream-result.ts
var WAITING_ITEMS_LIMIT = 65536;
function streamResult(start, logger) {
  const subscribers = /* @__PURE__ */ new Set();
  const events = [];
  let wake = () => {
  };
  const add = (event) => {
    if (events.push(event) > WAITING_ITEMS_LIMIT) {
      events.push((subscriber) => subscriber.error?.(tooMany("items")));
      cancel();
    }
    wake();
  };
  const cancel = start({
    next: (item) => add((subscriber) => subscriber.next(item)),
    error: (thrown) => add((subscriber) => subscriber.error?.(thrown)),
    complete: () => add((subscriber) => subscriber.complete?.())
  });
  const tell = () => {
    let event;
    while (subscribers.size && (event = events.shift())) {
      callEach(subscribers, event, "a stream", logger);
    }
  };
  return {
    subscribe(subscriber) {
      subscribers.add(subscriber);
      wake = tell;
      queueMicrotask(tell);
      return {
        dispose() {
          if (subscribers.delete(subscriber) && !subscribers.size) {
            cancel();
          }
        }
      };
    },
    async *[Symbol.asyncIterator]() {
      let isOver = false;
      const items = [];
      const subscriber = {
        next: (item) => items.push(item),
        error(thrown) {
          throw thrown;
        },
        complete: () => isOver = true
      };
      try {
        while (!isOver) {
          const event = events.shift();
          if (event) {
            event(subscriber);
            yield* items.splice(0);
          } else {
            await new Promise((resolve) => wake = resolve);
          }
        }
      } finally {
        cancel();
      }
    }
  };
}

// src/upload.ts
function isStreamSource(argument) {
  const source = argument;
  return typeof (source?.subscribe ?? source?.[Symbol.asyncIterator]) === "function";
}
function upload(source, item, end) {
  const error = (thrown) => end(String(thrown?.message ?? thrown ?? "Unknown error"));
  if ("subscribe" in source) {
    const subscription = source.subscribe({
      next: (value) => void item(value).catch(error),
      error,
      complete: () => end()
    });
    return () => subscription?.dispose ? subscription.dispose() : subscription?.unsubscribe?.();
  }
  const iterator = source[Symbol.asyncIterator]();
  const send2 = async () => {
    for await (const value of { [Symbol.asyncIterator]: () => iterator }) {
      await item(value);
    }
    end();
  };
  send2().catch(error);
  return () => void iterator.return?.().catch(() => {
  });
}

// src/open-calls.ts
function openCalls(whenConnected, { messageHeaders }, logger) {
  const calls = /* @__PURE__ */ new Map();
  let lastId = 0;
  const newId = () => `${lastId++}`;
  const start = ({ signal, timeout, headers }, type, isAnswered, target, args, { next, error, complete }) => {
    const uploads = [];
    const plain = args.filter((argument) => !isStreamSource(argument) || !uploads.push([newId(), argument]));
    const invocationId = isAnswered ? newId() : void 0;
    const key = invocationId ?? plain;
    const releases = [];
    let unfinished = uploads.length + 1;
    let send2 = async () => {
    };
    const tell = (failure, message) => {
      if (message?.type === 2 /* StreamItem */) {
        next(message.item);
      } else if (calls.delete(key)) {
        releases.forEach((release) => release());
        failure ??= message?.error === void 0 ? void 0 : new HubcastError("hub", message.error);
        if (failure) {
          error(failure);
        } else {
          complete(message?.result);
        }
      }
    };
    const finished = () => {
      if (!--unfinished && !isAnswered) {
        tell(void 0);
      }
    };
    const cancel = (failure) => {
      if (invocationId) {
        send2({ type: 5 /* CancelInvocation */, invocationId }).catch(ignore);
      }
      tell(failure);
    };
    const abort = () => cancel(new AbortError(void 0, { cause: signal?.reason }));
    const timer = timeout && setTimeout(() => cancel(new TimeoutError()), timeout);
    signal?.addEventListener("abort", abort);
    releases.push(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    });
    calls.set(key, tell);
    if (signal?.aborted) {
      abort();
      return ignore;
    }
    const begin = async (session) => {
      send2 = async (message) => calls.has(key) && session.send(message);
      send2({
        type,
        headers: messageHeaders || headers ? { ...messageHeaders?.(target), ...headers } : void 0,
        invocationId,
        target,
        arguments: plain,
        streamIds: uploads.length ? uploads.map(([streamId]) => streamId) : void 0
      }).then(() => {
        if (!isAnswered) {
          complete();
        }
        finished();
      }, tell);
      for (const [invocationId2, source] of uploads) {
        const end = (error2) => {
          send2({ type: 3 /* Completion */, invocationId: invocationId2, error: error2 }).catch(ignore).then(finished);
        };
        releases.push(upload(source, (item) => send2({ type: 2 /* StreamItem */, invocationId: invocationId2, item }), end));
      }
    };
    try {
      releases.push(whenConnected((session) => begin(session).catch(tell)));
    } catch (thrown) {
      tell(thrown);
    }
    return cancel;
  };
  const invoke = (options, isAnswered, target, args) => new Promise((complete, error) => {
    start(options, 1 /* Invocation */, isAnswered, target, args, { next: ignore, error, complete });
  });
  return {
    with: (options) => ({
      invoke: (methodName, ...args) => invoke(options, true, methodName, args),
      send: (methodName, ...args) => invoke(options, false, methodName, args),
      stream: (methodName, ...args) => streamResult(
        (subscriber) => start(options, 4 /* StreamInvocation */, true, methodName, args, subscriber),
        logger
      )
    }),
    b(message) {
      calls.get(message.invocationId)?.(void 0, message);
    },
    m(failure = new HubcastError("closed", "Invocation canceled due to the underlying connection being closed.")) {
      [...calls.values()].forEach((tell) => tell(failure));
    }
  };
}

// src/reconnect-policy.ts
function retryDelay({ retry, firstDelay = 1e3, longestDelay = 3e4 }, context) {
  const { previousRetryCount } = context;
  if (!retry) {
    return Math.random() * Math.min(longestDelay, firstDelay * 2 ** previousRetryCount);
  }
  return "length" in retry ? retry[previousRetryCount] ?? null : retry.nextRetryDelayInMilliseconds(context);
}

// src/record-separator.ts
var SEPARATOR = "";
var INCOMPLETE = "Message is incomplete.";

// src/handshake.ts
function handshakeRequest(protocol, version) {
  return JSON.stringify({ protocol, version }) + SEPARATOR;
}
function readHandshakeResponse(frame) {
  let answer;
  let end;
  try {
    const text = typeof frame === "string" ? frame : new TextDecoder("latin1").decode(frame);
    end = text.indexOf(SEPARATOR);
    if (end < 0) {
      throw new Error(INCOMPLETE);
    }
    answer = JSON.parse(text.slice(0, end));
    if (answer.type) {
      throw new Error("Expected a handshake response from the server.");
    }
  } catch (cause) {
    throw new HubcastError("handshake", `Error parsing handshake response: ${cause}`, { cause });
  }
  if (answer.error) {
    throw new HubcastError("handshake", `Server returned handshake error: ${answer.error}`);
  }
  return frame.slice(end + 1);
}

// src/keep-alive.ts
function keepAlive(pingEvery, silenceLimit, ping, silent) {
  let pingDueAt = 0;
  let pingTimer;
  let silenceTimer;
  const listen = () => {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(silent, silenceLimit);
  };
  const dropPing = () => {
    clearTimeout(pingTimer);
    pingTimer = void 0;
  };
  return {
    n: listen,
    q() {
      pingDueAt = performance.now() + pingEvery;
      dropPing();
    },
    b() {
      listen();
      const wait = pingDueAt - performance.now();
      if (wait > 0) {
        pingTimer ??= setTimeout(ping, wait);
      } else {
        ping();
      }
    },
    stop() {
      clearTimeout(silenceTimer);
      dropPing();
    }
  };
}

// src/session.ts
function openSession(settings) {
  return new Promise((accept, refuse) => {
    const { protocol, signal, logger, r: replayLimit } = settings;
    let isOpen = false;
    let hasEnded = false;
    let endpoint;
    let session;
    let transport;
    let alive;
    let replay;
    const release = () => {
      hasEnded = true;
      alive?.stop();
      replay?.stop();
    };
    const end = (error, mayReconnect = true) => {
      if (!hasEnded) {
        release();
        void transport?.close();
        if (isOpen) {
          settings.d(error, mayReconnect);
        } else {
          refuse(error ?? new AbortError("The underlying connection was closed before the hub handshake could complete."));
        }
      }
    };
    const fail = (thrown) => end(asError(thrown));
    const send2 = async (message) => {
      if (hasEnded) {
        throw notConnected();
      }
      const frame = protocol.writeMessage(message);
      alive?.q();
      const room = replay?.g(message, frame);
      const sent = transport?.send(frame);
      if (room) {
        sent?.catch(ignore);
      }
      await (room ?? sent);
    };
    const lost = async (error) => {
      const broken = transport;
      if (hasEnded || !broken || !replay) {
        end(error);
        return;
      }
      transport = void 0;
      void broken.close();
      alive?.n();
      let next;
      try {
        next = await endpoint.s?.(signal);
        await (next && replay.t(next, protocol));
      } catch {
        end(error);
      }
      if (hasEnded) {
        void next?.close();
      } else {
        transport = next;
      }
    };
    const receive = (data) => {
      if (hasEnded) {
        return;
      }
      try {
        if (!isOpen) {
          data = readHandshakeResponse(data);
          isOpen = true;
          if (endpoint.e && replayLimit) {
            replay = endpoint.e(replayLimit, send2);
          }
          session = { u: endpoint, send: send2, stop };
          settings.v(session);
          accept();
        }
        alive?.b();
        for (const message of protocol.parseMessages(data, logger)) {
          if (hasEnded || replay && !replay.w(message)) {
            continue;
          }
          if (message.type === 7 /* Close */) {
            const { error, allowReconnect } = message;
            end(
              error ? new HubcastError("closed", `Server returned an error on close: ${error}`) : void 0,
              // Anything else is no.
              allowReconnect === true
            );
          } else {
            settings.message(message, session);
          }
        }
      } catch (thrown) {
        fail(thrown);
      }
    };
    const stop = async () => {
      release();
      await transport?.send(protocol.writeMessage({ type: 7 /* Close */ })).catch(ignore);
      await transport?.close();
    };
    signal.addEventListener("abort", () => transport && end(signal.reason));
    settings.i({
      ...settings,
      j: protocol.transferFormat,
      e: !!replayLimit,
      x: { b: (data) => (receive(data), !hasEnded), d: lost }
    }).then((found) => {
      endpoint = found;
      transport = found.transport;
      if (hasEnded) {
        void transport.close();
        return;
      }
      signal.throwIfAborted();
      if (!found.y) {
        alive = keepAlive(
          settings.keepAliveIntervalInMilliseconds,
          settings.serverTimeoutInMilliseconds,
          // What ends the connection is told by the transport, or by the server's silence.
          () => send2({ type: 6 /* Ping */ }).catch(ignore),
          () => lost(new HubcastError("timeout", "Server timeout elapsed without receiving a message from the server."))
        );
        alive.n();
      }
      const version = found.e ? protocol.version : 1;
      transport.send(handshakeRequest(protocol.name, version)).catch(fail);
    }).catch(fail);
  });
}

// src/sleep.ts
function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

// src/url.ts
function absoluteUrl(url) {
  const address = url.replace(/#.*/, "");
  try {
    return /^https?:/i.test(address) ? address : new URL(address, globalThis.location?.href).href;
  } catch {
    throw new Error(`Cannot resolve '${url}'.`);
  }
}
function withQuery(url, parameter) {
  return url + (url.includes("?") ? "&" : "?") + parameter;
}
function withSegment(url, segment) {
  return url.replace(/\/?(\?|$)/, `/${segment}$1`);
}
function withoutQuery(url) {
  return url.replace(/\?.*/, "");
}

// src/hub-connection.ts
var HubConnection = class {
  /** The connection is lost if the server is silent for so long. Takes effect with the next session. Default: 30,000. */
  serverTimeoutInMilliseconds = 3e4;
  /** The time between pings. Takes effect with the next session. Default: 15,000. */
  keepAliveIntervalInMilliseconds = 15e3;
  #settings;
  #methods = /* @__PURE__ */ new Map();
  #callbacks = {
    onclose: [],
    onreconnecting: [],
    onreconnected: []
  };
  /** Calls that are made when the connection is there. */
  #waiting = /* @__PURE__ */ new Set();
  #calls;
  #url;
  #state = "Disconnected" /* Disconnected */;
  /** Ends the attempt or the session that there is; none when Disconnected or Disconnecting. */
  #abort;
  /** The session when Connected. */
  #session;
  /** The end of Disconnecting. */
  #stopped;
  /** Ends what the `hold` option began. */
  #letGo;
  /** @internal */
  constructor(settings) {
    this.#settings = settings;
    this.#url = settings.url;
    this.#calls = openCalls((run) => this.#whenConnected(run), settings.a, settings.logger);
    Object.assign(this, this.#calls.with({}), settings.k);
  }
  get state() {
    return this.#state;
  }
  /** The id by which the server knows this connection; null unless Connected, and without negotiation. */
  get connectionId() {
    return this.#session?.u.connectionId ?? null;
  }
  get baseUrl() {
    return this.#url;
  }
  /** Changes where the next attempt goes. Throws unless Disconnected or Reconnecting. */
  set baseUrl(url) {
    if (this.#state !== "Disconnected" /* Disconnected */ && this.#state !== "Reconnecting" /* Reconnecting */) {
      throw new HubcastError(
        "state",
        "The HubConnection must be in the Disconnected or Reconnecting state to change the url."
      );
    }
    if (!url) {
      throw new Error("The HubConnection url must be a valid url.");
    }
    this.#url = absoluteUrl(url);
  }
  /**
   * Connects. Rejects if the connection is not Disconnected, or if that fails; it is tried again only if the option
   * `retryStart` of `withAutomaticReconnect` says so.
   */
  async start() {
    if (this.#state !== "Disconnected" /* Disconnected */) {
      throw new HubcastError("state", "Cannot start a HubConnection that is not in the 'Disconnected' state.");
    }
    this.#letGo = this.#settings.a.hold?.();
    await this.#connect("Connecting" /* Connecting */);
  }
  /** Disconnects, and gives up connecting or reconnecting. Resolves when the connection is Disconnected. */
  async stop() {
    const abort = this.#abort;
    if (abort) {
      const wasStarting = this.#state === "Connecting" /* Connecting */;
      this.#abort = void 0;
      if (this.#session) {
        this.#state = "Disconnecting" /* Disconnecting */;
        await (this.#stopped = this.#session.stop());
      }
      abort.abort(new AbortError("The connection was stopped before the hub handshake could complete."));
      this.#finish(wasStarting);
    }
    await this.#stopped;
  }
  /** The same calls, with options for each: `connection.with({ timeout: 5000 }).invoke("Method")`. */
  with(options) {
    return this.#calls.with(options);
  }
  /**
   * Calls `newMethod` when the server calls `methodName`, in any case. If the server waits for a result, it is what the
   * handler returns or its promise resolves to.
   */
  on(methodName, newMethod) {
    if (methodName && newMethod) {
      addHandler(this.#methods, methodName, newMethod);
    }
  }
  /** Removes one handler of a method, or all of them. */
  off(methodName, method) {
    if (methodName) {
      removeHandler(this.#methods, methodName, method);
    }
  }
  /** Calls `callback` when the connection has ended for good, with the error if there was one. */
  onclose(callback) {
    this.#callbacks.onclose.push(callback);
  }
  /** Calls `callback` when the connection is lost and will be tried again. */
  onreconnecting(callback) {
    this.#callbacks.onreconnecting.push(callback);
  }
  /** Calls `callback` when the connection is back, with its new id. Groups have to be joined again. */
  onreconnected(callback) {
    this.#callbacks.onreconnected.push(callback);
  }
  /** Tries until it works, the policy gives up, or `stop()` ends it. The first attempt of a start is made at once. */
  async #connect(state, lost) {
    const { l: reconnect, logger } = this.#settings;
    const isStart = state === "Connecting" /* Connecting */;
    const lostAt = performance.now();
    let retryReason = lost ?? new Error("Attempting to reconnect due to a unknown error.");
    for (let previousRetryCount = isStart ? -1 : 0; ; previousRetryCount++) {
      const { signal } = this.#abort = new AbortController();
      this.#state = state;
      if (previousRetryCount >= 0) {
        const context = { previousRetryCount, elapsedMilliseconds: performance.now() - lostAt, retryReason };
        let delay = null;
        if (reconnect && (!isStart || reconnect.retryStart)) {
          callEach([reconnect], (options) => delay = retryDelay(options, context), "IRetryPolicy", logger);
        }
        signal.throwIfAborted();
        if (delay === null) {
          this.#finish(isStart, previousRetryCount ? void 0 : lost);
          throw retryReason;
        }
        if (!isStart && !previousRetryCount) {
          this.#notify("onreconnecting", lost);
        }
        logger.log(2 /* Information */, `Reconnect attempt number ${previousRetryCount + 1} will start in ${delay} ms.`);
        await sleep(delay, signal);
      }
      try {
        await openSession({
          ...this.#settings,
          // The times, as they are by now.
          ...this,
          url: this.#url,
          signal,
          v: (session) => {
            this.#session = session;
            this.#state = "Connected" /* Connected */;
          },
          message: (message, session) => this.#received(message, session),
          d: (error, mayReconnect) => {
            this.#session = void 0;
            logger.log(
              error ? 4 /* Error */ : 2 /* Information */,
              `Connection disconnected${error ? ` with error '${error}'` : ""}.`
            );
            this.#calls.m(error);
            if (reconnect && mayReconnect) {
              this.#connect("Reconnecting" /* Reconnecting */, error).catch(ignore);
            } else {
              this.#finish(false, error);
            }
          }
        });
        break;
      } catch (thrown) {
        logger.log(4 /* Error */, `Failed to start the connection: ${thrown}`);
        if (signal.aborted) {
          throw thrown;
        }
        retryReason = asError(thrown);
      }
    }
    if (!isStart && this.#session) {
      this.#notify("onreconnected", this.connectionId ?? void 0);
    }
    for (const run of this.#waiting) {
      if (this.#session) {
        this.#waiting.delete(run);
        run(this.#session);
      }
    }
  }
  #received(message, session) {
    if (message.type === 1 /* Invocation */) {
      const { invocationId } = message;
      const complete = (outcome) => {
        if (invocationId) {
          return session.send({ type: 3 /* Completion */, invocationId, ...outcome });
        }
      };
      callMethod(this.#methods, message, this.#settings.logger).then(complete).catch((thrown) => complete({ error: `${thrown}` })).catch(ignore);
    } else if (message.type === 2 /* StreamItem */ || message.type === 3 /* Completion */) {
      this.#calls.b(message);
    }
  }
  #finish(wasStarting, error) {
    this.#state = "Disconnected" /* Disconnected */;
    this.#session = this.#abort = void 0;
    this.#letGo?.();
    this.#calls.m(error);
    if (!wasStarting) {
      this.#notify("onclose", error);
    }
  }
  #whenConnected(run) {
    const room = this.#abort && this.#settings.l?.waitingCalls;
    if (this.#session) {
      run(this.#session);
    } else if (!room) {
      throw notConnected();
    } else if (this.#waiting.size >= room) {
      throw tooMany("calls");
    } else {
      this.#waiting.add(run);
    }
    return () => this.#waiting.delete(run);
  }
  #notify(name, argument) {
    callEach(this.#callbacks[name], (callback) => callback(argument), name, this.#settings.logger);
  }
};

// src/http.ts
async function authenticate(http) {
  http.f = await http.h?.();
}
function isRedirected({ a: options, h: tokenFactory }) {
  return tokenFactory !== options.accessTokenFactory;
}

// src/fetch.ts
function requestInit({ method, content, headers, withCredentials }) {
  return {
    method,
    body: content || null,
    // Servers that answer pages with a redirect to a login answer this one with 401.
    headers: { "X-Requested-With": "XMLHttpRequest", ...headers },
    cache: "no-store",
    credentials: withCredentials ? "include" : "same-origin"
  };
}
async function sendByFetch(request, custom = fetch) {
  const { abortSignal, timeout } = request;
  const abort = new AbortController();
  const stop = () => abort.abort(abortSignal?.reason);
  if (abortSignal?.aborted) {
    stop();
  }
  abortSignal?.addEventListener("abort", stop);
  const timer = timeout && setTimeout(() => abort.abort(new TimeoutError()), timeout);
  try {
    const response = await custom(request.url, { ...requestInit(request), signal: abort.signal });
    const { status, statusText } = response;
    const content = await (response.ok && request.responseType === "arraybuffer" ? response.arrayBuffer() : response.text());
    return { statusCode: status, statusText, content };
  } finally {
    clearTimeout(timer);
    abortSignal?.removeEventListener("abort", stop);
  }
}

// src/headers.ts
function withToken(headers, token) {
  return { ...headers, ...token && { Authorization: `Bearer ${token}` } };
}

// src/send.ts
async function send(http, method, url, request, token = http.f) {
  const { headers, withCredentials = true, timeout = 1e5, httpClient, fetch: fetch2 } = http.a;
  const whole = { timeout, withCredentials, ...request, method, url, headers: withToken(headers, token) };
  return accepted(await (httpClient?.send(whole) ?? sendByFetch(whole, fetch2)));
}
async function sendAuthorized(http, method, url, request) {
  try {
    return await send(http, method, url, request);
  } catch (thrown) {
    const { statusCode } = thrown;
    if (statusCode !== 401 || !http.h || isRedirected(http)) {
      throw thrown;
    }
    await authenticate(http);
    return send(http, method, url, request);
  }
}
function accepted(response) {
  const { statusCode, statusText, content } = response;
  if (statusCode < 200 || statusCode > 299) {
    throw new HttpError(`${content || statusText}`, statusCode);
  }
  return response;
}

// src/refresh-token.ts
async function refreshToken(http, url, connectionToken) {
  const token = await http.a.accessTokenFactory?.();
  const address = withQuery(withSegment(url, "refresh"), `id=${encodeURIComponent(connectionToken)}`);
  const { content } = await send(http, "POST", address, {}, token);
  const answer = JSON.parse(content);
  if (answer.error) {
    throw new HubcastError("http", answer.error);
  }
  http.f = answer.accessToken ?? (isRedirected(http) ? http.f : token);
  return answer.tokenLifetimeSeconds;
}

// src/authentication-refresh.ts
var LEAST_DELAY = 1e3;
var MOST_DELAY = 2147483647;
var RefreshingHubConnection = class extends HubConnection {
  #settings;
  #refreshed = [];
  #failed = [];
  /** None before it was connected. */
  #endpoint;
  /** Where that was negotiated. */
  #url = "";
  #timer;
  /** @internal */
  constructor(settings) {
    let opened;
    super({ ...settings, i: (request) => settings.i(request).then((endpoint) => opened(endpoint, request.url)) });
    this.#settings = settings;
    opened = (endpoint, url) => {
      this.#schedule(endpoint.tokenLifetimeSeconds);
      this.#url = url;
      return this.#endpoint = endpoint;
    };
    const ended = () => clearTimeout(this.#timer);
    this.onclose(ended);
    this.onreconnecting(ended);
  }
  /**
   * Asks `accessTokenFactory` for a token and gives it to the server, without a new connection. Resolves with how long
   * it holds, in seconds, if the server says so. Rejects if the connection is not Connected or was not negotiated, or
   * the server refuses.
   */
  async refreshAuthentication() {
    const endpoint = this.#endpoint;
    const { c: http, connectionToken } = endpoint ?? {};
    if (this.state !== "Connected" /* Connected */ || !http || !connectionToken) {
      throw notConnected();
    }
    const tell = (callbacks, context) => callEach(callbacks, (callback) => callback(context), "an authentication refresh", this.#settings.logger);
    try {
      const newTokenLifetimeInSeconds = await refreshToken(http, this.#url, connectionToken);
      if (endpoint === this.#endpoint) {
        this.#schedule(newTokenLifetimeInSeconds);
      }
      tell(this.#refreshed, { connection: this, newTokenLifetimeInSeconds, refreshedAt: /* @__PURE__ */ new Date() });
      return newTokenLifetimeInSeconds;
    } catch (thrown) {
      tell(this.#failed, { connection: this, error: asError(thrown) });
      throw thrown;
    }
  }
  /** Calls `callback` when new credentials were taken. */
  onAuthenticationRefreshed(callback) {
    this.#refreshed.push(callback);
  }
  /** Calls `callback` when new credentials could not be had, or were refused. The old ones hold until they expire. */
  onAuthenticationRefreshFailed(callback) {
    this.#failed.push(callback);
  }
  #schedule(lifetimeInSeconds = 0) {
    const { refresh } = this.#settings;
    const { enableAutoRefresh = !!refresh, refreshBeforeExpirationInMilliseconds = 3e5 } = refresh ?? {};
    clearTimeout(this.#timer);
    if (enableAutoRefresh && lifetimeInSeconds > 0) {
      const lifetime = lifetimeInSeconds * 1e3;
      const delay = Math.max(lifetime - refreshBeforeExpirationInMilliseconds, lifetime / 2, LEAST_DELAY);
      this.#timer = setTimeout(() => this.refreshAuthentication().catch(ignore), Math.min(delay, MOST_DELAY));
    }
  }
};

// src/negotiate.ts
var LIMIT = 100;
async function negotiate(url, settings, requests = 1) {
  const { c: http, schema, signal, logger } = settings;
  let answer;
  try {
    await authenticate(http);
    const query = `negotiateVersion=1${settings.e ? "&useStatefulReconnect=true" : ""}${schema ? `&hubSchema=${schema}` : ""}`;
    answer = JSON.parse(await http.post(withQuery(withSegment(url, "negotiate"), query), signal));
  } catch (cause) {
    if (signal.aborted) {
      throw new AbortError("The connection was stopped during negotiation.");
    }
    const hint = cause.statusCode === 404 ? " Either this is not a SignalR endpoint or there is a proxy blocking the connection." : "";
    const message = `Failed to complete negotiation with the server: ${cause}${hint}`;
    logger.log(4 /* Error */, message);
    throw Object.assign(new HubcastError("negotiation", message, { cause }), {
      errorType: "FailedToNegotiateWithServerError"
    });
  }
  const { error, url: next, accessToken, hubSchema } = answer;
  if (error || next && requests === LIMIT) {
    throw new HubcastError("negotiation", error || "Negotiate redirection limit exceeded.");
  }
  if (schema && hubSchema && hubSchema !== schema) {
    logger.log(
      3 /* Warning */,
      `The hub's contract (${hubSchema}) is not the one that this client was built with (${schema}). Refresh the generated file.`
    );
  }
  if (!next) {
    return { ...answer, url };
  }
  if (accessToken) {
    http.h = () => accessToken;
  }
  return { ...answer, ...await negotiate(next, settings, requests + 1) };
}
function connectionUrl({ url, connectionId, connectionToken = connectionId }) {
  return connectionToken ? withQuery(url, `id=${encodeURIComponent(connectionToken)}`) : url;
}

// src/replay-buffer.ts
var ACK_AFTER = 1e3;
function replayBuffer(limit, send2) {
  const kept = /* @__PURE__ */ new Map();
  const waiting = [];
  let size = 0;
  let sent = 0;
  let next = 1;
  let received = 0;
  let ackTimer;
  const isCounted = ({ type }) => type < 6 /* Ping */;
  const sizeOf = (frame) => typeof frame === "string" ? frame.length : frame.byteLength;
  return {
    g(message, frame) {
      if (!isCounted(message)) {
        return void 0;
      }
      kept.set(++sent, frame);
      size += sizeOf(frame);
      return new Promise((resolve) => size < limit ? resolve() : waiting.push(resolve));
    },
    w(message) {
      if (message.type === 9 /* Sequence */) {
        if (message.sequenceId > next) {
          throw new HubcastError("closed", "Sequence ID greater than amount of messages we've received.");
        }
        next = message.sequenceId;
      } else if (message.type === 8 /* Ack */) {
        for (const [id, frame] of kept) {
          if (id <= message.sequenceId) {
            kept.delete(id);
            size -= sizeOf(frame);
          }
        }
        if (size < limit) {
          waiting.splice(0).forEach((resolve) => resolve());
        }
      } else if (isCounted(message)) {
        ackTimer ??= setTimeout(() => {
          ackTimer = void 0;
          send2({ type: 8 /* Ack */, sequenceId: received }).catch(ignore);
        }, ACK_AFTER);
        if (next++ > received) {
          received++;
          return true;
        }
      }
      return message.type === 7 /* Close */;
    },
    async t(transport, protocol) {
      const [sequenceId = sent + 1] = kept.keys();
      await transport.send(protocol.writeMessage({ type: 9 /* Sequence */, sequenceId }));
      for (const frame of kept.values()) {
        await transport.send(frame);
      }
    },
    stop() {
      clearTimeout(ackTimer);
    }
  };
}

// src/transport/send-queue.ts
function sendQueue(deliver) {
  let frames = [];
  let last = Promise.resolve();
  let next;
  const flush = async () => {
    const batch = frames;
    frames = [];
    next = void 0;
    const text = batch.every((frame) => typeof frame === "string");
    await deliver(text ? batch.join("") : await new Blob(batch).arrayBuffer());
  };
  return (frame) => {
    frames.push(frame);
    next ??= last.then(flush, flush);
    last = next;
    return next;
  };
}

// src/transport/transport.ts
var HttpTransportType = /* @__PURE__ */ ((HttpTransportType2) => {
  HttpTransportType2[HttpTransportType2["None"] = 0] = "None";
  HttpTransportType2[HttpTransportType2["WebSockets"] = 1] = "WebSockets";
  HttpTransportType2[HttpTransportType2["ServerSentEvents"] = 2] = "ServerSentEvents";
  HttpTransportType2[HttpTransportType2["LongPolling"] = 4] = "LongPolling";
  return HttpTransportType2;
})(HttpTransportType || {});
var TransferFormat = /* @__PURE__ */ ((TransferFormat2) => {
  TransferFormat2[TransferFormat2["Text"] = 1] = "Text";
  TransferFormat2[TransferFormat2["Binary"] = 2] = "Binary";
  return TransferFormat2;
})(TransferFormat || {});

// src/transport/custom.ts
var attempts = /* @__PURE__ */ new WeakMap();
var customTransport = (custom) => ({
  name: "Custom",
  type: 0 /* None */,
  open: ({ url, j: format }, { b: received, d: ended }, signal) => new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    const live = async () => {
      await attempts.get(custom);
      signal.throwIfAborted();
      let over = false;
      let leave = ignore;
      const left = new Promise((resolve2) => leave = resolve2);
      custom.onreceive = received;
      custom.onclose = leave;
      await custom.connect(url, format);
      resolve({
        send: sendQueue(async (data) => over || custom.send(data)),
        async close() {
          leave(true);
          await attempts.get(custom);
        }
      });
      const why = signal.aborted || await left;
      over = true;
      if (why === true) {
        await custom.stop();
      } else {
        ended(why);
      }
    };
    attempts.set(custom, live().catch(reject));
  })
});

// src/transport/traced.ts
async function openTraced({ name, open: open2 }, target, sink, signal) {
  const trace = (what, data) => {
    const text = typeof data === "string";
    const content = target.c.a.logMessageContent ? `. Content: '${text ? data : new Uint8Array(data)}'` : "";
    target.logger.log(
      0 /* Trace */,
      `(${name} transport) ${what}. ${text ? "String" : "Binary"} data of length ${text ? data.length : data.byteLength}${content}.`
    );
    return data;
  };
  const { send: send2, close } = await open2(
    target,
    { b: (data) => sink.b(trace("data received", data)), d: sink.d },
    signal
  );
  target.logger.log(2 /* Information */, `${name} connected to ${withoutQuery(target.url)}.`);
  return { send: (data) => send2(trace("sending data", data)), close };
}

// src/connect.ts
async function connect(request) {
  const { url, a: options, o: openers, signal, logger } = request;
  const { transport } = options;
  const http = {
    a: options,
    h: options.accessTokenFactory,
    post: async (url2, abortSignal) => (await send(http, "POST", url2, { abortSignal })).content
  };
  if (options.skipNegotiation) {
    const opener = openers.find(({ type }) => type === transport);
    if (opener?.type !== 1 /* WebSockets */) {
      throw new Error("Negotiation can only be skipped when using the WebSocket transport directly.");
    }
    await authenticate(http);
    return open(request, http, opener, { url });
  }
  const settings = { ...request, c: http };
  let negotiated = await negotiate(url, settings);
  const { url: target, availableTransports = [], ProtocolVersion } = negotiated;
  if (negotiated.useStatefulReconnect && !request.e) {
    throw new HubcastError("negotiation", "Client didn't negotiate Stateful Reconnect but the server did.");
  }
  if (ProtocolVersion) {
    throw new HubcastError(
      "negotiation",
      "Detected a connection attempt to an ASP.NET SignalR Server. This client only supports connecting to an ASP.NET Core SignalR Server. See https://aka.ms/signalr-core-differences for details."
    );
  }
  if (transport && typeof transport === "object") {
    return open(request, http, customTransport(transport), negotiated);
  }
  const failures = [];
  let texts = "";
  for (const offer of availableTransports) {
    const opener = openerFor(offer, request, transport);
    if (typeof opener === "string") {
      failures.push(new HubcastError("transport", opener));
      texts += ` ${offer.transport} failed: Error: ${opener}`;
      continue;
    }
    negotiated ??= await negotiate(target, settings);
    try {
      return await open(request, http, opener, negotiated);
    } catch (thrown) {
      if (signal.aborted) {
        throw thrown;
      }
      negotiated = void 0;
      logger.log(4 /* Error */, `Failed to start the transport '${offer.transport}': ${thrown}`);
      const failure = `${offer.transport} failed: ${thrown}`;
      failures.push(new HubcastError("transport", failure, { cause: thrown }));
      texts += ` Error: ${failure}`;
    }
  }
  throw texts ? Object.assign(
    new HubcastError(
      "transport",
      `Unable to connect to the server with any of the available transports.${texts}`
    ),
    { innerErrors: failures }
  ) : new HubcastError(
    "transport",
    "None of the transports supported by the client are supported by the server."
  );
}
function openerFor({ transport, transferFormats }, { o: openers, a: options, j: format }, allowed) {
  const opener = openers.find(({ name }) => name === transport);
  if (!opener) {
    return `Skipping transport '${transport}' because it is not supported by this client.`;
  }
  if (allowed && !(allowed & opener.type)) {
    return `'${transport}' is disabled by the client.`;
  }
  const formatName = format === 1 /* Text */ ? "Text" : "Binary";
  if (!transferFormats.includes(formatName)) {
    return `'${transport}' does not support ${formatName}.`;
  }
  if (opener.z?.(options) === false) {
    return `'${transport}' is not supported in your environment.`;
  }
  return opener;
}
async function open(request, http, opener, negotiated) {
  const { x: sink, signal } = request;
  const { type } = opener;
  const target = { ...request, c: http, url: connectionUrl(negotiated) };
  signal.throwIfAborted();
  return {
    ...negotiated,
    c: http,
    transport: await openTraced(opener, target, sink, signal),
    y: type === 4 /* LongPolling */,
    e: negotiated.useStatefulReconnect && type === 1 /* WebSockets */ && replayBuffer,
    async s(signal2) {
      await authenticate(http);
      return openTraced(opener, target, sink, signal2);
    }
  };
}

// src/json-protocol.ts
var JsonHubProtocol = class {
  name = "json";
  version = 2;
  transferFormat = 1 /* Text */;
  parseMessages(input, _logger) {
    if (typeof input !== "string") {
      throw new Error("Invalid input for JSON hub protocol. Expected a string.");
    }
    const records = input.split(SEPARATOR);
    if (records.pop()) {
      throw new Error(INCOMPLETE);
    }
    return records.map((record) => JSON.parse(record)).filter(isKnown);
  }
  writeMessage(message) {
    return JSON.stringify(message) + SEPARATOR;
  }
};
var types = {
  [1 /* Invocation */]: "Invocation target arguments",
  [2 /* StreamItem */]: "StreamItem invocationId item",
  [3 /* Completion */]: "Completion invocationId",
  [6 /* Ping */]: "Ping",
  [7 /* Close */]: "Close",
  [8 /* Ack */]: "Ack sequenceId",
  [9 /* Sequence */]: "Sequence sequenceId"
};
function isKnown(fields) {
  const { type, target = "", arguments: args = [], invocationId = "", sequenceId = 0, error = "" } = fields;
  if (!Number.isInteger(type)) {
    throw new Error("Invalid payload.");
  }
  const [name, ...required2] = types[type]?.split(" ") ?? [];
  const isValid = required2.every((property) => property in fields) && [target, invocationId, error].every((text) => typeof text === "string") && Array.isArray(args) && Number.isInteger(sequenceId) && !("error" in fields && "result" in fields);
  if (name && !isValid) {
    throw new Error(`Invalid payload for ${name} message.`);
  }
  return !!name;
}

// src/cookies/set-cookie.ts
var SIZE_LIMIT = 4096;
var PATH_LIMIT = 1024;
function readSetCookie(line, from, now) {
  const [pair = "", ...rest] = line.split(";");
  const [, name = "", value = ""] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
  const attributes = /* @__PURE__ */ new Map();
  for (const attribute of rest) {
    const [key = "", ...text] = attribute.split("=");
    attributes.set(key.trim().toLowerCase(), text.join("=").trim());
  }
  const host = from.hostname;
  const domain = (attributes.get("domain") ?? "").replace(/^\./, "").toLowerCase() || host;
  const secure = attributes.has("secure");
  const path = attributes.get("path") ?? "";
  const refused = !name || name.length + value.length > SIZE_LIMIT || path.length > PATH_LIMIT || // Characters that end a header, or are none.
  /[\0-\x08\n-\x1f\x7f]/.test(name + value) || domain !== host && !(domain.includes(".") && isBelow(host, domain)) || // What travels in the clear could have been put there by anyone.
  secure && from.protocol !== "https:";
  return refused ? void 0 : {
    name,
    value,
    domain,
    hostOnly: domain === host && !(attributes.get("domain") && isName(host)),
    path: path.startsWith("/") ? path : defaultPath(from.pathname),
    secure,
    expires: expiry(attributes, now)
  };
}
function isBelow(host, domain) {
  return isName(host) && host.endsWith(`.${domain}`);
}
function isName(host) {
  return !/^[\d.]+$|:/.test(host);
}
function defaultPath(path) {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 1));
}
function expiry(attributes, now) {
  const age = attributes.get("max-age") ?? "";
  if (/^-?\d+$/.test(age)) {
    return now + Number(age) * 1e3;
  }
  const date = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(date) ? Infinity : date;
}

// src/cookies/cookie-jar.ts
var LIMIT2 = 50;
var CookieJar = class {
  /** In the order in which they came first. */
  #cookies = /* @__PURE__ */ new Map();
  /** Takes the values of the Set-Cookie headers of an answer from `url`. */
  g(url, lines) {
    const from = new URL(url);
    for (const line of lines) {
      const cookie = readSetCookie(line, from, Date.now());
      if (cookie) {
        this.#cookies.set([cookie.name, cookie.domain, cookie.path].join(";"), cookie);
        this.#dropExpired();
      }
    }
    for (const key of this.#cookies.keys()) {
      if (this.#cookies.size > LIMIT2) {
        this.#cookies.delete(key);
      }
    }
  }
  /** The Cookie header of a request to `url`, empty if there is none: longer paths first, then the older ones. */
  header(url) {
    const to = new URL(url);
    this.#dropExpired();
    return [...this.#cookies.values()].filter((cookie) => matches(cookie, to)).sort((one, other) => other.path.length - one.path.length).map(({ name, value }) => `${name}=${value}`).join("; ");
  }
  #dropExpired() {
    const now = Date.now();
    for (const [key, { expires }] of this.#cookies) {
      if (expires <= now) {
        this.#cookies.delete(key);
      }
    }
  }
};
function matches({ domain, hostOnly, path, secure }, { protocol, hostname, pathname }) {
  const folder = path.endsWith("/") ? path : `${path}/`;
  return (hostname === domain || !hostOnly && isBelow(hostname, domain)) && (pathname === path || pathname.startsWith(folder)) && (!secure || protocol === "https:");
}

// src/platform/node.ts
function isNode() {
  const { process } = globalThis;
  return process?.versions?.node !== void 0;
}

// src/platform/redirects.ts
var LIMIT3 = 20;
async function followRedirects(fetch2, url, init) {
  let request = { ...init, redirect: "manual" };
  for (let redirects = 0; ; redirects++) {
    const response = await fetch2(url, request);
    const { status, type, body } = response;
    if (type === "opaqueredirect") {
      return fetch2(url, init);
    }
    const location = response.headers?.get("Location");
    if (![301, 302, 303, 307, 308].includes(status) || !location) {
      return response;
    }
    await body?.cancel();
    const next = new URL(location, url);
    if (!/^https?:$/.test(next.protocol)) {
      throw new TypeError(`A redirect to '${location}' is not followed.`);
    }
    if (redirects === LIMIT3) {
      throw new TypeError(`More than ${LIMIT3} redirects.`);
    }
    if (next.origin !== new URL(url).origin) {
      request = without(request, /^((proxy-)?authorization|cookie)$/i);
    }
    const { method = "GET" } = request;
    if (status === 303 ? method !== "GET" && method !== "HEAD" : status < 303 && method === "POST") {
      request = { ...without(request, /^content-(encoding|language|location|type)$/i), method: "GET", body: null };
    }
    url = next.href;
  }
}
function without(request, names2) {
  const headers = Object.entries(request.headers ?? {}).filter(([name]) => !names2.test(name));
  return { ...request, headers: Object.fromEntries(headers) };
}

// src/platform/cookies.ts
var jars = /* @__PURE__ */ new WeakMap();
function withCookies(settings) {
  if (isNode() && settings.a.withCredentials !== false) {
    const jar = new CookieJar();
    const options = {
      ...settings.a,
      fetch: fetchWith(jar, (url) => cookiesFor(options, url), settings.a.fetch)
    };
    jars.set(options, jar);
    return { ...settings, a: options };
  }
  return settings;
}
function clientCookies() {
  if (isNode()) {
    const jar = new CookieJar();
    const header = (url) => jar.header(url);
    return { fetch: fetchWith(jar, header), header };
  }
  return void 0;
}
function cookiesFor(options, url) {
  const { httpClient, withCredentials } = options;
  return withCredentials === false ? "" : joinCookies(httpClient?.getCookieString(url), jars.get(options)?.header(url));
}
function keepCookies(options, url, lines) {
  jars.get(options)?.g(url, lines);
}
function fetchWith(jar, cookies, custom) {
  const hop = async (url, init) => {
    const headers = addCookies(init.headers, cookies(url));
    const response = await (custom ?? fetch)(url, { ...init, headers });
    const { headers: received } = response;
    jar.g(response.url || url, received?.getSetCookie?.() ?? []);
    return response;
  };
  return (url, init) => followRedirects(hop, url, init);
}
function addCookies(headers, cookies) {
  const name = Object.keys(headers).find((name2) => name2.toLowerCase() === "cookie") ?? "Cookie";
  const all = joinCookies(headers[name], cookies);
  return { ...headers, ...all && { [name]: all } };
}
function joinCookies(first = "", second = "") {
  const split = (cookies) => cookies.split(/; */).filter(Boolean);
  const nameOf = (cookie) => cookie.replace(/=.*/s, "");
  const known = split(first).map(nameOf);
  return [...split(first), ...split(second).filter((cookie) => !known.includes(nameOf(cookie)))].join("; ");
}

// src/hub-connection-builder.ts
var HubConnectionBuilder = class {
  #settings;
  /** @internal The entry points give the ways to connect that they have. */
  constructor(connect2) {
    this.#settings = { i: connect2, k: {} };
  }
  /** The address of the hub, relative to the page or absolute, and the transports to use or all options. */
  withUrl(url, transportTypeOrOptions = {}) {
    if (!required(url, "url").trim()) {
      throw new Error("The 'url' argument should not be empty.");
    }
    const options = typeof transportTypeOrOptions === "object" ? transportTypeOrOptions : { transport: transportTypeOrOptions };
    return this.with({ url, a: { ...this.#settings.a, ...options } });
  }
  /** What messages look like on the wire. Default: JSON. */
  withHubProtocol(protocol) {
    return this.with({ protocol: required(protocol, "protocol") });
  }
  /** Where log lines go: a logger, or the console from a level up. Default: from Information up. */
  configureLogging(logging) {
    return this.with({ logger: loggerFrom(required(logging, "logging")) });
  }
  /**
   * Makes a lost connection come back. Takes the delays before each attempt in milliseconds, a policy, or options. By
   * default it tries after 0, 2, 10 and 30 seconds.
   */
  withAutomaticReconnect(retry = [0, 2e3, 1e4, 3e4]) {
    if (this.#settings.l) {
      throw new Error("A reconnectPolicy has already been set.");
    }
    const isSchedule = "nextRetryDelayInMilliseconds" in retry || Array.isArray(retry);
    return this.with({ l: isSchedule ? { retry } : retry });
  }
  /** How long the server may be silent, in milliseconds. Should be at least twice the server's keep-alive interval. */
  withServerTimeout(milliseconds) {
    this.#settings.k.serverTimeoutInMilliseconds = required(milliseconds, "milliseconds");
    return this;
  }
  /** The time between pings, in milliseconds. Should be at most half of the server's client timeout. */
  withKeepAliveInterval(milliseconds) {
    this.#settings.k.keepAliveIntervalInMilliseconds = required(milliseconds, "milliseconds");
    return this;
  }
  build(contract) {
    const { url, a: { logger = 2 /* Information */ } = {} } = this.#settings;
    if (!url) {
      throw new Error("The 'HubConnectionBuilder.withUrl' method must be called before building the connection.");
    }
    return this.p(
      withCookies({
        protocol: new JsonHubProtocol(),
        logger: loggerFrom(logger ?? 6 /* None */),
        ...this.#settings,
        ...contract,
        url: absoluteUrl(url)
      })
    );
  }
  /** @internal */
  p(settings) {
    return new HubConnection(settings);
  }
  /** @internal */
  with(settings) {
    Object.assign(this.#settings, settings);
    return this;
  }
};
function required(value, name) {
  if (value === void 0 || value === null) {
    throw new Error(`The '${name}' argument is required.`);
  }
  return value;
}

// src/negotiating-builder.ts
var NegotiatingBuilder = class extends HubConnectionBuilder {
  /**
   * Asks the server to keep the connection while its transport is replaced, so that a short loss goes unnoticed. Works
   * over WebSockets, if the server allows it.
   */
  withStatefulReconnect(options) {
    return this.with({ r: options?.bufferSize ?? 1e5 });
  }
};

// src/transport/http-transport.ts
async function openHttp({ url, c: http }, sink, signal, start, farewell) {
  const abort = new AbortController();
  const stop = abort.signal;
  signal.addEventListener("abort", () => abort.abort(signal.reason));
  const receive = await start(stop);
  let over = false;
  void receive().then(() => void 0, asError).then((error) => {
    over = true;
    if (!stop.aborted) {
      sink.d(error);
    }
  });
  return {
    send: sendQueue((content) => sendAuthorized(http, "POST", url, { content })),
    async close() {
      abort.abort();
      if (!over) {
        await farewell?.().catch(ignore);
      }
    }
  };
}

// src/transport/long-polling.ts
var POLL_TIMEOUT = 1e5;
var longPolling = {
  name: "LongPolling",
  type: 4 /* LongPolling */,
  open(target, sink, signal) {
    const { url, c: http, j: format } = target;
    const start = async (stop) => {
      const poll = () => sendAuthorized(http, "GET", withQuery(url, `_=${Date.now()}`), {
        abortSignal: stop,
        timeout: POLL_TIMEOUT,
        responseType: format === 2 /* Binary */ ? "arraybuffer" : "text"
      });
      await poll();
      return async () => {
        while (!stop.aborted) {
          try {
            const { statusCode, content } = await poll();
            if (statusCode === 204) {
              return;
            }
            const isEmpty = !content || typeof content !== "string" && content.byteLength === 0;
            if (!isEmpty && !stop.aborted && !sink.b(content)) {
              return await new Promise(() => {
              });
            }
          } catch (thrown) {
            if (!(thrown instanceof TimeoutError)) {
              throw thrown;
            }
          }
        }
      };
    };
    return openHttp(target, sink, signal, start, () => sendAuthorized(http, "DELETE", url));
  }
};

// src/transport/event-stream.ts
function eventStream() {
  let rest = "";
  return (text) => {
    const events = (rest + text).split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    return events.flatMap((event) => {
      const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
      return lines.length > 0 ? lines.map((line) => line.replace(/^data: ?/, "")).join("\n") : [];
    });
  };
}

// src/transport/server-sent-events.ts
var serverSentEvents = {
  name: "ServerSentEvents",
  type: 2 /* ServerSentEvents */,
  open(target, sink, signal) {
    const { f: token, a: options } = target.c;
    const { withCredentials = true } = options;
    const headers = { ...withToken(options.headers, token), Accept: "text/event-stream" };
    return openHttp(target, sink, signal, async (stop) => {
      let reader;
      try {
        const init = { ...requestInit({ method: "GET", withCredentials, headers }), signal: stop };
        const { ok, status, body } = await (options.fetch ?? fetch)(target.url, init);
        if (!ok || !body) {
          throw new Error(`Status code '${status}'`);
        }
        reader = body.pipeThrough(new TextDecoderStream()).getReader();
      } catch (cause) {
        stop.throwIfAborted();
        throw new HubcastError(
          "transport",
          "EventSource failed to connect. The connection could not be found on the server, either the connection ID is not present on the server, or a proxy is refusing/buffering the connection. If you have multiple servers check that sticky sessions are enabled.",
          { cause }
        );
      }
      const read = eventStream();
      return async () => {
        for (; ; ) {
          const { done, value } = await reader.read();
          if (done) {
            return;
          }
          for (const event of read(value)) {
            if (!stop.aborted) {
              sink.b(event);
            }
          }
        }
      };
    });
  }
};

// src/platform/web-socket.ts
function createWebSocket(url, { a: options, f: token }) {
  const Socket = options.WebSocket ?? globalThis.WebSocket;
  if (isNode()) {
    const address = url.replace(/^ws/i, "http");
    const init = { headers: addCookies(withToken(options.headers, token), cookiesFor(options, address)) };
    const args = Socket === globalThis.WebSocket ? [init] : [void 0, init];
    const socket = Reflect.construct(Socket, [url, ...args]);
    socket.addEventListener("upgrade", ({ headers }) => keepCookies(options, address, headers?.["set-cookie"] ?? []));
    return socket;
  }
  return new Socket(token ? withQuery(url, `access_token=${encodeURIComponent(token)}`) : url);
}

// src/transport/web-socket.ts
function openWebSocket({ url, c: http }, sink, signal) {
  return new Promise((resolve, reject) => {
    const socket = createWebSocket(url.replace(/^http/i, "ws"), http);
    let open2 = false;
    const failed = () => reject(
      new HubcastError(
        "transport",
        "WebSocket failed to connect. The connection could not be found on the server, either the endpoint may not be a SignalR endpoint, the connection ID is not present on the server, or there is a proxy blocking WebSockets. If you have multiple servers check that sticky sessions are enabled."
      )
    );
    socket.binaryType = "arraybuffer";
    signal.addEventListener("abort", () => {
      reject(signal.reason);
      socket.close();
    });
    socket.addEventListener("open", () => {
      open2 = true;
      resolve({
        async send(data) {
          socket.send(data);
        },
        async close() {
          open2 = false;
          socket.close();
        }
      });
    });
    socket.addEventListener("message", ({ data }) => open2 && sink.b(data));
    socket.addEventListener("error", failed);
    socket.addEventListener("close", ({ wasClean, code, reason }) => {
      failed();
      if (open2) {
        sink.d(
          wasClean && code === 1e3 ? void 0 : new HubcastError("transport", `WebSocket closed with status code: ${code} (${reason || "no reason given"}).`)
        );
      }
    });
  });
}

// src/transport/web-socket-opener.ts
var webSockets = {
  name: "WebSockets",
  type: 1 /* WebSockets */,
  z: (options) => !!(options.WebSocket ?? globalThis.WebSocket),
  open: openWebSocket
};

// src/http-client.ts
var HttpResponse = class {
  constructor(statusCode, statusText, content) {
    this.statusCode = statusCode;
    this.statusText = statusText;
    this.content = content;
  }
  statusCode;
  statusText;
  content;
};
var HttpClient = class {
  get(url, options) {
    return this.send({ ...options, method: "GET", url });
  }
  post(url, options) {
    return this.send({ ...options, method: "POST", url });
  }
  delete(url, options) {
    return this.send({ ...options, method: "DELETE", url });
  }
  /** The cookies for an address, as a Cookie header has them. Outside of browsers, WebSockets are opened with them. */
  getCookieString(_url) {
    return "";
  }
};

// src/default-http-client.ts
var DefaultHttpClient = class extends HttpClient {
  #logger;
  #cookies = clientCookies();
  /** `logger` hears of requests that got no answer. */
  constructor(logger) {
    super();
    this.#logger = logger;
  }
  async send(request) {
    const { method, url, abortSignal, withCredentials } = request;
    if (!method) {
      throw new Error("No method defined.");
    }
    if (!url) {
      throw new Error("No url defined.");
    }
    try {
      const { statusCode, statusText, content } = await sendByFetch(
        { ...request, method, url },
        withCredentials === false ? void 0 : this.#cookies?.fetch
      );
      return accepted(new HttpResponse(statusCode, statusText, content));
    } catch (thrown) {
      if (abortSignal?.aborted) {
        throw new AbortError("An abort occurred.");
      }
      if (thrown instanceof TimeoutError) {
        this.#logger?.log(3 /* Warning */, "Timeout from HTTP request.");
      } else if (!(thrown instanceof HttpError)) {
        this.#logger?.log(3 /* Warning */, `Error from HTTP request. ${thrown}.`);
      }
      throw thrown;
    }
  }
  getCookieString(url) {
    return this.#cookies?.header(url) ?? "";
  }
};

// src/version.ts
var VERSION = "0.1.0";

// src/stream.ts
var Subject = class {
  #observers = /* @__PURE__ */ new Set();
  next(item) {
    this.#observers.forEach((observer) => observer.next(item));
  }
  error(err) {
    this.#observers.forEach((observer) => observer.error?.(err));
  }
  complete() {
    this.#observers.forEach((observer) => observer.complete?.());
  }
  subscribe(observer) {
    this.#observers.add(observer);
    return { dispose: () => void this.#observers.delete(observer) };
  }
};

// src/index.ts
var connectByAny = (request) => connect({ ...request, o: [webSockets, serverSentEvents, longPolling] });
var HubConnectionBuilder2 = class extends NegotiatingBuilder {
  constructor() {
    super(connectByAny);
  }
};
var RefreshingHubConnectionBuilder = class extends NegotiatingBuilder {
  #refresh;
  constructor() {
    super(connectByAny);
  }
  /** Renews the credentials of a connection before they expire, if the server says when that is. */
  withAuthenticationRefresh(options = {}) {
    this.#refresh = options;
    return this;
  }
  p(settings) {
    return new RefreshingHubConnection({ ...settings, refresh: this.#refresh });
  }
};
export {
  AbortError,
  DefaultHttpClient,
  HttpClient,
  HttpError,
  HttpResponse,
  HttpTransportType,
  HubConnection,
  HubConnectionBuilder2 as HubConnectionBuilder,
  HubConnectionState,
  HubcastError,
  JsonHubProtocol,
  LogLevel,
  MessageType,
  NullLogger,
  RefreshingHubConnection,
  RefreshingHubConnectionBuilder,
  Subject,
  TimeoutError,
  TransferFormat,
  VERSION
};
