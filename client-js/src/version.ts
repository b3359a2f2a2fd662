/*
 * The version of this package, written in by the build.
 */

declare const PACKAGE_VERSION: string;

/** The version of the package `hubcast`. */
export const VERSION: string = PACKAGE_VERSION;
