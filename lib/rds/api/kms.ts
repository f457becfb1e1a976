/** The calls of KMS that show whether a key can be used. Only reads. @module */

import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import { clientConfig, type RdsOptions } from "./client.ts";
import { toRdsError, unexpectedAnswer } from "./errors.ts";

/** What is known of a key. */
export interface Key {
  readonly arn: string;
  /** Whether AWS manages it, such as the account's default key for RDS: no other account can ever use it. */
  readonly awsManaged: boolean;
  readonly enabled: boolean;
}

/**
 * KMS as far as a run uses it. Every method throws the signal's reason once the signal is aborted.
 *
 * @throws {RdsError} `aws-credentials`, `aws-denied`, `aws-refused` or `aws-unavailable`, from every method.
 */
export class Kms implements Disposable {
  readonly #aws: KMSClient;

  constructor(options: Omit<RdsOptions, "log">) {
    this.#aws = new KMSClient(clientConfig(options));
  }

  /** A key by id, ARN or alias. */
  async key(id: string, signal: AbortSignal): Promise<Key> {
    const action = "kms:DescribeKey";
    const command = new DescribeKeyCommand({ KeyId: id });
    const { KeyMetadata: key } = await call(action, (options) => this.#aws.send(command, options), signal);
    if (!key?.Arn || !key.KeyManager) throw unexpectedAnswer(action, "complete KeyMetadata");
    return { arn: key.Arn, awsManaged: key.KeyManager === "AWS", enabled: key.KeyState === "Enabled" };
  }

  /** A key's policy, as JSON. */
  async policy(arn: string, signal: AbortSignal): Promise<string> {
    const action = "kms:GetKeyPolicy";
    const command = new GetKeyPolicyCommand({ KeyId: arn, PolicyName: "default" });
    const { Policy } = await call(action, (options) => this.#aws.send(command, options), signal);
    if (!Policy) throw unexpectedAnswer(action, "Policy");
    return Policy;
  }

  /** Closes idle connections. */
  [Symbol.dispose](): void {
    this.#aws.destroy();
  }
}

async function call<T>(
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
