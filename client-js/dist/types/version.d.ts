/** The version of the package `hubcast`. */
export declare const VERSION: string;
