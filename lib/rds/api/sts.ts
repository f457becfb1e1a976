/** The call of STS that says whose credentials these are. @module */

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { callAws, clientConfig, type RdsOptions } from "./client.ts";
import { unexpectedAnswer } from "./errors.ts";

/** Whose credentials a client has. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
}

/** STS as far as a run uses it. */
export class Sts implements Disposable {
  readonly #aws: STSClient;

  constructor(options: Omit<RdsOptions, "log">) {
    this.#aws = new STSClient(clientConfig(options));
  }

  /**
   * Whose credentials these are. Needs no permission.
   *
   * @throws {RdsError} if STS does not say so; the signal's reason once it is aborted.
   */
  async caller(signal: AbortSignal): Promise<Caller> {
    const action = "sts:GetCallerIdentity";
    const command = new GetCallerIdentityCommand({});
    const { Account: account, Arn: arn } = await callAws(action, (options) => this.#aws.send(command, options), signal);
    if (!account || !arn) throw unexpectedAnswer(action, "Account and Arn");
    return { account, arn };
  }

  /** Closes idle connections. */
  [Symbol.dispose](): void {
    this.#aws.destroy();
  }
}
