/** Which rows of whitehall are restricted, or may have been. @module */

import {
  column,
  type Fragment,
  type SchemaFacts,
  type Selection,
  selection,
  sql,
  table,
} from "../../lib/scrub/rules/definition.ts";
import { anyOf, attached, below, used } from "./relations.ts";
import { assetable, attachable, consultationResponses, featuredImageable, linkReportable } from "./owners.ts";

/** The selections that the rules of whitehall use, in order. */
export function selections(schema: SchemaFacts): Readonly<Record<string, Selection>> {
  return {
    // Deleted editions are rows too, with their old flag, so discarded drafts are among them.
    restricted: { of: "editions", where: limited(schema) },
    restrictedDocuments: { of: "documents", where: used("editions", "document_id", "restricted") },
    restrictedTranslations: ofEdition("edition_translations"),
    restrictedUnpublishings: ofEdition("unpublishings"),
    restrictedCollectionGroups: ofEdition("document_collection_groups", "document_collection_id"),
    restrictedNations: ofEdition("nation_inapplicabilities"),
    restrictedResponses: ofEdition(consultationResponses(schema)),
    restrictedEvidence: { ...ofEdition("call_for_evidence_responses"), optional: true },
    restrictedPages: { ...ofEdition("worldwide_organisation_pages"), optional: true },
    restrictedPageTranslations: {
      of: "worldwide_organisation_page_translations",
      where: below("worldwide_organisation_pages", "worldwide_organisation_page_id", "restrictedPages"),
      optional: true,
    },
    ...(schema.has("worldwide_offices", "edition_id") && { restrictedOffices: ofEdition("worldwide_offices") }),
    restrictedFeatures: { of: "features", where: sql`${column("document_id")} IN ${selection("restrictedDocuments")}` },
    restrictedEventFeatures: { ...ofFeatured("topical_event_featurings"), optional: true },
    restrictedTopicFeatures: { ...ofFeatured("classification_featurings"), optional: true },
    restrictedReports: { of: "link_checker_api_reports", where: reported(schema) },
    restrictedReportLinks: {
      of: "link_checker_api_report_links",
      where: below("link_checker_api_reports", "link_checker_api_report_id", "restrictedReports"),
    },
    ...announcements,
    ...files(schema),
  };
}

/** `access_limited` until 2026-07-22, `access_limiting` from 2026-06-03; a schema with neither is refused. */
function limited(schema: SchemaFacts): Fragment {
  const flag = sql`(${column("access_limited")} IS NULL OR ${column("access_limited")} <> 0)`;
  const kind = sql`(${column("access_limiting")} IS NULL OR ${column("access_limiting")} <> 'none')`;
  if (!schema.has("editions", "access_limited")) return kind;
  return schema.has("editions", "access_limiting") ? anyOf(flag, kind) : flag;
}

function reported(schema: SchemaFacts): Fragment {
  return schema.has("link_checker_api_reports", "edition_id")
    ? below("editions", "edition_id", "restricted")
    : attached(linkReportable(schema));
}

/** Statistics are public once their publication is. */
const announcements: Readonly<Record<string, Selection>> = {
  unreleasedAnnouncements: {
    of: "statistics_announcements",
    where: anyOf(
      below("editions", "publication_id", "restricted"),
      sql`${column("publication_id")} IN (SELECT p.id FROM ${table("editions")} p
        WHERE p.state NOT IN ('published', 'superseded', 'archived', 'withdrawn', 'unpublished'))`,
    ),
  },
  unreleasedAnnouncementDates: {
    of: "statistics_announcement_dates",
    where: below("statistics_announcements", "statistics_announcement_id", "unreleasedAnnouncements"),
  },
};

/** Files of restricted editions, and files that no row uses any more: replaced uploads do not show which edition they belonged to. */
function files(schema: SchemaFacts): Readonly<Record<string, Selection>> {
  return {
    restrictedAttachments: { of: "attachments", where: attached(attachable(schema)) },
    restrictedFiles: {
      of: "attachment_data",
      where: used("attachments", "attachment_data_id", "restrictedAttachments"),
    },
    restrictedSources: {
      of: "attachment_sources",
      where: below("attachments", "attachment_id", "restrictedAttachments"),
    },
    restrictedGovspeak: {
      of: "govspeak_contents",
      where: below("attachments", "html_attachment_id", "restrictedAttachments"),
    },
    restrictedImages: ofEdition("images"),
    restrictedImageFiles: { of: "image_data", where: used("images", "image_data_id", "restrictedImages") },
    restrictedFeaturedFiles: {
      of: "featured_image_data",
      where: attached(featuredImageable(schema)),
      optional: true,
    },
    ...forms("consultation", "Consultation"),
    ...forms("call_for_evidence", "CallForEvidence"),
    restrictedAssets: { of: "assets", where: attached(assetable(schema)), optional: true },
  };
}

/** Participations, the reply forms that they offer, and the forms' files. Calls for evidence came on 2023-06-23. */
function forms(prefix: string, name: string): Readonly<Record<string, Selection>> {
  const optional = prefix === "consultation" ? {} : { optional: true } as const;
  return {
    [`restricted${name}Participations`]: { ...ofEdition(`${prefix}_participations`), ...optional },
    [`restricted${name}Forms`]: {
      of: `${prefix}_response_forms`,
      where: used(`${prefix}_participations`, `${prefix}_response_form_id`, `restricted${name}Participations`),
      ...optional,
    },
    [`restricted${name}FormFiles`]: {
      of: `${prefix}_response_form_data`,
      where: used(`${prefix}_response_forms`, `${prefix}_response_form_data_id`, `restricted${name}Forms`),
      ...optional,
    },
  };
}

function ofEdition(tableName: string, foreignKey = "edition_id"): Selection {
  return { of: tableName, where: below("editions", foreignKey, "restricted") };
}

/** What a public page shows of an edition. */
function ofFeatured(tableName: string): Selection {
  return { of: tableName, where: sql`${column("edition_id")} IN ${selection("restricted")}` };
}
