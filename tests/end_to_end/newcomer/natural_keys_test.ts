/** A database whose keys are personal: drafted, reviewed, planned and scrubbed where it is, without an edit. @module */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Result, runProgram } from "../../fleet/program.ts";
import { laptop } from "../scrub_url_stage.ts";

const engineNames = ["postgresql", "mysql"] as const;
const places = { postgresql: await laptop("postgresql"), mysql: await laptop("mysql") };
const folder = await Deno.makeTempDir();
Deno.test.afterAll(async () => {
  for (const engine of engineNames) await places[engine][Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

const schema = `
  CREATE TABLE users (email varchar(120) PRIMARY KEY, full_name varchar(80), invited_by varchar(120),
    CONSTRAINT inviter FOREIGN KEY (invited_by) REFERENCES users (email) ON UPDATE CASCADE);
  CREATE TABLE persons (id integer PRIMARY KEY, national_insurance_number varchar(13) NOT NULL UNIQUE, born date);
  CREATE TABLE claims (id integer PRIMARY KEY, claimant varchar(13) NOT NULL, owner varchar(120),
    CONSTRAINT claimed_by FOREIGN KEY (claimant) REFERENCES persons (national_insurance_number) ON UPDATE RESTRICT,
    CONSTRAINT owned_by FOREIGN KEY (owner) REFERENCES users (email));
  CREATE TABLE members (club integer NOT NULL, user_name varchar(40) NOT NULL, PRIMARY KEY (club, user_name));
  CREATE TABLE scores (id integer PRIMARY KEY, club integer, player varchar(40), points integer NOT NULL,
    CONSTRAINT played_by FOREIGN KEY (club, player) REFERENCES members (club, user_name) ON UPDATE CASCADE);
  INSERT INTO users VALUES ('ada@private.test', 'Ada Lovelace', NULL), ('grace@private.test', 'Grace Hopper', 'ada@private.test'),
    ('linus@private.test', 'Linus Pauling', 'grace@private.test');
  INSERT INTO persons VALUES (1, 'AB123456C', '1950-02-03'), (2, 'CE 12 34 57 D', '1961-04-05');
  INSERT INTO claims VALUES (1, 'AB123456C', 'ada@private.test'), (2, 'AB123456C', NULL), (3, 'CE 12 34 57 D', 'linus@private.test');
  INSERT INTO members VALUES (1, 'ada.lovelace'), (2, 'ada.lovelace'), (2, 'grace.hopper');
  INSERT INTO scores VALUES (1, 1, 'ada.lovelace', 5), (2, 2, 'ada.lovelace', 6), (3, 2, 'grace.hopper', 7), (4, NULL, NULL, 8)`;

const planted = ["@private.test", "AB123456C", "CE 12 34 57 D", "ada.lovelace", "grace.hopper"];

/** What belongs together, and in how many rows. */
const joins = [
  "SELECT count(*) AS n FROM users u JOIN users i ON i.email = u.invited_by",
  "SELECT c.id, p.id AS person FROM claims c JOIN persons p ON p.national_insurance_number = c.claimant ORDER BY c.id",
  "SELECT c.id FROM claims c JOIN users u ON u.email = c.owner ORDER BY c.id",
  "SELECT m.club, sum(s.points) AS points FROM scores s JOIN members m ON m.club = s.club AND m.user_name = s.player GROUP BY m.club ORDER BY m.club",
  "SELECT count(DISTINCT user_name) AS n FROM members",
];

const tables = ["users", "persons", "claims", "members", "scores"];

for (const engine of engineNames) {
  const { server, url } = places[engine];
  const run = (...args: readonly string[]): Promise<Result> => runProgram(args, { DATASCRUBBER_URL: url("club") });
  const contents = async (): Promise<string> => {
    const texts: string[] = [];
    for (const table of tables) texts.push(JSON.stringify(await server.run(`SELECT * FROM ${table}`, "club")));
    return texts.join("\n");
  };
  const joined = async () => {
    const found: unknown[] = [];
    for (const query of joins) found.push(await server.run(query, "club"));
    return found;
  };

  Deno.test(`${engine}: personal keys are drafted and scrubbed without an edit, and rows belong together as before`, async (t) => {
    const path = `${folder}/${engine}.yaml`;
    await server.run("CREATE DATABASE club");
    await server.run(schema, "club");

    await t.step("init leaves nothing to decide", async () => {
      const { code, stdout, stderr } = await run("init", path);
      assertEquals(code, 0, stdout + stderr);
      const text = await Deno.readTextFile(path);
      assertMatch(text, /^ {4}email: email # /m);
      assertMatch(text, /^ {4}national_insurance_number: nationalInsurance # /m);
      assertMatch(text, /^ {4}# claimant: follows persons\.national_insurance_number$/m);
    });

    await t.step("review accepts it, and plan says what follows which key", async () => {
      const reviewed = await run("review", "--rules", path);
      assertEquals(reviewed.code, 0, reviewed.stdout + reviewed.stderr);
      const planned = await run("plan", "--rules", path);
      assertEquals(planned.code, 0, planned.stdout + planned.stderr);
      assertMatch(planned.stdout.replaceAll(/\s+/g, " "), /owner email, follows users\.email/);
    });

    await t.step("after the scrub no old key is left, and every join gives the same", async () => {
      const [before, together] = [await contents(), await joined()];
      assertEquals(planted.filter((value) => !before.includes(value)), []);
      const { code, stdout, stderr } = await run(
        "scrub",
        "--rules",
        path,
        "--yes-scrub",
        "club",
        "--log-mode",
        "console",
      );
      assertEquals(code, 0, stdout + stderr);
      const after = await contents();
      assertEquals(planted.filter((value) => after.includes(value)), []);
      assertEquals(await joined(), together);
      assert(!planted.some((value) => (stdout + stderr).includes(value)));
    });
  });
}
