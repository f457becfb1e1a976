/** The HTTP endpoint: answers calls, and injects faults. @module */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { actions } from "./actions/mod.ts";
import type { Fault, Faults } from "./faults.ts";
import { isGranted } from "./iam.ts";
import { answerKms, denied, type KmsAnswer } from "./kms.ts";
import { element, Parameters, type Xml } from "./query.ts";
import type { RdsState } from "./state.ts";
import { ApiError } from "./api_error.ts";
import { requiredPermissions } from "./permissions.ts";

const namespace = ' xmlns="http://rds.amazonaws.com/doc/2014-10-31/"';

/** A listening endpoint. */
export interface Endpoint extends AsyncDisposable {
  readonly url: string;
}

/** Listens on loopback, at a free port unless one is given. */
export async function listen(rds: RdsState, faults: Faults, port = 0): Promise<Endpoint> {
  const server = createServer((request, response) => {
    answer(rds, faults, request, response).catch((error) => {
      rds.problems.push(error);
      request.socket.destroy();
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("Cannot listen: no address");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Faults instead of the call's effect. */
const withoutEffect: ReadonlySet<Fault> = new Set(["lost-before", "closed-before", "silent", "empty"]);

type Headers = IncomingMessage["headers"];

/** The HTTP answer; `outcome` is for the call log. */
interface Answer {
  readonly status: number;
  readonly body: string;
  readonly outcome: string;
}

async function answer(
  home: RdsState,
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const sent = await bodyOf(request);
  if (sent === undefined) return;
  response.setHeader("date", home.now().toUTCString());
  const signature = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? "");
  const [, caller, region = home.config.region] = signature ?? [];
  const rds = home.regions.get(region);
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") return answerJson(handleKms(rds ?? home, faults, target, sent), response);
  const parameters = new Parameters(sent);
  const action = parameters.text("Action") ?? "";
  const fault = faults.next(action, parameters.all());
  await faults.watcher?.({ action, when: "before", parameters: parameters.all() });
  const { status, body, outcome } = rds
    ? handle(rds, action, parameters, fault, request.headers)
    : refusal(unknownRegion);
  home.callLog.add({
    ...{ at: home.now(), action, region, parameters: parameters.all(), ignored: parameters.ignored(), outcome },
    ...(caller !== undefined && { caller }),
  });
  await faults.watcher?.({ action, when: "after", parameters: parameters.all() });
  if (outcome === "silent") return;
  if (outcome.startsWith("closed")) {
    request.socket.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "text/xml", "x-amzn-requestid": requestId(body) });
  if (outcome.startsWith("lost")) response.write("<", () => request.socket.destroy());
  else response.end(body);
}

function handle(
  rds: RdsState,
  action: string,
  parameters: Parameters,
  fault: Fault | undefined,
  headers: Headers,
): Answer {
  try {
    if (!headers.authorization) {
      throw new ApiError("MissingAuthenticationToken", "Request is missing Authentication Token");
    }
    checkTime(rds, headers["x-amz-date"]);
    const act = actions.get(action);
    if (!act) throw new ApiError("InvalidAction", `Could not find operation ${action} for version 2014-10-31`);
    if (typeof fault === "string" && withoutEffect.has(fault)) return { status: 200, body: "", outcome: fault };
    const error = errorOf(fault);
    if (error) throw error;
    authorise(rds, action, parameters);
    const ends = typeof fault === "object" && "ends" in fault ? fault.ends : undefined;
    const result = act(rds, parameters, ends);
    const outcome = fault === "lost-after" || fault === "closed-after" ? fault : "ok";
    return { status: 200, body: success(action, result), outcome };
  } catch (error) {
    if (error instanceof ApiError) return refusal(error);
    throw error;
  }
}

/** What a region answers that the account has not enabled. AWS Account Management Guide, "Enable or disable AWS Regions". */
const unknownRegion = new ApiError(
  "InvalidClientTokenId",
  "The security token included in the request is invalid.",
  403,
);

function refusal(error: ApiError): Answer {
  return { status: error.status, body: failure(error), outcome: error.code };
}

/** A signature is valid for 15 minutes before and after its time. */
function checkTime(rds: RdsState, signedAt: string | string[] | undefined): void {
  if (typeof signedAt !== "string") return;
  const time = Date.parse(signedAt.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5"));
  const now = rds.now();
  if (Math.abs(now.getTime() - time) <= 15 * 60_000) return;
  const passed = time < now.getTime() ? "Signature expired" : "Signature not yet current";
  throw new ApiError("SignatureDoesNotMatch", `${passed}: ${signedAt} is not near ${now.toISOString()}`, 403);
}

function authorise(rds: RdsState, action: string, parameters: Parameters): void {
  const { policies } = rds.config;
  if (policies === undefined) return;
  for (const permission of requiredPermissions(rds, action, parameters)) {
    if (isGranted(policies, permission)) continue;
    throw new ApiError(
      "AccessDenied",
      `User is not authorized to perform: ${permission.action} on resource: ${permission.resource}`,
    );
  }
}

function errorOf(fault?: Fault): ApiError | undefined {
  if (typeof fault === "object") {
    return "code" in fault
      ? new ApiError(fault.code, fault.message ?? "As a fault rule says.", fault.status)
      : undefined;
  }
  switch (fault) {
    case "throttle":
      return new ApiError("Throttling", "Rate exceeded");
    case "500":
      return new ApiError("InternalFailure", "An internal error has occurred.");
    case "503":
      return new ApiError("ServiceUnavailable", "The service is unavailable.");
    case "access-denied":
      return new ApiError("AccessDenied", "User is not authorized to perform this action.");
    case "expired-token":
      return new ApiError("ExpiredToken", "The security token included in the request is expired");
  }
}

function success(action: string, result: Xml): string {
  const metadata = { RequestId: crypto.randomUUID() };
  const answer = { ...(result === undefined ? {} : { [`${action}Result`]: result }), ResponseMetadata: metadata };
  return element(`${action}Response`, answer, namespace);
}

function failure({ code, message, status }: ApiError): string {
  const Error = { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message };
  return element("ErrorResponse", { Error, RequestId: crypto.randomUUID() }, namespace);
}

function handleKms(rds: RdsState, faults: Faults, target: string, body: string): KmsAnswer {
  const action = target.replace("TrentService.", "kms:");
  const fault = faults.next(action);
  const { region, account, policies } = rds.config;
  const key = String(Object(JSON.parse(body)).KeyId);
  const resource = key.startsWith("arn:") ? key : `arn:aws:kms:${region}:${account}:key/${key}`;
  const granted = policies === undefined || isGranted(policies, { action, resource, context: {} });
  const answer = fault === "access-denied" || !granted ? denied(target) : answerKms(rds.config, target, body);
  const outcome = answer.status === 200 ? "ok" : String(fault ?? "refused");
  rds.callLog.add({ at: rds.now(), action, region, parameters: {}, ignored: [], outcome });
  return answer;
}

function answerJson({ status, body }: KmsAnswer, response: ServerResponse): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(body);
}

/** SDKs take the id from the header, never from the body. */
function requestId(body: string): string {
  return /<RequestId>(.*?)<\/RequestId>/.exec(body)?.[1] ?? crypto.randomUUID();
}

/** Undefined if the client has closed the connection. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of request) text += decoder.decode(chunk, { stream: true });
  } catch {
    return undefined;
  }
  return text + decoder.decode();
}
