/** What is to be done about time, in milliseconds. */
export interface KeepAliveSettings {
    readonly pingEvery: number;
    readonly silenceLimit: number;
    ping(): void;
    silent(): void;
}
export declare class KeepAlive {
    #private;
    constructor(settings: KeepAliveSettings);
    /** Starts the silence limit over. */
    listen(): void;
    /** Something was sent, so that the next ping may wait. */
    sent(): void;
    /** Something was received. An overdue ping goes out at once. */
    received(): void;
    stop(): void;
}
