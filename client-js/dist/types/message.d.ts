export declare enum MessageType {
    Invocation = 1,
    StreamItem = 2,
    Completion = 3,
    StreamInvocation = 4,
    CancelInvocation = 5,
    Ping = 6,
    Close = 7,
    Ack = 8,
    Sequence = 9
}
export type MessageHeaders = Readonly<Record<string, string>>;
/** A call. It wants a Completion if it has an invocation id. */
export interface InvocationMessage {
    readonly type: MessageType.Invocation;
    readonly headers?: MessageHeaders | undefined;
    readonly invocationId?: string | undefined;
    readonly target: string;
    readonly arguments: readonly unknown[];
    readonly streamIds?: readonly string[] | undefined;
}
export interface StreamItemMessage {
    readonly type: MessageType.StreamItem;
    readonly headers?: MessageHeaders | undefined;
    readonly invocationId: string;
    readonly item: unknown;
}
/** The end of a call or stream: `error`, or `result`, or neither for a call that returns nothing. */
export interface CompletionMessage {
    readonly type: MessageType.Completion;
    readonly headers?: MessageHeaders | undefined;
    readonly invocationId: string;
    readonly error?: string | undefined;
    readonly result?: unknown;
}
export interface StreamInvocationMessage {
    readonly type: MessageType.StreamInvocation;
    readonly headers?: MessageHeaders | undefined;
    readonly invocationId: string;
    readonly target: string;
    readonly arguments: readonly unknown[];
    readonly streamIds?: readonly string[] | undefined;
}
export interface CancelInvocationMessage {
    readonly type: MessageType.CancelInvocation;
    readonly headers?: MessageHeaders | undefined;
    readonly invocationId: string;
}
export interface PingMessage {
    readonly type: MessageType.Ping;
}
/** The last message of a connection. Without `allowReconnect` the client does not come back by itself. */
export interface CloseMessage {
    readonly type: MessageType.Close;
    readonly error?: string;
    readonly allowReconnect?: boolean;
}
export interface AckMessage {
    readonly type: MessageType.Ack;
    readonly sequenceId: number;
}
export interface SequenceMessage {
    readonly type: MessageType.Sequence;
    readonly sequenceId: number;
}
export type HubMessage = InvocationMessage | StreamItemMessage | CompletionMessage | StreamInvocationMessage | CancelInvocationMessage | PingMessage | CloseMessage | AckMessage | SequenceMessage;
