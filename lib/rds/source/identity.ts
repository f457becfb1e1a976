/** Where in AWS a run works, and as whom: for the report, so that nothing depends on it. @module */

import type { AwsReport } from "../../core/report.ts";
import type { Rds, RdsOptions } from "../api/client.ts";
import { RdsError } from "../api/errors.ts";
import { Sts } from "../api/sts.ts";

/** STS is not worth a long wait: a network without a way to it is no obstacle to a run. */
const attempts = 2;
const requestTimeout = 3000;

/** Asks STS whose credentials these are. Where it does not say, the report says why. */
export async function readIdentity(
  { log, ...options }: RdsOptions,
  rds: Pick<Rds, "region">,
  signal: AbortSignal,
): Promise<AwsReport> {
  const region = await rds.region(signal);
  using sts = new Sts({
    ...options,
    maxAttempts: Math.min(attempts, options.maxAttempts ?? attempts),
    requestTimeout: Math.min(requestTimeout, options.requestTimeout ?? requestTimeout),
  });
  try {
    const { account, arn } = await sts.caller(signal);
    log.debug(`sts:GetCallerIdentity: ${arn}`);
    return { region, account, caller: arn };
  } catch (error) {
    if (!(error instanceof RdsError)) throw error;
    log.debug(error.message);
    return { region, unknown: error.message };
  }
}
