/*
 * Whether this is Node, Deno or Bun: they send any header with requests and WebSockets, and keep no cookies.
 *
 * The only file that asks where it runs.
 */

export function isNode(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined;
}
