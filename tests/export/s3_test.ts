/** Uploads against a stand-in for S3: whole objects or nothing, whatever goes wrong. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { type S3Options, uploadObject } from "../../lib/export/s3.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { type Call, type Fault, type LocalS3, startLocalS3 } from "./local_s3.ts";

const MIB = 1024 * 1024;
const never = new AbortController().signal;
const limits: S3Options = { maxAttempts: 2, partSize: 5 * MIB, requestTimeout: 30_000 };

/** The AWS client's timers outlive its requests. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false });
}

/** Limits, and how to reach this server: the environment is shared with other files' tests. */
function at(s3: LocalS3): S3Options {
  return { ...limits, ...s3.options };
}

/** Bytes that differ from place to place, in pieces; fails at the end if told so. */
function bytes(length: number, failure?: Error): { stream: ReadableStream<Uint8Array>; cancelled: Promise<unknown> } {
  const cancelled = Promise.withResolvers<unknown>();
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= length) return failure ? controller.error(failure) : controller.close();
      const piece = new Uint8Array(Math.min(65_536, length - at)).map((_, n) => (at + n) * 31 >> 3);
      at += piece.length;
      controller.enqueue(piece);
    },
    cancel: (reason) => cancelled.resolve(reason),
  });
  return { stream, cancelled: cancelled.promise };
}

function object(body: ReadableStream<Uint8Array>, bucket = "dumps") {
  return { bucket, key: "a b/c:d.sql.gz", contentType: "application/gzip", body };
}

for (const length of [0, 1, 100_000, 5 * MIB, 12 * MIB + 7]) {
  test(`an object of ${length} bytes arrives as it is`, async () => {
    await using s3 = startLocalS3();
    assertEquals(await uploadObject(object(bytes(length).stream), at(s3), never), { bytes: length });
    const stored = s3.objects.get("a b/c:d.sql.gz");
    assertEquals(stored?.bytes, new Uint8Array(await new Response(bytes(length).stream).arrayBuffer()));
    assertEquals([stored?.type, stored?.encryption, s3.uploads.size], ["application/gzip", null, 0]);
  });
}

for (
  const [what, more, bucketOwner] of [
    ["the run's own account is named", { account: "111122223333" }, { bucketOwner: "111122223333" }],
    ["another account than the run's is called other", { account: "999988887777" }, { bucketOwner: "other" }],
    ["no account is guessed where the run's is not known", {}, {}],
  ] as const
) {
  test(`of a bucket's owner, ${what}`, async () => {
    await using s3 = startLocalS3();
    const uploaded = await uploadObject(object(bytes(10).stream), { ...at(s3), ...more }, never);
    assertEquals(uploaded, { bytes: 10, ...bucketOwner });
  });
}

for (
  const [encryption, algorithm, key] of [
    [{ algorithm: "AES256" }, "AES256", null],
    [{ algorithm: "aws:kms", kmsKey: "alias/dumps" }, "aws:kms", "alias/dumps"],
  ] as const
) {
  for (const length of [10, 6 * MIB]) {
    test(`S3 is told to encrypt ${length} bytes with ${algorithm}`, async () => {
      await using s3 = startLocalS3();
      await uploadObject({ ...object(bytes(length).stream), encryption }, at(s3), never);
      const [stored] = s3.objects.values();
      assertEquals([stored?.encryption, stored?.kmsKey], [algorithm, key]);
    });
  }
}

for (
  const [call, what, times] of [["put", "500", 1], ["part", "500", 1], ["create", "500", 1], [
    "complete",
    "500",
    1,
  ]] as const
) {
  test(`one ${what} at ${call} is survived`, async () => {
    await using s3 = startLocalS3();
    s3.fault(call, what, times);
    const length = call === "put" ? 10 : 12 * MIB;
    assertEquals(await uploadObject(object(bytes(length).stream), at(s3), never), { bytes: length });
  });
}

const faults: readonly (readonly [Call, Fault])[] = [
  ["put", "500"],
  ["put", "403"],
  ["put", "hang"],
  ["put", "break"],
  ["create", "403"],
  ["create", "500"],
  ["part", "403"],
  ["part", "500"],
  ["part", "hang"],
  ["part", "break"],
  ["complete", "403"],
  ["complete", "500"],
];
for (const [call, what] of faults) {
  test(`${what} at every ${call} leaves no object and no parts`, async () => {
    await using s3 = startLocalS3();
    s3.fault(call, what, 99);
    const body = bytes(call === "put" ? 10 : 30 * MIB);
    const quick = what === "hang" ? { ...at(s3), requestTimeout: 500, maxAttempts: 1 } : at(s3);
    const error = await assertRejects(() => uploadObject(object(body.stream), quick, never), ScrubError);
    assertEquals([error.kind, s3.objects.size, s3.uploads.size], ["failed", 0, 0]);
  });
}

for (const times of [1, 99]) {
  test(`uploads whose beginning was not answered ${times} times don't stay`, async () => {
    await using s3 = startLocalS3();
    s3.fault("create", "lost", times);
    await uploadObject(object(bytes(12 * MIB).stream), at(s3), never).catch(() => {});
    assertEquals([s3.calls.includes("list"), s3.uploads.size], [true, 0]);
  });
}

test("the stream is given up when an upload fails", async () => {
  await using s3 = startLocalS3();
  s3.fault("part", "403", 99);
  const body = bytes(500 * MIB);
  await assertRejects(() => uploadObject(object(body.stream), at(s3), never), ScrubError);
  await body.cancelled;
});

for (const length of [10, 12 * MIB]) {
  test(`a stream that fails after ${length} bytes leaves no object and no parts`, async () => {
    await using s3 = startLocalS3();
    const failure = new ScrubError("unexpected", "Cannot dump: it broke", "");
    const error = await assertRejects(() => uploadObject(object(bytes(length, failure).stream), at(s3), never));
    assertEquals([error, s3.objects.size, s3.uploads.size], [failure, 0, 0]);
  });
}

for (const [call, what] of [["part", "hang"], ["complete", "hang"]] as const) {
  test(`stopping during ${call} leaves no object and no parts`, async () => {
    await using s3 = startLocalS3();
    s3.fault(call, what, 99);
    const stop = new AbortController();
    const reason = new ScrubError("interrupted", "Cannot go on: stopped", "");
    const upload = uploadObject(object(bytes(12 * MIB).stream), { ...at(s3), requestTimeout: 60_000 }, stop.signal);
    await Promise.race([s3.until(call), upload]);
    stop.abort(reason);
    assertEquals([await assertRejects(() => upload), s3.objects.size, s3.uploads.size], [reason, 0, 0]);
  });
}

test("an upload that can't be aborted is told as left over, by its id", async () => {
  await using s3 = startLocalS3();
  s3.fault("part", "403", 99);
  s3.fault("abort", "403", 99);
  const error = await assertRejects(() => uploadObject(object(bytes(12 * MIB).stream), at(s3), never), ScrubError);
  const [id] = s3.uploads.keys();
  assertEquals([error.kind, error.hint.includes(id ?? "?")], ["leftovers", true]);
});

test("a bucket that is not there is told", async () => {
  await using s3 = startLocalS3();
  const error = await assertRejects(() => uploadObject(object(bytes(10).stream, "other"), at(s3), never), ScrubError);
  assertEquals(error.message, 'Cannot upload to "s3://other/a b/c:d.sql.gz": NoSuchBucket');
});
