/** What random tests begin with. @module */

/**
 * The same for every run, so that a change is judged by itself alone; the nightly run gives another one each day in
 * `DATASCRUBBER_TEST_SEED`. A failure that it finds is repeated with the seed that the test's name says.
 */
export const seed = Number(Deno.env.get("DATASCRUBBER_TEST_SEED") ?? 20_610);
