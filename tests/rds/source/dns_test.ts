/** From a host name to an RDS endpoint, with a real DNS server. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { candidates, parseResolvConf, resolveEndpoint } from "../../../lib/rds/source/dns.ts";
import { resolveSource } from "../../../lib/rds/source/source.ts";
import { startDns } from "../dns_server.ts";
import { failureOf, never, openLab } from "../local.ts";

const endpoint = "prod.c0ffee000000.eu-west-1.rds.amazonaws.com";

const records = {
  "mysql-primary.blue.internal": { alias: "mysql-primary.internal" },
  "mysql-primary.internal": { alias: "PROD.c0ffee000000.eu-west-1.RDS.amazonaws.com" },
  "peking.internal": { alias: "prod.c0ffee000000.cn-north-1.rds.amazonaws.com.cn" },
  // The endpoint's own alias, seen from outside its network: not to be followed.
  [endpoint]: { alias: "ec2-203-0-113-1.eu-west-1.compute.amazonaws.com" },
  "plain.blue.internal": { address: "192.0.2.1" },
  "plain.internal": { alias: endpoint },
  "leads-nowhere.internal": { alias: "www.example.com" },
  "www.example.com": { address: "192.0.2.2" },
  "round.internal": { alias: "and.internal" },
  "and.internal": { alias: "round.internal" },
} as const;

/** A resolv.conf in a file of its own. */
async function resolvConf(text: string): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempFile({ prefix: "resolv-" });
  await Deno.writeTextFile(path, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

Deno.test("resolveEndpoint() follows aliases with the resolver's search domains", async (t) => {
  await using dns = startDns(records);
  await using conf = await resolvConf("nameserver 192.0.2.53\nsearch blue.internal internal\n");
  for (
    const { name, host, found } of [
      { name: "a single label", host: "mysql-primary", found: endpoint },
      { name: "a whole name", host: "mysql-primary.internal", found: endpoint },
      { name: "a whole name with its dot", host: "mysql-primary.internal.", found: endpoint },
      { name: "capital letters", host: "MySQL-Primary", found: endpoint },
      { name: "an endpoint itself", host: `${endpoint}.`, found: endpoint },
      { name: "an endpoint in China", host: "peking", found: "prod.c0ffee000000.cn-north-1.rds.amazonaws.com.cn" },
    ]
  ) {
    await t.step(name, async () => {
      assertEquals(await resolveEndpoint(host, { server: dns.address, resolvConf: conf.path }, never), found);
    });
  }
});

Deno.test("resolveEndpoint() names what a name leads to instead", async (t) => {
  await using dns = startDns(records);
  await using conf = await resolvConf("search blue.internal internal\n");
  for (
    const { name, host, message = "", code = "dns" } of [
      {
        name: "nothing",
        host: "absent",
        message: '"absent.blue.internal", "absent.internal", "absent"',
      },
      // The resolver stops at the first name that exists.
      { name: "an address", host: "plain", message: '"plain.blue.internal"' },
      {
        name: "another host",
        host: "leads-nowhere",
        message: '"leads-nowhere.internal" > "www.example.com"',
      },
      { name: "itself", host: "round", message: '"round' },
      { name: "a URL", host: "postgres://host/db", code: "usage" },
      { name: "an IPv6 address", host: "::1", code: "usage" },
    ]
  ) {
    await t.step(name, async () => {
      const error = await failureOf(resolveEndpoint(host, { server: dns.address, resolvConf: conf.path }, never));
      assert(error instanceof ScrubError, error.stack);
      assertEquals(error.code, code);
      assertStringIncludes(error.message, message);
    });
  }
});

Deno.test("parseResolvConf() reads search domains and ndots", async (t) => {
  for (
    const { name, text, rules } of [
      { name: "nothing", text: "", rules: { search: [], ndots: 1 } },
      { name: "search", text: "search a.b  C.d.\n", rules: { search: ["a.b", "c.d"], ndots: 1 } },
      { name: "domain", text: "domain a.b\n", rules: { search: ["a.b"], ndots: 1 } },
      { name: "the last of both", text: "search a b\ndomain c\n", rules: { search: ["c"], ndots: 1 } },
      { name: "ndots", text: "options timeout:1 ndots:5\n", rules: { search: [], ndots: 5 } },
      { name: "at most 15 ndots", text: "options ndots:99\n", rules: { search: [], ndots: 15 } },
      { name: "comments", text: "# search x\n; search y\nsearch z # w\n", rules: { search: ["z"], ndots: 1 } },
    ]
  ) {
    await t.step(name, () => assertEquals(parseResolvConf(text), rules));
  }
});

Deno.test("candidates() come in the resolver's order", () => {
  const search = ["x", "y"];
  assertEquals(candidates("a", { search, ndots: 1 }), ["a.x", "a.y", "a"]);
  assertEquals(candidates("a.b", { search, ndots: 1 }), ["a.b", "a.b.x", "a.b.y"]);
  assertEquals(candidates("a.b", { search, ndots: 2 }), ["a.b.x", "a.b.y", "a.b"]);
});

Deno.test("resolveSource() by host name comes to the instance behind it, and its snapshot", async () => {
  await using lab = await openLab({ pageSize: 1 });
  await lab.local.addProduction({ id: "other", engine: "postgres" });
  await lab.local.addProduction({ id: "last", engine: "postgres" });
  await using dns = startDns({ "db.internal": { alias: lab.local.hostName("last") } });
  await using conf = await resolvConf("search internal\n");
  const request = { engine: "postgresql", kind: "host", value: "db" } as const;
  const options = { overrides: {}, dnsServer: dns.address, resolvConf: conf.path };
  const source = await resolveSource(lab.rds, request, options, never);
  assertEquals([source.name, source.snapshot.id.startsWith("rds:last-")], ["last", true]);
});
