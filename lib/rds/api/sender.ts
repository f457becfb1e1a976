/** Sends the commands of the AWS client for RDS: logged without secrets, its errors as RdsError, lists page by page. @module */

import type {
  $Command,
  RDSClient,
  RDSClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from "@aws-sdk/client-rds";
import type { Log } from "../../core/log.ts";
import { toRdsError, unexpectedAnswer } from "./errors.ts";
import { formatParams } from "./messages.ts";

/** A command of the SDK. */
export type Command<I extends ServiceInputTypes, O extends ServiceOutputTypes> = $Command<
  I,
  O,
  RDSClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;

/** Sends commands. Every method throws the signal's reason once the signal is aborted, and an RdsError where a call fails. */
export class Sender {
  readonly #aws: RDSClient;
  readonly #log: Pick<Log, "debug">;

  constructor(aws: RDSClient, log: Pick<Log, "debug">) {
    this.#aws = aws;
    this.#log = log;
  }

  /** All records of a list, page by page. An answer without a list, or a marker that comes twice, is an error. */
  async list<I extends ServiceInputTypes, O extends ServiceOutputTypes & { readonly Marker?: string }, T>(
    action: string,
    command: (marker: string | undefined) => Command<I, O>,
    pageOf: (answer: O) => readonly T[] | undefined,
    signal: AbortSignal,
  ): Promise<readonly T[]> {
    const records: T[] = [];
    const seen = new Set<string>();
    let marker: string | undefined;
    while (true) {
      const answer: O = await this.send(action, command(marker), [], signal);
      const page = pageOf(answer);
      if (page === undefined) throw unexpectedAnswer(action, "list");
      records.push(...page);
      marker = answer.Marker || undefined;
      if (marker === undefined) return records;
      if (seen.has(marker)) throw unexpectedAnswer(action, "last page");
      seen.add(marker);
    }
  }

  /** Sends one command. `required`: what the answer must have. `secret`: what neither the log nor an error may have. */
  async send<I extends ServiceInputTypes, O extends ServiceOutputTypes, K extends keyof O & string>(
    action: string,
    command: Command<I, O>,
    required: readonly K[],
    signal: AbortSignal,
    secret?: string,
  ): Promise<O & { readonly [key in K]: NonNullable<O[key]> }> {
    signal.throwIfAborted();
    const started = performance.now();
    const log = (outcome: string) => {
      const milliseconds = Math.round(performance.now() - started);
      this.#log.debug(`rds:${action}${formatParams(command.input)}: ${outcome}, ${milliseconds} ms`);
    };
    let answer: O;
    try {
      answer = await this.#aws.send(command, { abortSignal: signal });
      log("answered");
    } catch (cause) {
      signal.throwIfAborted();
      const error = toRdsError(action, cause, secret);
      log(error.awsCode);
      throw error;
    }
    if (hasAll(answer, required)) return answer;
    throw unexpectedAnswer(action, required.join(", "));
  }
}

function hasAll<O, K extends keyof O>(
  answer: O,
  keys: readonly K[],
): answer is O & { [key in K]: NonNullable<O[key]> } {
  return keys.every((key) => answer[key]);
}
