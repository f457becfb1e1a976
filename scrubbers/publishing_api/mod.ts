/** Scrubs publishing-api: restricted drafts wherever their text is copied to, preview ids, and staff accounts. @module */

import { allOnlyIn, type Definition, ifThere, type Scrubber } from "../../lib/scrub/rules/definition.ts";
import { email, emptied, lorem, opaque, setNull, template } from "../../lib/scrub/rules/strategies.ts";
import { selections } from "./selections.ts";
import reviewed from "./reviewed.json" with { type: "json" };

/** Editions of all applications' documents, with their events, links and paths. */
export const publishingApi: Scrubber = {
  name: "publishing-api",
  engine: "postgresql",
  summary: "Replaces restricted editions and every copy of them, empties events, replaces accounts",
  reviewed,
  define,
};

/** The same path gets the same pseudonym, so that editions still match their reservations. */
const path = template("/scrubbed/{hash}");

/** Every publisher may open a draft that has no access limit: it is written to be published. */
const open = { restPublic: "of editions without an access limit: published, or on its way to everybody" };
const published = { restPublic: "what published pages link to" };
const cameOut = { restPublic: "links of documents that came out" };
const reserved = { restPublic: "the path of an edition without an access limit" };

function define(): Definition {
  return {
    selections,
    tables: {
      editions: {
        columns: {
          ...allOnlyIn("restricted", {
            title: lorem(),
            description: lorem(),
            details: emptied(),
            base_path: path,
            routes: emptied(),
            redirects: emptied(),
          }, open),
          // The id alone gives access to the draft's preview, restricted or not.
          auth_bypass_ids: ifThere(emptied()),
          last_edited_by_editor_id: ifThere(opaque()),
        },
      },
      // The rows are kept: without them an edition would count as unrestricted.
      access_limits: {
        columns: {
          users: emptied(),
          organisations: ifThere(emptied()),
          auth_bypass_ids: ifThere(emptied()),
        },
      },
      change_notes: { columns: allOnlyIn("restrictedChangeNotes", { note: lorem() }, open) },
      unpublishings: {
        columns: allOnlyIn("restrictedUnpublishings", {
          explanation: lorem(),
          alternative_path: path,
          redirects: ifThere(emptied()),
        }, open),
      },
      // A payload is a whole request: text of a draft, who may see it, preview ids. A draft that was published or discarded
      // has lost its access limit, so no row shows whether its payload is restricted: all are emptied.
      events: { columns: { payload: emptied(), user_uid: opaque() } },
      actions: {
        columns: {
          user_uid: opaque(),
          // Existed from 2017-09-12 to 2019-07-19: text before and after, with no key that leads to a restriction.
          edition_diff: ifThere(setNull()),
        },
      },
      expanded_links: { columns: allOnlyIn("draftExpandedLinks", { expanded_links: emptied() }, published) },
      content_id_aliases: {
        optional: true,
        columns: allOnlyIn("restrictedAliases", { name: template("scrubbed-{hash}") }, open),
      },
      path_reservations: { columns: allOnlyIn("unsharedReservations", { base_path: path }, reserved) },
      // Links expand to nothing where no document has the target's id.
      links: { columns: allOnlyIn("restrictedLinks", { target_content_id: opaque() }, open) },
      link_changes: {
        columns: allOnlyIn(
          "restrictedLinkChanges",
          { source_content_id: opaque(), target_content_id: opaque() },
          cameOut,
        ),
      },
      users: {
        columns: {
          name: template("Person {hash}"),
          email: email(),
          uid: opaque(),
          organisation_slug: setNull(),
          organisation_content_id: setNull(),
          permissions: setNull(),
        },
      },
    },
  };
}
