/** What an executable may do: fixed when it is compiled, the least that its features need. @module */

/** One row of the table. */
export interface Permission {
  readonly flag: string;
  readonly why: string;
}

/** Every permission that is granted. What is not here is refused without a question. */
export const permissions: readonly Permission[] = [
  { flag: "--allow-net", why: "AWS, the databases, DNS, and a webhook, whose addresses are known at run time only" },
  { flag: "--allow-env", why: "options, and all that AWS's credential chain reads" },
  { flag: "--allow-read", why: "files that options name, AWS's configuration and SSO cache, the system log's socket" },
  { flag: "--allow-write", why: "reports and metrics that options name, a CA file for dumps, the system log's socket" },
  {
    flag: "--allow-sys=osRelease,homedir,uid,networkInterfaces",
    why: "the AWS client's user agent, its files, also where HOME is unset, and this machine's address for Icinga",
  },
  {
    flag: "--allow-run",
    why: "credential_process of an AWS profile, and the programs that options name, such as pg_dump",
  },
];

/** What is refused, for the README. Deno grants none of it unless told to. */
export const refused = "ffi, code from elsewhere (--allow-import), and the special files of /proc, /dev and /sys";

/** The README's table of permissions, in lines. */
export function permissionsTable(): readonly string[] {
  const rows = permissions.map(({ flag, why }) => `| \`${flag}\` | ${why} |`);
  return ["| permission | why |", "| --- | --- |", ...rows, "", `Refused: ${refused}.`];
}
