/** Rules for the text of whitehall's editions and of what belongs to them. @module */

import { allOnlyIn, ifThere, type SchemaFacts, type TableRule } from "../../lib/scrub/rules/definition.ts";
import { email, emptied, keep, lorem, opaque, published, setNull, template } from "../../lib/scrub/rules/strategies.ts";
import { consultationResponses } from "./owners.ts";

const url = template("https://www.gov.uk/scrubbed/{id}");
/** The same slug gets the same pseudonym, so that slugs of one edition in several columns still agree. */
const slug = template("scrubbed-{hash}");
const picture = template("scrubbed-{id}.jpg");
/** Every editor of every ministry may open a draft that has no access limit: it is written to be published. */
const open = { restPublic: "of editions without an access limit: published, or on its way to everybody" };
const released = { restPublic: "of statistics whose publication is out" };
const featured = { restPublic: "shown on public pages" };
const participation = { email: email(), postal_address: lorem(), link_url: url };
const ofUsers = "a key of users, who are replaced";
const ofOrganisation =
  "a number; the draft that the organisation may see is replaced, and edition_organisations names it too";

/** Rules for text; restricted rows only, except for notes, which are never public. */
export function draftTables(schema: SchemaFacts): Readonly<Record<string, TableRule>> {
  return {
    editions: {
      columns: {
        ...allOnlyIn("restricted", {
          slug: ifThere(slug),
          slug_from_title: ifThere(slug),
          slug_override: ifThere(slug),
          change_note: lorem(),
          person_override: lorem(),
          location: lorem(),
          roll_call_introduction: lorem(),
          external_url: url,
          logo_url: url,
          logo_formatted_name: ifThere(lorem()),
          related_mainstream_content_url: url,
          related_mainstream_content_title: lorem(),
          additional_related_mainstream_content_url: url,
          additional_related_mainstream_content_title: lorem(),
          taxonomy_topic_email_override: ifThere(setNull()),
        }, open),
        // The id alone gives access to the draft's preview, restricted or not.
        auth_bypass_id: ifThere(opaque()),
      },
    },
    edition_translations: {
      columns: allOnlyIn("restrictedTranslations", {
        title: lorem(),
        summary: lorem(),
        body: lorem(),
        // One column under two names: the second since 2025-08-20.
        flexible_page_content: ifThere(emptied()),
        block_content: ifThere(emptied()),
      }, open),
    },
    // Slugs moved to editions on 2026-04-13.
    documents: { columns: allOnlyIn("restrictedDocuments", { slug: ifThere(slug) }, open) },
    access_limiting_organisations: {
      optional: true,
      columns: { edition_id: keep("a key of editions", "integer"), organisation_id: keep(ofOrganisation, "integer") },
    },
    // Internal notes are never public, whatever the edition's state.
    editorial_remarks: { columns: { body: lorem(), author_id: keep(ofUsers, "integer") } },
    [consultationResponses(schema)]: { columns: allOnlyIn("restrictedResponses", { summary: lorem() }, open) },
    call_for_evidence_responses: {
      optional: true,
      columns: allOnlyIn("restrictedEvidence", { summary: lorem() }, open),
    },
    consultation_participations: {
      columns: allOnlyIn("restrictedConsultationParticipations", participation, open),
    },
    call_for_evidence_participations: {
      optional: true,
      columns: allOnlyIn("restrictedCallForEvidenceParticipations", participation, open),
    },
    document_collection_groups: {
      columns: allOnlyIn("restrictedCollectionGroups", { heading: lorem(), body: lorem() }, open),
    },
    nation_inapplicabilities: { columns: allOnlyIn("restrictedNations", { alternative_url: url }, open) },
    worldwide_organisation_page_translations: {
      optional: true,
      columns: allOnlyIn("restrictedPageTranslations", { title: lorem(), summary: lorem(), body: lorem() }, open),
    },
    worldwide_offices: {
      columns: schema.has("worldwide_offices", "edition_id")
        ? allOnlyIn("restrictedOffices", { slug }, open)
        : { slug: published("an office of those days belongs to no edition, and is published at once") },
    },
    features: {
      columns: allOnlyIn("restrictedFeatures", { alt_text: lorem(), carrierwave_image: ifThere(picture) }, featured),
    },
    topical_event_featurings: {
      optional: true,
      columns: allOnlyIn("restrictedEventFeatures", { alt_text: lorem() }, featured),
    },
    // The same under its former name.
    classification_featurings: {
      optional: true,
      columns: allOnlyIn("restrictedTopicFeatures", { alt_text: lorem() }, featured),
    },
    link_checker_api_report_links: {
      columns: allOnlyIn("restrictedReportLinks", {
        uri: url,
        problem_summary: lorem(),
        suggested_fix: setNull(),
        // Serialised lists, which may repeat the address; the application reads NULL as an empty one.
        check_warnings: setNull(),
        check_errors: setNull(),
        check_dangers: ifThere(setNull()),
      }, open),
    },
    unpublishings: {
      columns: allOnlyIn("restrictedUnpublishings", { explanation: lorem(), alternative_url: url, slug }, open),
    },
    statistics_announcements: {
      columns: {
        ...allOnlyIn("unreleasedAnnouncements", {
          title: lorem(),
          summary: lorem(),
          slug,
          cancellation_reason: lorem(),
        }, released),
        creator_id: keep(ofUsers, "integer"),
        cancelled_by_id: keep(ofUsers, "integer"),
      },
    },
    statistics_announcement_dates: {
      columns: {
        ...allOnlyIn("unreleasedAnnouncementDates", { change_note: lorem() }, released),
        creator_id: keep(ofUsers, "integer"),
      },
    },
    // Log of a bulk publish, which names drafts.
    force_publication_attempts: { optional: true, columns: { log: setNull() } },
  };
}
