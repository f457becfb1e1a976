/** The webhook, against a receiver that behaves well and badly. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { postWebhook, webhookBody } from "../../lib/notify/webhook.ts";
import { exampleReport } from "../report/example_report.ts";

/** Long enough for a busy machine; a receiver that hangs is given less. */
const timeouts = { attempt: 20_000, pauses: [1, 1], all: 60_000 };
const never = new AbortController().signal;

/** A receiver that gives its answers one after the other, the last one for ever; `hang` is none at all. */
function receiver(answers: readonly (number | "hang")[]) {
  const bodies: string[] = [];
  const hanging = Promise.withResolvers<Response>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    bodies.push(await request.text());
    const answer = answers[Math.min(bodies.length, answers.length) - 1];
    if (answer === "hang") return await hanging.promise;
    const headers = new Headers(answer === 307 ? [["location", "/elsewhere"]] : []);
    return new Response(null, { status: answer ?? 200, headers });
  });
  return {
    bodies,
    url: `http://127.0.0.1:${server.addr.port}/secret-path`,
    async [Symbol.asyncDispose]() {
      hanging.resolve(new Response());
      await server.shutdown();
    },
  };
}

for (
  const [what, answers, attempts, why] of [
    ["takes it", [200], 1, undefined],
    ["answers 500 twice and then takes it", [500, 500, 204], 3, undefined],
    ["always answers 500", [500], 3, "the receiver answered 500"],
    ["refuses", [403], 1, "the receiver answered 403"],
    ["sends elsewhere", [307], 1, "the receiver answered 307"],
    ["hangs", ["hang"], 3, "the receiver did not answer in time"],
  ] as const
) {
  Deno.test(`postWebhook() to a receiver that ${what}`, async () => {
    await using there = receiver(answers);
    const attempt = what === "hangs" ? 1000 : timeouts.attempt;
    assertEquals(await postWebhook(there.url, "{}", { ...timeouts, attempt }, never), why);
    assertEquals(there.bodies.length, attempts);
  });
}

Deno.test("postWebhook() without a receiver does not name the URL", async () => {
  await using gone = receiver([200]);
  const { url } = gone;
  await gone[Symbol.asyncDispose]();
  assertEquals(await postWebhook(url, "{}", timeouts, never), "the receiver can't be reached");
});

Deno.test("postWebhook() ends when its time is over, whatever attempts are left", async () => {
  await using there = receiver(["hang"]);
  const short = { attempt: 60_000, pauses: [60_000], all: 100 };
  assertEquals(await postWebhook(there.url, "{}", short, never), "the receiver did not answer in time");
});

Deno.test("the webhook's body names every source, its snapshot or its reason", () => {
  const body = JSON.parse(webhookBody(exampleReport));
  assertEquals(body.sources.map((one: { outcome: string }) => one.outcome), ["done", "refused"]);
  assertStringIncludes(body.text, "1 of 2 sources failed (exit status 1)");
  assertStringIncludes(body.text, "scrubbed-govuk-postgresql-primary-2026-11-24-03-48");
  assertEquals([body.runId, body.exitStatus], [exampleReport.runId, 1]);
});

Deno.test("the webhook's text holds no markup of Slack's from a name", () => {
  const [source] = exampleReport.sources;
  assert(source);
  const { text } = JSON.parse(
    webhookBody({ ...exampleReport, sources: [{ ...source, requested: "<!channel> & co" }] }),
  );
  assertStringIncludes(text, "&lt;!channel&gt; &amp; co");
});
