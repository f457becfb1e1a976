/** The database server, or somebody at it, breaks the scrub in the middle: no snapshot, no workspace, and the reason. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { heldDatabase, type HeldEngine, type HeldScrub, heldStage, holdScrub } from "../end_to_end/held_scrub.ts";
import { instances, leftIn, nothing, receiver } from "../end_to_end/stage.ts";
import { startProgram } from "../fleet/program.ts";
import { makeAuthority } from "../../scripts/local_rds/certificate.ts";

interface Breaking {
  readonly what: string;
  readonly act: (held: HeldScrub) => unknown;
  /** Whether it ends every session there is: then any of their tables may be the first to say so. */
  readonly all?: true;
  readonly why: RegExp;
}

const breakings: Readonly<Record<HeldEngine, readonly Breaking[]>> = {
  postgresql: [
    {
      what: "the server is killed",
      all: true,
      act: ({ server }) => Deno.kill(server.pid, "SIGQUIT"),
      why: /the connection is lost, and with it the session's pseudonym key/,
    },
    {
      what: "the server crashes and starts again",
      all: true,
      // The postmaster ends all sessions when one of them crashes, recovers, and takes connections again.
      act: ({ holder }) => Deno.kill(holder, "SIGKILL"),
      why: /the connection is lost, and with it the session's pseudonym key/,
    },
    {
      what: "somebody cancels the statement",
      act: ({ server, waiter }) => server.run(`SELECT pg_cancel_backend(${waiter})`),
      why: /the statement was cancelled \(57014\)/,
    },
    {
      what: "somebody ends the session",
      act: ({ server, waiter }) => server.run(`SELECT pg_terminate_backend(${waiter})`),
      why: /the connection is lost, and with it the session's pseudonym key/,
    },
  ],
  mysql: [
    {
      what: "the server is killed",
      all: true,
      act: ({ server }) => Deno.kill(server.pid, "SIGKILL"),
      why: /the connection was lost, and the pseudonym key with it/,
    },
    {
      what: "the server shuts down",
      all: true,
      act: ({ server }) => server.run("SHUTDOWN"),
      why: /the connection was lost, and the pseudonym key with it|the statement was stopped/,
    },
    {
      what: "somebody stops the statement",
      act: ({ server, waiter }) => server.run(`KILL QUERY ${waiter}`),
      why: /the statement was stopped \(ER_QUERY_INTERRUPTED\)/,
    },
    {
      what: "somebody ends the session",
      act: ({ server, waiter }) => server.run(`KILL CONNECTION ${waiter}`),
      why: /the connection was lost, and the pseudonym key with it/,
    },
  ],
};

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`${engine}: a scrub that is broken at the server ends with status 1, and leaves nothing`, async (t) => {
    await using rds = await heldStage(engine);

    for (const { what, act, all, why } of breakings[engine]) {
      await t.step(what, async () => {
        const held = await holdScrub(rds, engine, ["--share-with", receiver]);
        await act(held);
        const { code, stdout, stderr } = await held.program.ended();
        assertEquals(code, 1, stderr);
        const [, said = ""] = /^.*: (Cannot [^\n]+)/m.exec(stdout) ?? [];
        assertStringIncludes(said, `${all ? "" : " users"} in database "${heldDatabase[engine]}": `);
        assertMatch(said, why);
        assertEquals(await leftIn(rds), nothing);
        await held.over;
      });
    }

    await t.step("a server that cannot prove its name", async () => {
      const folder = await Deno.makeTempDir();
      try {
        await Deno.writeTextFile(`${folder}/ca.pem`, (await makeAuthority()).ca);
        const source = [`--${engine}-instances`, instances[engine], "--tls-ca", `${folder}/ca.pem`];
        const fast = ["--poll-interval", "0.02", "--log-mode", "console"];
        const { code, stdout, stderr } = await startProgram([...source, ...fast], rds.environment).ended();
        assertEquals(code, 1, stderr);
        assertMatch(stdout, /Cannot trust the server|certificate is not trusted, or is for another host name/);
        assertEquals(await leftIn(rds), nothing);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    });
  });
}
