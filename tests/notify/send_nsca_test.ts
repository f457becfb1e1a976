/** send_nsca, with a stand-in that keeps what it is given. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { ownAddress, sendNsca } from "../../lib/notify/send_nsca.ts";
import { standIn } from "./stand_in.ts";

const host = "monitoring.example";

Deno.test("sendNsca() hands the results over", async () => {
  await using program = await standIn();
  assertEquals(
    await sendNsca({ host, port: 5668, config: "/etc/x.cfg", program: program.path }, "a\tb\t0\tc d\n", 10_000),
    undefined,
  );
  assertEquals(await program.received(), "a\tb\t0\tc d\n");
  assertEquals(await program.arguments(), ["-H", host, "-p", "5668", "-c", "/etc/x.cfg"]);
});

for (
  const [what, script, limit, why] of [
    ["fails", "exit 2", 10_000, "ended with status 2"],
    ["hangs", "exec sleep 60", 50, "did not end in 0 seconds"],
  ] as const
) {
  Deno.test(`sendNsca() tells that the program ${what}`, async () => {
    await using program = await standIn(script);
    assertStringIncludes(await sendNsca({ host, program: program.path }, "x\n", limit) ?? "", why);
  });
}

Deno.test("sendNsca() tells that there is no such program", async () => {
  assertEquals(
    await sendNsca({ host, program: "/nowhere/send_nsca" }, "x\n", 10_000),
    'there is no program "/nowhere/send_nsca"',
  );
});

Deno.test("the machine's own address is none of loopback's or a container's", () => {
  const one = (name: string, family: "IPv4" | "IPv6", address: string): Deno.NetworkInterfaceInfo => ({
    name,
    family,
    address,
    netmask: "",
    scopeid: null,
    cidr: "",
    mac: "",
  });
  assertEquals(
    ownAddress([
      one("lo", "IPv4", "127.0.0.1"),
      one("eth0", "IPv6", "2001:db8::1"),
      one("docker0", "IPv4", "172.17.0.1"),
      one("eth0", "IPv4", "192.0.2.7"),
    ]),
    "192.0.2.7",
  );
});
