/** Rules for people in whitehall: outside experts, staff and casualties. Published office holders are kept (reviewed.json). @module */

import type { TableRule } from "../../lib/scrub/rules/definition.ts";
import { email, keep, lorem, opaque, setNull, template } from "../../lib/scrub/rules/strategies.ts";

const ofUsers = "a key of users, who are replaced";

/** Rules for personal data, on all rows. */
export const peopleTables: Readonly<Record<string, TableRule>> = {
  users: {
    columns: {
      name: template("Person {hash}"),
      email: email(),
      uid: opaque(),
      organisation_slug: setNull(),
      // A serialised list; the application reads NULL as an empty one.
      permissions: setNull(),
    },
  },
  fact_check_requests: {
    columns: {
      email_address: email(),
      comments: lorem(),
      instructions: lorem(),
      key: opaque(),
      requestor_id: keep(ofUsers, "integer"),
    },
  },
  access_limiting_individuals: { optional: true, columns: { email: email() } },
  review_reminders: { optional: true, columns: { email_address: email(), creator_id: keep(ofUsers, "integer") } },
  republishing_events: { optional: true, columns: { reason: lorem(), user_id: keep(ofUsers, "integer") } },
  fatality_notice_casualties: { columns: { personal_details: lorem() } },
  // No version of the application writes `object`; old values are whole rows.
  versions: { columns: { whodunnit: setNull(), object: setNull() } },
  edition_authors: { columns: { user_id: keep(ofUsers, "integer") } },
  recent_edition_openings: { columns: { editor_id: keep(ofUsers, "integer") } },
  user_world_locations: { columns: { user_id: keep(ofUsers, "integer") } },
};
