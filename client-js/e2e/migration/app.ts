/*
 * A small application written against `@microsoft/signalr`, as its documentation shows it. It uses nothing else.
 *
 * Rule: it is not to be adapted to this package. What it notes has to be the same with either.
 */

import {
  AbortError,
  DefaultHttpClient,
  HttpError,
  HttpTransportType,
  HubConnectionBuilder,
  HubConnectionState,
  JsonHubProtocol,
  LogLevel,
  NullLogger,
  Subject,
  TimeoutError,
  type HttpRequest,
  type HttpResponse,
  type HubConnection,
  type IHttpConnectionOptions,
  type IHubProtocol,
  type ILogger,
  type IRetryPolicy,
  type IStreamResult,
  type ISubscription,
  type RetryContext,
} from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";

/** Where the application runs: a hub behind a proxy that can cut all its connections, and a unique name for a room. */
export interface Surroundings {
  readonly url: string;
  readonly room: string;
  cut(): void;
}

/** What the application saw, by scenario, in order. */
export type Notes = Record<string, unknown[]>;

export async function run(surroundings: Surroundings): Promise<Notes> {
  const notes: Notes = {};
  for (const [name, options, protocol] of ways()) {
    notes[name] = await callsAndStreams(surroundings, options, protocol);
  }
  for (const scenario of [lostAndFound, lostAndResumed, givenUp, requestsOfItsOwn, whatGoesWrong]) {
    notes[scenario.name] = await scenario(surroundings);
  }
  return notes;
}

/** Every transport, and both protocols where they are possible. */
function ways(): [name: string, options: IHttpConnectionOptions, protocol: IHubProtocol][] {
  const { WebSockets, ServerSentEvents, LongPolling } = HttpTransportType;
  return [
    ["WebSockets, JSON", { transport: WebSockets }, new JsonHubProtocol()],
    ["WebSockets, MessagePack", { transport: WebSockets }, new MessagePackHubProtocol()],
    ["WebSockets without negotiation", { transport: WebSockets, skipNegotiation: true }, new JsonHubProtocol()],
    ["ServerSentEvents, JSON", { transport: ServerSentEvents }, new JsonHubProtocol()],
    ["LongPolling, JSON", { transport: LongPolling }, new JsonHubProtocol()],
    ["LongPolling, MessagePack", { transport: LongPolling }, new MessagePackHubProtocol()],
    ["two transports to choose from", { transport: WebSockets | LongPolling }, new JsonHubProtocol()],
  ];
}

async function callsAndStreams(
  { url, room }: Surroundings,
  options: IHttpConnectionOptions,
  protocol: IHubProtocol,
): Promise<unknown[]> {
  const notes: unknown[] = [];
  const connection = new HubConnectionBuilder()
    .withUrl(`${url}?user=ada`, options)
    .withHubProtocol(protocol)
    .configureLogging(NullLogger.instance)
    .withServerTimeout(60_000)
    .withKeepAliveInterval(5_000)
    .build();
  connection.onclose((error) => notes.push(["closed", text(error)]));

  notes.push(connection.state === HubConnectionState.Disconnected, connection.connectionId);
  await connection.start();
  notes.push(connection.state, typeof connection.connectionId, connection.baseUrl.endsWith("?user=ada"));
  notes.push([connection.serverTimeoutInMilliseconds, connection.keepAliveIntervalInMilliseconds]);

  notes.push(await connection.invoke<string>("Echo", "héllo ✓ 😀\x1e"));
  notes.push(await connection.invoke("echo", null));
  notes.push(await connection.invoke("WhoAmI"));
  notes.push(await connection.invoke("JoinGroup", room));
  notes.push(await failure(connection.invoke("Fail", "because")));
  notes.push(await failure(connection.invoke("Crash")));
  notes.push(await failure(connection.invoke("NoSuchMethod", 1)));
  notes.push(await failure(connection.invoke("Echo")));
  notes.push(await failure(connection.invoke("Counter", 1)));

  const received = next(connection, "RECEIVE");
  notes.push(await connection.send("SendToGroup", room, "to the room"));
  notes.push(await received);

  const answer = (question: string): Promise<string> => Promise.resolve(`${question} Yes.`);
  connection.on("answer", answer);
  notes.push(await connection.invoke("AskCaller", "Here?"));
  connection.off("answer", answer);
  connection.on("answer", () => {
    throw new Error("not today");
  });
  notes.push(await failure(connection.invoke("AskCaller", "Here?")));
  connection.off("answer");
  notes.push(await failure(connection.invoke("AskCaller", "Anyone?")));

  notes.push(await items(connection.stream<number>("Counter", 5)));
  notes.push(await items(connection.stream("Echo", "no stream")));
  notes.push(await items(connection.stream("NoSuchMethod")));
  notes.push(await firstItems(connection.stream<number>("Counter", 50_000), 3));
  notes.push(await connection.invoke("Echo", "after the stream"));

  const numbers = new Subject<number>();
  const sum = connection.invoke<number>("Upload", numbers);
  [1, 2, 3].forEach((number) => numbers.next(number));
  numbers.complete();
  notes.push(await sum);
  const broken = new Subject<number>();
  const refused = failure(connection.invoke("Upload", broken));
  broken.next(1);
  broken.error(new Error("no more"));
  notes.push((await refused).includes("An unexpected error occurred invoking 'Upload' on the server."));

  await connection.stop();
  notes.push(connection.state, connection.connectionId);
  await connection.start();
  notes.push(await connection.invoke("Echo", "started again"));
  await connection.stop();
  return notes;
}

/** Its connections are cut, and it comes back. */
async function lostAndFound({ url, room, cut }: Surroundings): Promise<unknown[]> {
  const notes: unknown[] = [];
  const connection = new HubConnectionBuilder()
    .withUrl(url)
    .withAutomaticReconnect([0, 10, 10])
    .configureLogging(LogLevel.None)
    .build();
  connection.on("receive", (received: string) => notes.push(received));
  connection.onreconnecting((error) => notes.push(["reconnecting", connection.state, text(error)]));
  await connection.start();
  const before = connection.connectionId;

  const back = new Promise<string | undefined>((resolve) => connection.onreconnected(resolve));
  const waiting = failure(connection.invoke("AskCaller", "Never answered"));
  connection.on("answer", () => new Promise(() => undefined));
  await connection.invoke("Echo", "the question has been asked");
  cut();
  notes.push(await waiting);
  const after = await back;
  notes.push([connection.state, after === connection.connectionId, after === before]);
  await connection.invoke("JoinGroup", room);
  await connection.invoke("SendToGroup", room, "again");
  await connection.stop();
  return notes;
}

/** Its connections are cut, and it goes on as if nothing had happened. */
async function lostAndResumed({ url, cut }: Surroundings): Promise<unknown[]> {
  const notes: unknown[] = [];
  const connection = new HubConnectionBuilder()
    .withUrl(url)
    .withStatefulReconnect({ bufferSize: 10_000 })
    .configureLogging(quiet)
    .build();
  connection.onreconnecting(() => notes.push("reconnecting"));
  connection.onclose(() => notes.push("closed"));
  await connection.start();
  const before = connection.connectionId;
  let asked = (): void => undefined;
  const question = new Promise<void>((resolve) => (asked = resolve));
  let answer = (_: string): void => undefined;
  connection.on("answer", () => new Promise((resolve) => void ((answer = resolve), asked())));
  const answered = connection.invoke("AskCaller", "Still there?");
  await question;
  cut();
  answer("Yes.");
  notes.push(await answered, connection.state, connection.connectionId === before);
  await connection.stop();
  return notes;
}

/** A policy of its own gives up after the second try. */
async function givenUp({ url, cut }: Surroundings): Promise<unknown[]> {
  const notes: unknown[] = [];
  const policy: IRetryPolicy = {
    nextRetryDelayInMilliseconds({ previousRetryCount, elapsedMilliseconds, retryReason }: RetryContext) {
      notes.push([previousRetryCount, elapsedMilliseconds >= 0, text(retryReason).split(".")[0]]);
      return previousRetryCount < 2 ? 0 : null;
    },
  };
  const connection = new HubConnectionBuilder()
    .withUrl(url)
    .withAutomaticReconnect(policy)
    .configureLogging(quiet)
    .build();
  const closed = new Promise<Error | undefined>((resolve) => connection.onclose(resolve));
  connection.onreconnecting(() => {
    connection.baseUrl = "http://127.0.0.1:1/nobody-listens";
  });
  await connection.start();
  cut();
  notes.push(text(await closed), connection.state);
  return notes;
}

/** It makes the HTTP requests itself. */
async function requestsOfItsOwn({ url }: Surroundings): Promise<unknown[]> {
  const seen = new Set<string>();
  class Client extends DefaultHttpClient {
    override send(request: HttpRequest): Promise<HttpResponse> {
      const { pathname, searchParams } = new URL(request.url ?? "");
      const headers = request.headers ?? {};
      const kind = [request.method, pathname, searchParams.has("id") ? "with id" : "without id"];
      seen.add([...kind, headers["X-Room"], headers["Authorization"]].join(" "));
      return super.send(request);
    }
  }
  const connection = new HubConnectionBuilder()
    .withUrl(url, {
      transport: HttpTransportType.LongPolling,
      httpClient: new Client(NullLogger.instance),
      headers: { "X-Room": "lobby" },
      accessTokenFactory: () => "a-token",
    })
    .configureLogging(quiet)
    .build();
  await connection.start();
  const echo = await connection.invoke("Echo", "by hand");
  await connection.stop();
  return [echo, ...[...seen].sort()];
}

/** What a user of the API can do wrong, and what a server can refuse. */
async function whatGoesWrong({ url }: Surroundings): Promise<unknown[]> {
  const notes: unknown[] = [];
  const builder = (): HubConnectionBuilder => new HubConnectionBuilder().configureLogging(quiet);
  const connection = builder().withUrl(url, { accessTokenFactory: () => Promise.resolve("a token") }).build();
  notes.push(await failure(connection.invoke("Echo", "too early")));
  notes.push(await failure(connection.send("Echo", "too early")));
  notes.push(await items(connection.stream("Counter", 1)));
  const starting = connection.start();
  notes.push(connection.state, await failure(connection.start()));
  await starting;
  notes.push(await failure(connection.start()));
  notes.push(thrown(() => (connection.baseUrl = "http://other")));
  await connection.stop();
  await connection.stop();
  notes.push(thrown(() => (connection.baseUrl = "")));

  notes.push(await failure(builder().withUrl(new URL("/nothing-here", url).href).build().start()));
  notes.push(await failure(builder().withUrl(url, { skipNegotiation: true }).build().start()));
  notes.push(thrown(() => builder().build()));
  notes.push(thrown(() => builder().withUrl("")));
  notes.push(thrown(() => builder().withAutomaticReconnect().withAutomaticReconnect()));
  const stopped = builder().withUrl(url).build();
  const start = failure(stopped.start());
  await stopped.stop();
  notes.push(typeof (await start), stopped.state);

  for (const error of [new HttpError("Not Found", 404), new TimeoutError(), new AbortError()]) {
    notes.push([error instanceof Error, String(error), (error as Partial<HttpError>).statusCode]);
  }
  return notes;
}

const quiet: ILogger = {
  log(level: LogLevel, message: string) {
    if (level > LogLevel.Critical) {
      throw new Error(message);
    }
  },
};

function next(connection: HubConnection, method: string): Promise<unknown> {
  return new Promise((resolve) => {
    const handler = (received: unknown): void => {
      connection.off(method, handler);
      resolve(received);
    };
    connection.on(method, handler);
  });
}

function items<T>(stream: IStreamResult<T>): Promise<unknown[]> {
  return new Promise((resolve) => {
    const seen: unknown[] = [];
    stream.subscribe({
      next: (item) => seen.push(item),
      error: (error) => resolve([...seen, text(error)]),
      complete: () => resolve([...seen, "complete"]),
    });
  });
}

/** The first items; then it cancels. */
function firstItems<T>(stream: IStreamResult<T>, count: number): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const seen: T[] = [];
    const subscription: ISubscription<T> = stream.subscribe({
      next(item) {
        if (seen.push(item) === count) {
          // It may arrive before `subscribe` returns.
          queueMicrotask(() => subscription.dispose());
          resolve(seen.slice());
        }
      },
      error: reject,
      complete: () => reject(new Error("complete")),
    });
  });
}

function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then((value) => `no failure: ${String(value)}`, text);
}

function thrown(action: () => unknown): string {
  try {
    return `nothing thrown: ${String(action())}`;
  } catch (error) {
    return text(error);
  }
}

function text(error: unknown): string {
  return error === undefined ? "no error" : String(error);
}
