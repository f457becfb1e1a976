/** STS's GetCallerIdentity, at the same endpoint: it speaks the same protocol. @module */
import type { Xml } from "../query.ts";
import type { RdsState } from "../state.ts";

/** The role that every caller has. */
export function describeCaller({ config: { account } }: RdsState): Xml {
  return {
    Account: account,
    Arn: `arn:aws:sts::${account}:assumed-role/datascrubber/nightly`,
    UserId: "AROAEXAMPLE:nightly",
  };
}
