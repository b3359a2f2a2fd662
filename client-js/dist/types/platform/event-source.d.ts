export interface EventSourceLike {
    close(): void;
    onopen: ((event: never) => void) | null;
    onmessage: ((event: {
        readonly data: unknown;
    }) => void) | null;
    onerror: ((event: never) => void) | null;
}
export type EventSourceConstructor = new (url: string, init?: {
    withCredentials?: boolean;
}) => EventSourceLike;
