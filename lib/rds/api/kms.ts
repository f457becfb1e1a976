/** The calls of KMS that show whether a key can be used, and the one that signs. @module */

import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { ScrubError } from "../../core/errors.ts";
import { callAws, clientConfig, type RdsOptions } from "./client.ts";
import { unexpectedAnswer } from "./errors.ts";

/** What is known of a key. */
export interface Key {
  readonly arn: string;
  /** Whether AWS manages it, such as the account's default key for RDS: no other account can ever use it. */
  readonly awsManaged: boolean;
  readonly enabled: boolean;
  /** Whether it is an Ed25519 key for signatures. */
  readonly signs: boolean;
}

/** The most bytes that KMS signs as they are. https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
const longestMessage = 4096;

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
    const { KeyMetadata: key } = await callAws(action, (options) => this.#aws.send(command, options), signal);
    if (!key?.Arn || !key.KeyManager) throw unexpectedAnswer(action, "complete KeyMetadata");
    const signs = key.KeyUsage === "SIGN_VERIFY" && key.KeySpec === "ECC_NIST_EDWARDS25519";
    return { arn: key.Arn, awsManaged: key.KeyManager === "AWS", enabled: key.KeyState === "Enabled", signs };
  }

  /** A key's policy, as JSON. */
  async policy(arn: string, signal: AbortSignal): Promise<string> {
    const action = "kms:GetKeyPolicy";
    const command = new GetKeyPolicyCommand({ KeyId: arn, PolicyName: "default" });
    const { Policy } = await callAws(action, (options) => this.#aws.send(command, options), signal);
    if (!Policy) throw unexpectedAnswer(action, "Policy");
    return Policy;
  }

  /**
   * The Ed25519 signature of a message under a key.
   *
   * @throws {ScrubError} also `signing` for a message that KMS does not sign as it is.
   */
  async sign(id: string, message: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    if (message.length > longestMessage) {
      throw new ScrubError(
        "signing",
        `Cannot sign with the key "${id}": the statement has ${message.length} bytes, and KMS signs ${longestMessage} at most`,
        "Give fewer sources to a run, or sign with --sign-key.",
      );
    }
    const action = "kms:Sign";
    const command = new SignCommand({
      KeyId: id,
      Message: message,
      MessageType: "RAW",
      SigningAlgorithm: "ED25519_SHA_512",
    });
    const { Signature } = await callAws(action, (options) => this.#aws.send(command, options), signal);
    if (!Signature) throw unexpectedAnswer(action, "Signature");
    return Signature;
  }

  /** Closes idle connections. */
  [Symbol.dispose](): void {
    this.#aws.destroy();
  }
}
