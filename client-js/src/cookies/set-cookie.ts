/*
 * What a Set-Cookie header says, for where it came from (RFC 6265, sections 5.2 and 5.3).
 *
 * Not here: `HttpOnly` and `SameSite`, which are about pages. No list of public suffixes is known: of domains that are
 * more than the host, those without a dot are refused, and "co.uk" is not.
 */

/** A cookie as it is kept. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Whether it is for the host alone, and not for those below. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  /** Milliseconds since 1970; infinite for one that goes with the jar. */
  readonly expires: number;
}

/** Bytes of a name with its value, and of a path. */
const SIZE_LIMIT = 4096;
const PATH_LIMIT = 1024;

/** Reads the header's value. Gives nothing for a cookie that is refused. */
export function readSetCookie(line: string, from: URL, now: number): Cookie | undefined {
  const [pair = "", ...rest] = line.split(";");
  const [, name = "", value = ""] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
  // Of an attribute that is there twice, the last one holds.
  const attributes = new Map<string, string>();
  for (const attribute of rest) {
    const [key = "", ...text] = attribute.split("=");
    attributes.set(key.trim().toLowerCase(), text.join("=").trim());
  }
  const host = from.hostname;
  const domain = (attributes.get("domain") ?? "").replace(/^\./, "").toLowerCase() || host;
  const secure = attributes.has("secure");
  const path = attributes.get("path") ?? "";
  const refused =
    !name ||
    name.length + value.length > SIZE_LIMIT ||
    path.length > PATH_LIMIT ||
    // Characters that end a header, or are none.
    /[\0-\x08\n-\x1f\x7f]/.test(name + value) ||
    (domain !== host && !(domain.includes(".") && isBelow(host, domain))) ||
    // What travels in the clear could have been put there by anyone.
    (secure && from.protocol !== "https:");
  return refused
    ? undefined
    : {
        name,
        value,
        domain,
        hostOnly: domain === host && !(attributes.get("domain") && isName(host)),
        path: path.startsWith("/") ? path : defaultPath(from.pathname),
        secure,
        expires: expiry(attributes, now),
      };
}

/** Whether a host's name ends with a domain that it is part of. */
export function isBelow(host: string, domain: string): boolean {
  return isName(host) && host.endsWith(`.${domain}`);
}

function isName(host: string): boolean {
  return !/^[\d.]+$|:/.test(host);
}

/** The folder of the request. */
function defaultPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 1));
}

/** `Max-Age` comes before `Expires`; one that is no number or no date says nothing. */
function expiry(attributes: ReadonlyMap<string, string>, now: number): number {
  const age = attributes.get("max-age") ?? "";
  if (/^-?\d+$/.test(age)) {
    return now + Number(age) * 1000;
  }
  const date = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(date) ? Infinity : date;
}
