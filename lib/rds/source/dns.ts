/** Finds the RDS endpoint of a host name in DNS. @module */

import { ScrubError } from "../../core/errors.ts";

/** Which DNS server and configuration to use. */
export interface DnsOptions {
  /** `address` or `address:port` of a DNS server; absent: the system's. */
  readonly server?: string;
  /** The resolver's configuration. Default `/etc/resolv.conf`. */
  readonly resolvConf?: string;
}

/** How the resolver completes names. */
export interface SearchRules {
  readonly search: readonly string[];
  /** A name with so many dots is tried first as it is. */
  readonly ndots: number;
}

/** Endpoints of instances and clusters; China's end in `.com.cn`. */
const rdsEndpoint = /\.rds\.amazonaws\.com(\.cn)?$/;

/** Longer chains of aliases are refused. */
const maxAliases = 16;

/**
 * The RDS endpoint, in lower case, that a host name is or leads to by CNAMEs.
 *
 * @throws {ScrubError} `usage` if it is not a host name, `dns` if it leads to no RDS endpoint or DNS does not answer.
 */
export async function resolveEndpoint(host: string, options: DnsOptions, signal: AbortSignal): Promise<string> {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (!/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(name) || name.includes("..") || /^[\d.]+$/.test(name)) {
    throw new ScrubError(
      "usage",
      `Cannot find host ${JSON.stringify(host)}: it is not a host name`,
      "Give the name of a database host, not an address or a URL.",
    );
  }
  if (rdsEndpoint.test(name)) return name;
  const whole = host.endsWith(".") ? [name] : candidates(name, await readSearchRules(options));
  for (const candidate of whole) {
    const chain = await followAliases(candidate, options, signal);
    const last = chain.at(-1) ?? candidate;
    if (rdsEndpoint.test(last)) return last;
    if (chain.length > 1 || await hasAddress(candidate, options, signal)) {
      throw new ScrubError(
        "dns",
        `Cannot find host "${host}" in RDS: ${chain.map((link) => `"${link}"`).join(" > ")} is not an RDS endpoint`,
        "Give a name that is an alias (CNAME) of an RDS endpoint, or use the instance's own name.",
      );
    }
  }
  throw new ScrubError(
    "dns",
    `Cannot find host "${host}": no DNS record for ${whole.map((candidate) => `"${candidate}"`).join(", ")}`,
    "Check the spelling, or give the full name with its domain.",
  );
}

/** `search`, `domain` and `ndots` of a resolv.conf; the last entry counts (resolv.conf(5)). */
export function parseResolvConf(text: string): SearchRules {
  let search: readonly string[] = [];
  let ndots = 1;
  for (const line of text.split("\n")) {
    const [key, ...words] = line.replace(/[#;].*$/, "").trim().split(/\s+/);
    if (key === "search") search = words.filter((word) => word !== ".");
    if (key === "domain") search = words.slice(0, 1);
    if (key !== "options") continue;
    for (const word of words) {
      const [, dots] = /^ndots:(\d+)$/.exec(word) ?? [];
      if (dots !== undefined) ndots = Math.min(Number(dots), 15);
    }
  }
  return { search: search.map((domain) => domain.toLowerCase().replace(/^\.|\.$/g, "")), ndots };
}

/** The full names that the resolver tries for a name, in its order. */
export function candidates(name: string, rules: SearchRules): readonly string[] {
  const searched = rules.search.map((domain) => `${name}.${domain}`);
  return name.split(".").length - 1 >= rules.ndots ? [name, ...searched] : [...searched, name];
}

async function readSearchRules(options: DnsOptions): Promise<SearchRules> {
  try {
    return parseResolvConf(await Deno.readTextFile(options.resolvConf ?? "/etc/resolv.conf"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return parseResolvConf("");
    throw new ScrubError("dns", "Cannot read the resolver's configuration", "Make /etc/resolv.conf readable.", {
      cause: error,
    });
  }
}

/** The name and every alias after it, up to the first RDS endpoint (which has aliases of its own, outside the VPC). */
async function followAliases(name: string, options: DnsOptions, signal: AbortSignal): Promise<readonly string[]> {
  const chain = [name];
  for (let last = name; !rdsEndpoint.test(last);) {
    const [next] = await query(last, "CNAME", options, signal);
    if (next === undefined) return chain;
    last = next.toLowerCase().replace(/\.$/, "");
    if (chain.includes(last) || chain.length >= maxAliases) {
      throw new ScrubError(
        "dns",
        `Cannot find host "${name}": its aliases lead in a circle or too far (${chain.length} of them)`,
        "Fix the DNS records, or use the instance's own name.",
      );
    }
    chain.push(last);
  }
  return chain;
}

async function hasAddress(name: string, options: DnsOptions, signal: AbortSignal): Promise<boolean> {
  return (await query(name, "A", options, signal)).length > 0 ||
    (await query(name, "AAAA", options, signal)).length > 0;
}

async function query(
  name: string,
  type: "A" | "AAAA" | "CNAME",
  options: DnsOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(20_000)]);
  try {
    // With a dot at the end the resolver adds no search domains.
    return await Deno.resolveDns(`${name}.`, type, {
      signal: both,
      ...(options.server === undefined ? {} : { nameServer: parseServer(options.server) }),
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Deno.errors.NotFound) return [];
    throw new ScrubError(
      "dns",
      `Cannot find host "${name}": the DNS server does not answer`,
      "Check the resolver's configuration, or use the instance's own name.",
      { cause: error },
    );
  }
}

/** Splits `address[:port]`; an IPv6 address with a port is in brackets. */
function parseServer(server: string): { ipAddr: string; port?: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(server) ?? [];
  return { ipAddr: bracketed ?? plain ?? server, ...(port === undefined ? {} : { port: Number(port) }) };
}
