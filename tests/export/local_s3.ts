/** A stand-in for S3: the few calls of an upload, with parts, checksums, aborts and faults. @module */

import { createHash } from "node:crypto";
import type { S3Options } from "../../lib/export/s3.ts";
import { isGranted, type Permission, type Policy } from "../../scripts/local_rds/iam.ts";
import { type Asked, requiredPermissions } from "./s3_permissions.ts";

/** The calls that it knows. */
export type Call = "create" | "part" | "complete" | "abort" | "list" | "put" | "head";

/** What goes wrong: an error of S3's, an answer that never comes, one that breaks off, or one that does so after the deed. */
export type Fault = "500" | "403" | "hang" | "break" | "lost";

/** An object that was stored. */
export interface StoredObject {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encryption: string | null;
  readonly kmsKey: string | null;
  readonly type: string | null;
}

interface Part {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

interface MultipartUpload {
  readonly key: string;
  readonly headers: Headers;
  readonly parts: Map<number, Part>;
}

/** The account that owns the bucket. */
export const bucketOwner = "111122223333";

/** Starts one with a bucket. With policies it refuses what they do not grant. */
export function startLocalS3(bucket = "dumps", policies?: readonly Policy[]): LocalS3 {
  return new LocalS3(bucket, policies);
}

/** A running one. */
export class LocalS3 implements AsyncDisposable {
  readonly objects = new Map<string, StoredObject>();
  /** Uploads that were begun, and neither completed nor aborted. */
  readonly uploads = new Map<string, MultipartUpload>();
  readonly calls: Call[] = [];
  /** Rights that the calls needed, and whether the policies grant them. */
  readonly permissions: { readonly permission: Permission; readonly granted: boolean }[] = [];
  readonly #bucket: string;
  readonly #policies: readonly Policy[] | undefined;
  readonly #faults: { readonly call: Call; readonly what: Fault; left: number }[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #hanging = Promise.withResolvers<void>();
  readonly #waiting = new Map<Call, PromiseWithResolvers<void>>();

  constructor(bucket: string, policies?: readonly Policy[]) {
    this.#bucket = bucket;
    this.#policies = policies;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: () => error(500, "InternalError") }, // such as a client that went away
      (request) => this.#serve(request),
    );
  }

  /** For the environment of a program. */
  get environment(): Record<string, string> {
    const { region, endpoint: { url, accessKeyId, secretAccessKey } } = this.options;
    return {
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
    };
  }

  /** For a client in this process, whose environment other files' tests share. */
  get options(): Required<Pick<S3Options, "region" | "endpoint">> {
    const url = `http://127.0.0.1:${this.#server.addr.port}`;
    return {
      region: "eu-west-1",
      endpoint: { url, accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "for-tests-only" },
    };
  }

  /** Lets a call go wrong so many times. */
  fault(call: Call, what: Fault, times = 1): void {
    this.#faults.push({ call, what, left: times });
  }

  /** Resolves when such a call has come. */
  until(call: Call): Promise<void> {
    if (this.calls.includes(call)) return Promise.resolve();
    const waiting = this.#waiting.get(call) ?? Promise.withResolvers<void>();
    this.#waiting.set(call, waiting);
    return waiting.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hanging.resolve();
    await this.#server.shutdown();
  }

  async #serve(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const [, bucket = "", ...rest] = decodeURIComponent(url.pathname).split("/");
    const key = rest.join("/");
    const bytes = decoded(new Uint8Array(await request.arrayBuffer()), request.headers);
    const call = callOf(request.method, url.searchParams);
    this.calls.push(call);
    this.#waiting.get(call)?.resolve();
    if (!/^AWS4-HMAC-SHA256 /.test(request.headers.get("authorization") ?? "")) return error(403, "AccessDenied");
    if (bucket !== this.#bucket) return error(404, "NoSuchBucket");
    const expected = request.headers.get("x-amz-expected-bucket-owner");
    if (expected !== null && expected !== bucketOwner) return error(403, "AccessDenied");
    const upload = this.uploads.get(url.searchParams.get("uploadId") ?? "");
    if (!this.#allows(call, { bucket, key, headers: upload?.headers ?? request.headers })) {
      return error(403, "AccessDenied");
    }
    const fault = this.#faults.find((one) => one.call === call && one.left > 0);
    if (fault) {
      fault.left--;
      if (fault.what === "hang") {
        await this.#hanging.promise;
        return error(500, "InternalError");
      }
      if (fault.what === "403") return error(403, "AccessDenied");
      if (fault.what === "500") return error(500, "InternalError");
      if (fault.what === "lost") this.#answer(call, key, bytes, request, "", url);
      return new Response(new ReadableStream({ start: (controller) => controller.error(new Error("broken")) }));
    }
    const sum = request.headers.get("x-amz-checksum-sha256");
    if (sum !== null && bytes.length > 0 && sum !== sha256(bytes)) return error(400, "BadDigest");
    return this.#answer(call, key, bytes, request, url.searchParams.get("uploadId") ?? "", url);
  }

  #allows(call: Call, asked: Asked): boolean {
    const permissions = requiredPermissions(call, asked).map((permission) => ({
      permission,
      granted: this.#policies === undefined || isGranted(this.#policies, permission),
    }));
    this.permissions.push(...permissions);
    return permissions.every(({ granted }) => granted);
  }

  #answer(call: Call, key: string, bytes: Uint8Array<ArrayBuffer>, request: Request, id: string, url: URL): Response {
    const upload = this.uploads.get(id);
    switch (call) {
      case "put":
        this.objects.set(key, stored(bytes, request.headers));
        return new Response(null, { headers: { etag: etagOf(bytes) } });
      case "head": {
        const object = this.objects.get(key);
        if (!object) return new Response(null, { status: 404 });
        return new Response(null, { headers: { "content-length": String(object.bytes.length) } });
      }
      case "create": {
        const id = crypto.randomUUID();
        this.uploads.set(id, { key, headers: request.headers, parts: new Map() });
        return xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
      }
      case "list": {
        const found = [...this.uploads].map(([id, { key }]) =>
          `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`
        );
        return xml(`<ListMultipartUploadsResult>${found.join("")}</ListMultipartUploadsResult>`);
      }
      case "part": {
        if (!upload) return error(404, "NoSuchUpload");
        const part = { bytes, etag: etagOf(bytes) };
        upload.parts.set(Number(url.searchParams.get("partNumber")), part);
        const headers = { etag: part.etag, "x-amz-checksum-sha256": sha256(bytes) };
        return new Response(null, { headers });
      }
      case "complete": {
        if (!upload) return error(404, "NoSuchUpload");
        const text = new TextDecoder().decode(bytes);
        const named = [...text.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = ""]) => ({
          number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
          etag: (/<ETag>(.*?)</.exec(part)?.[1] ?? "").replaceAll("&quot;", '"'),
        }));
        const parts = named.map(({ number, etag }) => {
          const part = upload.parts.get(number);
          return part?.etag === etag ? part.bytes : undefined;
        });
        const all = parts.filter((part) => part !== undefined);
        if (all.length !== upload.parts.size || all.length !== parts.length) return error(400, "InvalidPart");
        this.uploads.delete(id);
        this.objects.set(key, stored(joined(all), upload.headers));
        return xml(`<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>`);
      }
      case "abort":
        if (!this.uploads.delete(id)) return error(404, "NoSuchUpload");
        return new Response(null, { status: 204 });
    }
  }
}

function callOf(method: string, query: URLSearchParams): Call {
  if (method === "HEAD") return "head";
  if (method === "GET") return "list";
  if (method === "DELETE") return "abort";
  if (method === "POST") return query.has("uploads") ? "create" : "complete";
  return query.has("partNumber") ? "part" : "put";
}

function stored(bytes: Uint8Array<ArrayBuffer>, headers: Headers): StoredObject {
  return {
    bytes,
    encryption: headers.get("x-amz-server-side-encryption"),
    kmsKey: headers.get("x-amz-server-side-encryption-aws-kms-key-id"),
    type: headers.get("content-type"),
  };
}

/** `aws-chunked`: lengths in hexadecimal before the pieces, checksums behind the last one. */
function decoded(bytes: Uint8Array<ArrayBuffer>, headers: Headers): Uint8Array<ArrayBuffer> {
  if (!/aws-chunked/.test(headers.get("content-encoding") ?? "")) return bytes;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const decoder = new TextDecoder("latin1");
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(13, at);
    const length = parseInt(decoder.decode(bytes.subarray(at, end)), 16);
    if (!(length > 0)) break;
    pieces.push(bytes.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
  return joined(pieces);
}

function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}

function xml(text: string): Response {
  return new Response(`<?xml version="1.0"?>${text}`, { headers: { "content-type": "application/xml" } });
}

function error(status: number, code: string): Response {
  return new Response(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`, {
    status,
    headers: { "content-type": "application/xml" },
  });
}
