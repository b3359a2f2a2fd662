/*
 * What snippets may use without showing where it comes from.
 */

declare const connection: import("hubcast").HubConnection;
declare const signIn: { token(): Promise<string> };
declare const show: (...what: unknown[]) => void;
declare const report: (level: string, text: string) => void;
