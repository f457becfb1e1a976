/** Stands in for all places but RDS that AWS hands out credentials at: STS, SSO, a container's agent, EC2's metadata. @module */

/** A running stand-in. */
export interface StandIn extends AsyncDisposable {
  readonly url: string;
  /** What it was asked, such as `PUT /latest/api/token`. */
  readonly asked: readonly string[];
}

const expiration = new Date(Date.now() + 3_600_000).toISOString();

/** The access key that each place hands out. */
export const keys = {
  role: "AKROLE",
  web: "AKWEB",
  container: "AKCONTAINER",
  instance: "AKINSTANCE",
  sso: "AKSSO",
} as const;

/** Listens on loopback. */
export function startStandIn(): StandIn {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const action = new URLSearchParams(await request.text()).get("Action");
    asked.push(`${request.method} ${action ?? pathname}`);
    return answer(request, pathname, action);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function answer(request: Request, path: string, action: string | null): Response {
  if (action === "AssumeRole") return assumed(action, keys.role);
  if (action === "AssumeRoleWithWebIdentity") return assumed(action, keys.web);
  const { headers, method } = request;
  if (path === "/container") {
    return headers.get("authorization") === "container-token" ? json(keys.container) : refused.clone();
  }
  if (path === "/latest/api/token" && method === "PUT") {
    return new Response("metadata-token", { headers: { "x-aws-ec2-metadata-token-ttl-seconds": "21600" } });
  }
  if (path.startsWith("/latest/meta-data/iam/security-credentials/")) {
    if (headers.get("x-aws-ec2-metadata-token") !== "metadata-token") return refused.clone();
    return path.endsWith("/") ? new Response("bastion-role") : json(keys.instance);
  }
  if (path === "/federation/credentials" && headers.get("x-amz-sso_bearer_token") === "sso-token") {
    return Response.json({
      roleCredentials: {
        accessKeyId: keys.sso,
        secretAccessKey: "secret",
        sessionToken: "session",
        expiration: Date.now() + 3_600_000,
      },
    });
  }
  return new Response("", { status: 404 });
}

const refused = new Response("", { status: 401 });

function json(key: string): Response {
  const Code = "Success";
  return Response.json({ Code, AccessKeyId: key, SecretAccessKey: "secret", Token: "session", Expiration: expiration });
}

function assumed(action: string, key: string): Response {
  return new Response(
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>` +
      `<AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/scrubber/x</Arn><AssumedRoleId>A:x</AssumedRoleId></AssumedRoleUser>` +
      `<Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>` +
      `<SessionToken>session</SessionToken><Expiration>${expiration}</Expiration></Credentials>` +
      `</${action}Result></${action}Response>`,
    { headers: { "content-type": "text/xml" } },
  );
}
