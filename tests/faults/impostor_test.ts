/** Whoever cannot prove to be the database gets no user name and no password. @module */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ScrubError } from "../../lib/core/errors.ts";
import { type Authority, makeAuthority } from "../../scripts/local_rds/certificate.ts";
import { engineNamed, engineNames, never } from "../scrub/scrub_fixture.ts";
import { type Offer, startImpostor } from "./impostor.ts";
import type { EngineName } from "../../lib/core/engine_name.ts";

const trusted = await makeAuthority();
const stranger = await makeAuthority();
const login = { user: "master-of-the-test", password: "PasswordOfTheTest1" };

interface Case {
  readonly what: string;
  readonly offer: () => Promise<Offer>;
  readonly why: Readonly<Record<EngineName, RegExp>>;
}

function certificate(authority: Authority, name: string): () => Promise<Offer> {
  return () => authority.issue([name]);
}

const cases: readonly Case[] = [
  {
    what: "offers no TLS",
    offer: () => Promise.resolve("no TLS"),
    why: {
      postgresql: /^Cannot trust the server at "localhost:\d+": it offers no TLS/,
      mysql: /^Cannot log in at "localhost:\d+": the server offers no TLS/,
    },
  },
  {
    what: "shows a certificate of an unknown CA",
    offer: certificate(stranger, "localhost"),
    why: {
      postgresql: /^Cannot trust the server at "localhost:\d+": no known CA vouches for its certificate$/,
      mysql: /^Cannot log in at "localhost:\d+": the server's certificate is not trusted, or is for another host name/,
    },
  },
  {
    what: "shows a certificate for another host name",
    offer: certificate(trusted, "other.example"),
    why: {
      postgresql: /^Cannot trust the server at "localhost:\d+": its certificate is for another name than "localhost"$/,
      mysql: /^Cannot log in at "localhost:\d+": the server's certificate is not trusted, or is for another host name/,
    },
  },
];

for (const name of engineNames) {
  const engine = engineNamed(name);

  for (const { what, offer, why } of cases) {
    Deno.test(`${name}: a server that ${what} is refused before anything of the login is sent`, async () => {
      await using impostor = startImpostor(name, await offer());
      const target = { host: "localhost", port: impostor.port, ca: trusted.ca, ...login };
      const error = await assertRejects(() => engine.login(target, never), ScrubError);
      assertMatch(error.message, why[name]);
      assertEquals(error.hint.length > 0, true);
      const { inClear, inSecret } = await impostor.end();
      assertEquals(inSecret, "");
      // A client may go on to shake hands for TLS with whoever offers none.
      assert(inClear === "" || inClear.startsWith("\x16"), JSON.stringify(inClear));
      for (const secret of Object.values(login)) assertEquals(inClear.includes(secret), false);
    });
  }

  Deno.test(`${name}: a server that proves its name gets the login, through TLS alone`, async () => {
    await using impostor = startImpostor(name, await trusted.issue(["localhost"]));
    const target = { host: "localhost", port: impostor.port, ca: trusted.ca, ...login };
    await assertRejects(() => engine.login(target, never), ScrubError);
    const { inClear, inSecret } = await impostor.end();
    assertEquals([inClear, inSecret.includes(login.user)], ["", true]);
    // MySQL's protocol has no way to ask for it in plain text that the driver would follow.
    if (name === "postgresql") assertEquals(inSecret.includes(login.password), true);
  });
}
