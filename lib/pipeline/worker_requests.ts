import { createRds } from "../rds/api/client.ts";
import { Kms } from "../rds/api/kms.ts";
import { readEvidence, tagWithReport } from "../rds/snapshot/evidence_tag.ts";
import { overview } from "../rds/snapshot/overview.ts";
import { requireAccess } from "../rds/source/credentials.ts";
import { readIdentity } from "../rds/source/identity.ts";
import type { Log } from "../core/log.ts";
import { scrubbersWith } from "../scrub/rule_files/registry.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";
import { draftLive } from "./draft_live.ts";
import { finish } from "./finish.ts";
import { importLive } from "./import_live.ts";
import { adviseInPlace } from "./live_hints.ts";
import { isolate } from "./isolation.ts";
import { planLive, reviewLive } from "./live_database.ts";
import { sweep } from "./sweep.ts";
import type { WorkerRequest, WorkerResponse } from "../core/worker_request.ts";

type LiveRequest = Extract<WorkerRequest, { type: "review" | "init" | "import" | "plan" }>;

/** Runs one request. Throws a ScrubError, or the AWS client's error. */
export async function runWorkerRequest(
  request: WorkerRequest,
  scrubbers: readonly Scrubber[],
  log: Log,
  signal: AbortSignal,
): Promise<WorkerResponse> {
  switch (request.type) {
    case "review":
    case "init":
    case "import":
    case "plan":
      return await runLiveRequest(request, scrubbers, signal).catch((error) => {
        throw adviseInPlace(error);
      });
    default:
      return await runAwsRequest(request, log, signal);
  }
}

async function runLiveRequest(
  request: LiveRequest,
  scrubbers: readonly Scrubber[],
  signal: AbortSignal,
): Promise<WorkerResponse> {
  switch (request.type) {
    case "review": {
      const all = scrubbersWith(scrubbers, request.request.ruleFiles);
      return { type: "reviewed", review: await reviewLive(request.request, request.showValues, all, signal) };
    }
    case "init":
      return {
        type: "drafted",
        drafted: await draftLive(request.request, request.sample, scrubbers, signal),
      };
    case "import":
      return { type: "imported", imported: await importLive(request.request, signal) };
    case "plan":
      return {
        type: "planned",
        ...await planLive(request.request, scrubbersWith(scrubbers, request.request.ruleFiles), signal, request),
      };
    default:
      return request satisfies never;
  }
}

async function runAwsRequest(
  request: Exclude<WorkerRequest, LiveRequest>,
  log: Log,
  signal: AbortSignal,
): Promise<WorkerResponse> {
  using rds = createRds({ log, ...(request.region !== undefined && { region: request.region }) });
  await requireAccess(rds, signal);
  switch (request.type) {
    case "overview":
      return { type: "overview", region: await rds.region(signal), items: await overview(rds, signal) };
    case "evidence":
      return { type: "evidence", evidence: await readEvidence(rds, request.snapshot, signal) };
    case "sweep":
      return { type: "swept", ...await sweep(rds, request, log, signal) };
    case "finish": {
      const aws = await readIdentity(
        { log, ...(request.region !== undefined && { region: request.region }) },
        rds,
        signal,
      );
      return { type: "finished", aws, sources: [...await finish(rds, request, log, signal)] };
    }
    case "isolate":
      return { type: "isolated", outcome: await isolate(rds, request, log, signal) };
    case "tag":
      await tagWithReport(rds, request, { pollInterval: 1000 }, signal);
      return { type: "tagged" };
    case "sign": {
      using kms = new Kms(request.region === undefined ? {} : { region: request.region });
      const signature = await kms.sign(request.key, Uint8Array.fromBase64(request.message), signal);
      return { type: "signed", signature: signature.toBase64() };
    }
    default:
      return request satisfies never;
  }
}
