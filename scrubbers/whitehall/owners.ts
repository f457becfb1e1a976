/** Who owns the rows of whitehall's polymorphic tables: the application's classes at all dates, as Rails writes them. @module */

import type { KnownValues, SchemaFacts } from "../../lib/scrub/rules/definition.ts";
import { type Owner, type PolymorphicPair, typesOf } from "./relations.ts";

/** The table of consultations' outcomes: `responses` until 2023-06-23. */
export function consultationResponses(schema: SchemaFacts): string {
  return schema.has("responses") ? "responses" : "consultation_responses";
}

/** Every value that a type column may have. */
export function ownerTypes(schema: SchemaFacts): readonly KnownValues[] {
  return [
    attachable(schema),
    assetable(schema),
    featuredImageable(schema),
    ...(schema.has("link_checker_api_reports", "edition_id") ? [] : [linkReportable(schema)]),
  ].map(typesOf);
}

/** Owners of an attachment. */
export function attachable(schema: SchemaFacts): PolymorphicPair {
  const outcomes = ["Response", "ConsultationResponse", "ConsultationOutcome", "ConsultationPublicFeedback"];
  const evidence = ["CallForEvidenceResponse", "CallForEvidenceOutcome"];
  return {
    table: "attachments",
    name: "attachable",
    owners: [
      editions(schema),
      [outcomes, consultationResponses(schema), "restrictedResponses"],
      ...when(schema, evidence, "call_for_evidence_responses", "restrictedEvidence"),
      ...when(schema, ["WorldwideOrganisationPage"], "worldwide_organisation_pages", "restrictedPages"),
    ],
    // Became editions, or policy groups, before 2015.
    gone: ["CorporateInformationPage", "SupportingPage", "PolicyAdvisoryGroup", "PolicyTeam"],
    open: ["PolicyGroup", ...worldwideOrganisations(schema)],
  };
}

/** Owners of a file in the asset manager, since 2023-07-05. */
export function assetable(schema: SchemaFacts): PolymorphicPair {
  return {
    table: "assets",
    name: "assetable",
    owners: [
      [["AttachmentData"], "attachment_data", "restrictedFiles"],
      [["ImageData"], "image_data", "restrictedImageFiles"],
      [["ConsultationResponseFormData"], "consultation_response_form_data", "restrictedConsultationFormFiles"],
      ...when(
        schema,
        ["CallForEvidenceResponseFormData"],
        "call_for_evidence_response_form_data",
        "restrictedCallForEvidenceFormFiles",
      ),
      ...when(schema, ["FeaturedImageData"], "featured_image_data", "restrictedFeaturedFiles"),
    ],
    open: ["Organisation", "PromotionalFeatureItem", "TopicalEventFeaturingImageData"],
    optional: true,
  };
}

/** What a picture features, since 2023-10. */
export function featuredImageable(schema: SchemaFacts): PolymorphicPair {
  return {
    table: "featured_image_data",
    name: "featured_imageable",
    owners: [editions(schema), [["Feature"], "features", "restrictedFeatures"]],
    open: ["Organisation", "Person", "TakePartPage", "TopicalEvent", ...worldwideOrganisations(schema)],
    optional: true,
  };
}

/** What a report of links is about. By `edition_id` alone since 2025. */
export function linkReportable(schema: SchemaFacts): PolymorphicPair {
  return {
    table: "link_checker_api_reports",
    name: "link_reportable",
    owners: [editions(schema)],
    open: worldwideOrganisations(schema),
  };
}

/** Worldwide organisations are editions since 2024-07-18; for months before they were so under another name. */
function editions(schema: SchemaFacts): Owner {
  const types = ["Edition", "EditionableWorldwideOrganisation"];
  const moved = schema.has("worldwide_organisations") ? [] : ["WorldwideOrganisation"];
  return [[...types, ...moved], "editions", "restricted"];
}

function worldwideOrganisations(schema: SchemaFacts): readonly string[] {
  return schema.has("worldwide_organisations") ? ["WorldwideOrganisation"] : [];
}

function when(
  schema: SchemaFacts,
  types: readonly string[],
  tableName: string,
  selectionName: string,
): readonly Owner[] {
  return schema.has(tableName) ? [[types, tableName, selectionName]] : [];
}
