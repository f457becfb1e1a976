/** Which rows of publishing-api are restricted, or may have been. @module */

import { column, type Selection, selection, sql, table } from "../../lib/scrub/rules/definition.ts";

/** Content ids of documents that have an access limit now, in any language. */
const restrictedContentIds = sql`(SELECT d.content_id FROM ${table("documents")} d JOIN ${
  table("editions")
} e ON e.document_id = d.id WHERE e.id IN ${selection("restricted")})`;

/** The selections that the rules of publishing-api use, in order. */
export const selections: Readonly<Record<string, Selection>> = {
  restricted: {
    of: "editions",
    where: sql`${column("id")} IN (SELECT l.edition_id FROM ${table("access_limits")} l)`,
  },
  restrictedChangeNotes: ofEdition("change_notes"),
  restrictedUnpublishings: ofEdition("unpublishings"),
  // Links of link sets have no edition and are kept.
  restrictedLinks: ofEdition("links"),
  // The history of a draft's links, also of drafts that were discarded before publication.
  restrictedLinkChanges: {
    of: "link_changes",
    where: sql`${column("source_content_id")} IN ${restrictedContentIds}
      OR ${column("action_id")} IN (SELECT a.id FROM ${table("actions")} a WHERE a.edition_id IN ${
      selection("restricted")
    })
      OR NOT EXISTS (
        SELECT 1 FROM ${table("documents")} d JOIN ${table("editions")} e ON e.document_id = d.id
        WHERE d.content_id = ${column("source_content_id")} AND e.state IN ('published', 'superseded', 'unpublished')
      )`,
  },
  // Titles and addresses of all linked drafts; the application fills them again.
  draftExpandedLinks: {
    of: "expanded_links",
    where: sql`${column("with_drafts")} OR ${column("content_id")} IN ${restrictedContentIds}`,
  },
  restrictedAliases: {
    of: "content_id_aliases",
    where: sql`${column("content_id")} IN ${restrictedContentIds}`,
    optional: true,
  },
  // The reservation of a discarded draft remains. A path that an unrestricted edition has too is public.
  unsharedReservations: {
    of: "path_reservations",
    where: sql`NOT EXISTS (
      SELECT 1 FROM ${table("editions")} e
      WHERE e.base_path = ${column("base_path")} AND NOT e.id IN ${selection("restricted")}
    )`,
  },
};

function ofEdition(tableName: string): Selection {
  return { of: tableName, where: sql`${column("edition_id")} IN ${selection("restricted")}` };
}
