import { type TransferFormat, type TransportOpener } from "./transport.js";
/** Carries frames for one connection at a time. */
export interface ITransport {
    /** Resolves when it is open. The address has the connection token. */
    connect(url: string, transferFormat: TransferFormat): Promise<void>;
    /** Sends one or several whole messages. Not called again before it has settled. */
    send(data: string | ArrayBuffer): Promise<void>;
    /** Ends it. Called at most once after `connect` has resolved, and not after `onclose` was called. */
    stop(): Promise<void>;
    /** Set before `connect` is called; takes what is received, one or several whole messages. */
    onreceive: ((data: string | ArrayBuffer) => void) | null;
    /** Set before `connect` is called; to be called when the transport has ended. */
    onclose: ((error?: Error) => void) | null;
}
export declare const customTransport: (custom: ITransport) => TransportOpener;
