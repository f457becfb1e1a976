/** AWS credentials are found wherever the AWS CLI finds them, with no more permissions than an executable has. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { permissions } from "../../scripts/compile/permissions.ts";
import { root } from "../../scripts/compile/bundle.ts";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { keys, startStandIn } from "./aws_stand_in.ts";
import { testedExecutable } from "./executable.ts";
import { canCompile } from "./tools.ts";

const rds = await startLocalRds({ servers: false });
await rds.addProduction({ id: "prod", engine: "postgres" });
const standIn = startStandIn();
Deno.test.afterAll(async () => {
  await standIn[Symbol.asyncDispose]();
  await rds[Symbol.asyncDispose]();
});

const folder = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));
const fromSource = [Deno.execPath(), "run", "--no-prompt", ...permissions.map(({ flag }) => flag), `${root}/main.ts`];
const programs: Readonly<Record<string, readonly string[]>> = {
  "from its source": fromSource,
  ...(canCompile && { "as an executable": [(await testedExecutable()).path] }),
};

interface Way {
  readonly way: string;
  /** The access key that RDS is to see. */
  readonly key: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Files by their path below HOME. */
  readonly files?: Readonly<Record<string, string>>;
  /** What the stand-in has to be asked. */
  readonly asked?: string;
}

const keyPair = (key: string) => `aws_access_key_id = ${key}\naws_secret_access_key = secret\n`;
const role = "role_arn = arn:aws:iam::111122223333:role/scrubber\n";
const ssoToken = JSON.stringify({
  startUrl: "https://sso.example.com/start",
  region: "eu-west-1",
  accessToken: "sso-token",
  expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
});
const ssoProfile = "sso_session = staff\nsso_account_id = 111122223333\nsso_role_name = scrubber\n";

const ways: readonly Way[] = [
  {
    way: "the environment",
    key: "AKENV",
    environment: { AWS_ACCESS_KEY_ID: "AKENV", AWS_SECRET_ACCESS_KEY: "secret" },
  },
  { way: "the default profile", key: "AKDEFAULT", files: { ".aws/credentials": `[default]\n${keyPair("AKDEFAULT")}` } },
  {
    way: "a named profile",
    key: "AKNAMED",
    environment: { AWS_PROFILE: "scrub" },
    files: { ".aws/credentials": `[default]\n${keyPair("AKDEFAULT")}[scrub]\n${keyPair("AKNAMED")}` },
  },
  {
    way: "files elsewhere",
    key: "AKELSEWHERE",
    environment: { AWS_SHARED_CREDENTIALS_FILE: "HOME/elsewhere" },
    files: { elsewhere: `[default]\n${keyPair("AKELSEWHERE")}` },
  },
  {
    way: "an assumed role",
    key: keys.role,
    environment: { AWS_PROFILE: "scrub" },
    files: {
      ".aws/config": `[profile scrub]\n${role}source_profile = base\n`,
      ".aws/credentials": `[base]\n${keyPair("AKBASE")}`,
    },
    asked: "POST AssumeRole",
  },
  {
    way: "a role assumed with the instance's own",
    key: keys.role,
    environment: { AWS_PROFILE: "scrub", AWS_EC2_METADATA_DISABLED: "false" },
    files: { ".aws/config": `[profile scrub]\n${role}credential_source = Ec2InstanceMetadata\n` },
    asked: "POST AssumeRole",
  },
  {
    way: "a web identity",
    key: keys.web,
    environment: {
      AWS_WEB_IDENTITY_TOKEN_FILE: "HOME/token",
      AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/scrubber",
    },
    files: { token: "web-token" },
    asked: "POST AssumeRoleWithWebIdentity",
  },
  {
    way: "the SSO cache",
    key: keys.sso,
    environment: { AWS_PROFILE: "scrub" },
    files: {
      ".aws/config":
        `[profile scrub]\n${ssoProfile}[sso-session staff]\nsso_start_url = https://sso.example.com/start\nsso_region = eu-west-1\n`,
      [`.aws/sso/cache/${await sha1("staff")}.json`]: ssoToken,
    },
    asked: "GET /federation/credentials",
  },
  {
    way: "credential_process",
    key: "AKPROCESS",
    environment: { AWS_PROFILE: "scrub" },
    files: {
      ".aws/config": "[profile scrub]\ncredential_process = cat HOME/printed\n",
      printed: JSON.stringify({ Version: 1, AccessKeyId: "AKPROCESS", SecretAccessKey: "secret" }),
    },
  },
  {
    way: "a container's agent",
    key: keys.container,
    environment: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${standIn.url}/container`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "container-token",
    },
    asked: "GET /container",
  },
  {
    way: "EC2's metadata, with a token (IMDSv2)",
    key: keys.instance,
    environment: { AWS_EC2_METADATA_DISABLED: "false" },
    asked: "PUT /latest/api/token",
  },
];

for (
  const [how, program, { way, key, environment = {}, files = {}, asked }] of Object.entries(programs).flatMap(
    ([how, program]) => ways.map((way) => [how, program, way] as const),
  )
) {
  Deno.test(`credentials are found in ${way}, ${how}`, async () => {
    const calls = rds.callLog.calls().length;
    const questions = standIn.asked.length;
    const { code, stderr } = await dryRun(program, environment, files);
    assertEquals(code, 0, stderr);
    assertEquals([...new Set(rds.callLog.calls().slice(calls).map(({ caller }) => caller))], [key]);
    if (asked !== undefined) assertEquals(standIn.asked.slice(questions).includes(asked), true);
  });
}

Deno.test("without credentials it says so", async () => {
  const { code, stderr } = await dryRun(fromSource, {}, {});
  assertEquals(code, 2, stderr);
  assertStringIncludes(stderr.toLowerCase(), "credentials");
});

/** A dry run with an executable's permissions, and an environment of nothing but this. */
async function dryRun(
  [program = "", ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
) {
  const home = await Deno.makeTempDir();
  const here = (text: string) => text.replaceAll("HOME", home);
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(`${home}/${path}`.replace(/\/[^/]+$/, ""), { recursive: true });
      await Deno.writeTextFile(`${home}/${path}`, here(text));
    }
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args: [...args, "--postgresql-instances", "prod", "--dry-run", "--log-mode", "console"],
      clearEnv: true,
      env: {
        PATH: "/usr/bin:/bin",
        HOME: home,
        DENO_DIR: Deno.env.get("DENO_DIR") ?? `${root}/.tools/deno-cache`,
        AWS_REGION: "eu-west-1",
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_EC2_METADATA_SERVICE_ENDPOINT: standIn.url,
        AWS_ENDPOINT_URL_RDS: rds.url,
        AWS_ENDPOINT_URL_STS: standIn.url,
        AWS_ENDPOINT_URL_SSO: standIn.url,
        ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, here(value)])),
      },
    }).output();
    return { code, stderr: new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout) };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

async function sha1(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text))).toHex();
}
