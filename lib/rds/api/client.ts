/**
 * Makes clients of the RDS API: typed, with timeouts, logged without secrets. They use the SDK's single commands, not its class of all
 * calls, so that a bundle leaves out the rest.
 *
 * @module
 */

import { RDSClient } from "@aws-sdk/client-rds";
import { type AwsClientConfig, awsClientConfig, type AwsEndpoint } from "../../core/aws_client.ts";
import type { Log } from "../../core/log.ts";
import type { DeploymentKind } from "../../core/settings.ts";
import { toRdsError } from "./errors.ts";
import { ClusterRds } from "./clusters.ts";
import { InstanceRds } from "./instances.ts";
import type { Rds } from "./rds.ts";

export type { CreateCall, LogFile, Quota, Rds, RestoreCall, SnapshotQuery } from "./rds.ts";

/** How to reach RDS. */
export interface RdsOptions {
  /** Absent: the AWS configuration's. */
  readonly region?: string;
  readonly log: Pick<Log, "debug">;
  /** Attempts at a call in all; the SDK waits between them, up to 20 seconds. Default 8. */
  readonly maxAttempts?: number;
  /** Milliseconds that one attempt may take. Default 30 seconds. */
  readonly requestTimeout?: number;
  /** Absent: the AWS configuration's endpoint and credentials. */
  readonly endpoint?: AwsEndpoint;
}

/** Makes a client, for DB instances. Each worker has its own: the SDK counts retries by client. */
export function createRds(options: RdsOptions): Rds {
  const aws = new RDSClient(clientConfig(options));
  const inRegion = (region: string) => createRds({ ...options, region });
  const make = (kind: DeploymentKind): Rds => new classes[kind](aws, options.log, { make, inRegion });
  return make("instance");
}

const classes = { instance: InstanceRds, cluster: ClusterRds } as const;

/** The configuration of a client of RDS, KMS or STS. */
export function clientConfig(
  { region, maxAttempts = 8, requestTimeout = 30_000, endpoint }: Omit<RdsOptions, "log">,
): AwsClientConfig {
  return awsClientConfig({ region, maxAttempts, requestTimeout, endpoint });
}

/**
 * Sends a call of another service.
 *
 * @throws {RdsError} if it fails; the signal's reason once it is aborted.
 */
export async function callAws<T>(
  action: string,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await send({ abortSignal: signal });
  } catch (error) {
    signal.throwIfAborted();
    throw toRdsError(action, error);
  }
}
