/** Uploads a stream to S3 as one object, completely or not at all. @module */

import {
  AbortMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { awsClientConfig, type AwsEndpoint } from "../core/aws_client.ts";
import { ScrubError } from "../core/errors.ts";

/** How S3 encrypts an object; absent: as the bucket's default. */
export interface ObjectEncryption {
  readonly algorithm: "AES256" | "aws:kms";
  /** Absent: the AWS managed key for S3. */
  readonly kmsKey?: string;
}

/** An object to upload. */
export interface ObjectUpload {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly body: ReadableStream<Uint8Array>;
  readonly encryption?: ObjectEncryption;
}

/** How to reach S3. */
export interface S3Options {
  /** Absent: the AWS configuration's. */
  readonly region?: string;
  /** Milliseconds that one part may take. Default a minute. */
  readonly requestTimeout?: number;
  /** Attempts at a call in all. Default 5. */
  readonly maxAttempts?: number;
  /** Bytes of a part. S3 takes 10,000 of them. Default 32 MiB. */
  readonly partSize?: number;
  /** The account of the credentials, where it is known: S3 is asked whether the bucket is its own. */
  readonly account?: string;
  /** Absent: the AWS configuration's endpoint and credentials. */
  readonly endpoint?: AwsEndpoint;
}

/** An object that was uploaded. */
export interface UploadedObject {
  /** The size that S3 reports. */
  readonly bytes: number;
  /** The account that owns the bucket; `other`: not the given one; absent: not known. */
  readonly bucketOwner?: string;
}

const MIB = 1024 * 1024;

/**
 * Uploads a stream as one object, and gives what S3 reports of it. On any failure, also of the stream, there is no object and
 * there are no parts.
 *
 * @throws {ScrubError} `leftovers` if parts may be left in S3, else `export`, or the stream's own ScrubError.
 */
export async function uploadObject(
  upload: ObjectUpload,
  options: S3Options,
  signal: AbortSignal,
): Promise<UploadedObject> {
  signal.throwIfAborted();
  const { bucket, key, encryption } = upload;
  const place = `s3://${bucket}/${key}`;
  using client = makeClient(options);
  const watch = watchUpload(client.s3, signal);
  try {
    await new Upload({
      client: client.s3,
      params: {
        Bucket: bucket,
        Key: key,
        // Without the signal the library would read to the end after a part has failed.
        Body: upload.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), { signal: watch.stop }),
        ContentType: upload.contentType,
        ChecksumAlgorithm: "SHA256",
        ...(encryption && { ServerSideEncryption: encryption.algorithm }),
        ...(encryption?.kmsKey !== undefined && { SSEKMSKeyId: encryption.kmsKey }),
      },
      partSize: options.partSize ?? 32 * MIB,
      queueSize: 2,
    }).done();
    if (watch.doubtful()) await abortUnknown(client.s3, bucket, key);
    const head = await client.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
    const bucketOwner = await bucketOwnerOf(client.s3, { Bucket: bucket, Key: key }, options.account, signal);
    return { bytes: head.ContentLength ?? 0, ...(bucketOwner !== undefined && { bucketOwner }) };
  } catch (error) {
    watch.end();
    const uploadId = watch.open();
    if (uploadId !== undefined) await abortUpload(client.s3, { bucket, key, uploadId, place }, error);
    if (watch.doubtful()) await abortUnknown(client.s3, bucket, key);
    signal.throwIfAborted();
    throw explain(watch.first() ?? error, place);
  }
}

/**
 * Who owns the bucket of an object that may be read: S3 names no owner by account, but refuses a call that expects a wrong one.
 * Asks for no more rights than the upload. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
async function bucketOwnerOf(
  s3: S3Client,
  object: { readonly Bucket: string; readonly Key: string },
  account: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (account === undefined) return undefined;
  try {
    await s3.send(new HeadObjectCommand({ ...object, ExpectedBucketOwner: account }), { abortSignal: signal });
    return account;
  } catch (error) {
    signal.throwIfAborted();
    // The same call without this condition was answered.
    return statusOf(error) === 403 ? "other" : undefined;
  }
}

function makeClient(options: S3Options): { readonly s3: S3Client } & Disposable {
  const { region, maxAttempts = 5, requestTimeout = 60_000, endpoint } = options;
  const s3 = new S3Client(awsClientConfig({ region, maxAttempts, requestTimeout, endpoint }));
  return { s3, [Symbol.dispose]: () => s3.destroy() };
}

/** The state of an upload. */
interface UploadWatch {
  /** Aborted with the run's signal, and at the first call that fails. */
  readonly stop: AbortSignal;
  /** Aborts the remaining calls. */
  end(): void;
  /** The id of a multipart upload that is neither completed nor aborted. */
  open(): string | undefined;
  /** Whether there may be an upload whose id is not known, because the answer was lost. */
  doubtful(): boolean;
  /** The first error of a call. */
  first(): unknown;
}

/** Aborts every request at the first failure, except those that begin or abort an upload: their outcome has to be known. */
function watchUpload(s3: S3Client, signal: AbortSignal): UploadWatch {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  let first: unknown;
  let open: string | undefined;
  let doubtful = false;

  const { requestHandler } = s3.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options) => {
    const needed = request.method === "DELETE" || "uploads" in request.query;
    return handle(request, needed ? options : { ...options, abortSignal: stop });
  };

  s3.middlewareStack.add((next, { commandName }) => async (args) => {
    try {
      const answer = await next(args);
      if (commandName === "CreateMultipartUploadCommand") {
        open = uploadIdOf(answer.output);
        doubtful = (answer.output.$metadata.attempts ?? 1) > 1;
      }
      if (commandName === "AbortMultipartUploadCommand" || commandName === "CompleteMultipartUploadCommand") {
        open = undefined;
      }
      return answer;
    } catch (error) {
      first ??= error;
      if (commandName === "CreateMultipartUploadCommand") doubtful = true;
      failed.abort();
      throw error;
    }
  }, { step: "initialize", name: "watchUpload" });
  return { stop, end: () => failed.abort(), open: () => open, doubtful: () => doubtful, first: () => first };
}

/** Aborts an upload that the library could not abort. */
async function abortUpload(
  s3: S3Client,
  upload: { readonly bucket: string; readonly key: string; readonly uploadId: string; readonly place: string },
  cause: unknown,
): Promise<void> {
  try {
    await s3.send(
      new AbortMultipartUploadCommand({ Bucket: upload.bucket, Key: upload.key, UploadId: upload.uploadId }),
    );
  } catch (error) {
    if (nameOf(error) === "NoSuchUpload") return;
    throw new ScrubError(
      "leftovers",
      `Cannot abort the upload to "${upload.place}": S3 refuses (${nameOf(error)}), so that its parts are left`,
      `Abort it by hand: its upload id is "${upload.uploadId}". A lifecycle rule on incomplete uploads does it too.`,
      { cause },
    );
  }
}

/**
 * Aborts all uploads to this key, to which only this run writes. If this identity may not list uploads, only a lifecycle rule of
 * the bucket can do it.
 */
async function abortUnknown(s3: S3Client, bucket: string, key: string): Promise<void> {
  try {
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }));
    for (const { Key, UploadId } of Uploads) {
      if (Key === key) await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
  } catch {
    // There may be no upload at all.
  }
}

function uploadIdOf(output: object): string | undefined {
  return "UploadId" in output && typeof output.UploadId === "string" ? output.UploadId : undefined;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function explain(error: unknown, place: string): unknown {
  if (error instanceof ScrubError) return error;
  const name = nameOf(error);
  const hint = name === "NoSuchBucket"
    ? "Correct --s3-export: there is no such bucket."
    : /AccessDenied|Forbidden|SignatureDoesNotMatch|InvalidAccessKeyId/.test(name)
    ? "Allow s3:PutObject, s3:GetObject and s3:AbortMultipartUpload there, and the use of the bucket's key."
    : "Check that S3 can be reached from here, then run again.";
  return new ScrubError("export", `Cannot upload to "${place}": ${name}`, hint, { cause: error });
}

/** AWS's code, because its messages may quote data. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown reason";
  return "Code" in error && typeof error.Code === "string" ? error.Code : error.name;
}
