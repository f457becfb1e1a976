/** The calls of KMS that tell whether a key can serve: reads only. @module */

import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import type { RdsOptions } from "./client.ts";
import { toRdsError, unexpectedAnswer } from "./errors.ts";

/** What is known of a key. */
export interface Key {
  readonly arn: string;
  /** AWS made it and manages it, such as the account's default key of RDS: nobody else can ever use it. */
  readonly awsManaged: boolean;
  readonly enabled: boolean;
}

/** KMS as far as we use it. Every method throws `RdsFault`, or the signal's reason. */
export class Kms implements Disposable {
  readonly #aws: KMSClient;

  constructor(options: Omit<RdsOptions, "log">) {
    const { endpoint, requestTimeout = 30_000 } = options;
    this.#aws = new KMSClient({
      region: options.region,
      maxAttempts: options.maxAttempts ?? 8,
      requestHandler: {
        connectionTimeout: Math.min(10_000, requestTimeout),
        requestTimeout,
        throwOnRequestTimeout: true,
        socketTimeout: requestTimeout,
      },
      ...(endpoint && {
        endpoint: endpoint.url,
        credentials: { accessKeyId: endpoint.accessKeyId, secretAccessKey: endpoint.secretAccessKey },
      }),
    });
  }

  /** A key by id, ARN or alias. */
  async key(id: string, signal: AbortSignal): Promise<Key> {
    const action = "kms:DescribeKey";
    try {
      const { KeyMetadata: key } = await this.#aws.send(new DescribeKeyCommand({ KeyId: id }), { abortSignal: signal });
      if (!key?.Arn || !key.KeyManager) throw unexpectedAnswer(action, "complete KeyMetadata");
      return { arn: key.Arn, awsManaged: key.KeyManager === "AWS", enabled: key.KeyState === "Enabled" };
    } catch (error) {
      signal.throwIfAborted();
      throw toRdsError(action, error);
    }
  }

  /** A key's policy, as JSON. */
  async policy(arn: string, signal: AbortSignal): Promise<string> {
    const action = "kms:GetKeyPolicy";
    try {
      const answer = await this.#aws.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: "default" }), {
        abortSignal: signal,
      });
      if (!answer.Policy) throw unexpectedAnswer(action, "Policy");
      return answer.Policy;
    } catch (error) {
      signal.throwIfAborted();
      throw toRdsError(action, error);
    }
  }

  /** Closes idle connections. */
  [Symbol.dispose](): void {
    this.#aws.destroy();
  }
}
