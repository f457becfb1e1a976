/** Rules for whitehall's attachments, images and reply forms: names of files, and text inside them. @module */

import { allOnlyIn, ifThere, type TableRule } from "../../lib/scrub/rules/definition.ts";
import { lorem, opaque, setNull, template } from "../../lib/scrub/rules/strategies.ts";

const file = template("scrubbed-{id}.pdf");
const open = { restPublic: "of editions without an access limit, or of pages that are published at once" };
const picture = template("scrubbed-{id}.jpg");

/** Rules for files; restricted ones and those that nothing uses any more. */
export const fileTables: Readonly<Record<string, TableRule>> = {
  attachments: {
    columns: {
      ...allOnlyIn("restrictedAttachments", {
        title: lorem(),
        slug: template("scrubbed-{hash}"),
        external_url: template("https://www.gov.uk/scrubbed/{id}"),
        unique_reference: setNull(),
        isbn: setNull(),
        web_isbn: ifThere(setNull()),
        command_paper_number: setNull(),
        hoc_paper_number: setNull(),
        parliamentary_session: setNull(),
        order_url: ifThere(setNull()),
      }, open),
      // A person's postal address; it existed until 2020-02-12.
      print_meta_data_contact_address: ifThere(lorem()),
    },
  },
  attachment_data: { columns: allOnlyIn("restrictedFiles", { carrierwave_file: file }, open) },
  attachment_sources: {
    columns: allOnlyIn("restrictedSources", { url: template("https://www.gov.uk/scrubbed/{id}") }, open),
  },
  // File names are also here, since 2023-09-14.
  assets: {
    optional: true,
    columns: allOnlyIn("restrictedAssets", {
      filename: ifThere(template("scrubbed-{id}")),
      asset_manager_id: opaque(),
    }, open),
  },
  govspeak_contents: {
    columns: allOnlyIn("restrictedGovspeak", {
      body: lorem(),
      // Copies of the body as HTML, until 2023-02-20; the application makes them again.
      computed_body_html: ifThere(setNull()),
      computed_headers_html: ifThere(setNull()),
    }, open),
  },
  images: { columns: allOnlyIn("restrictedImages", { caption: lorem(), alt_text: ifThere(lorem()) }, open) },
  image_data: { columns: allOnlyIn("restrictedImageFiles", { carrierwave_image: picture }, open) },
  featured_image_data: {
    optional: true,
    columns: allOnlyIn("restrictedFeaturedFiles", { carrierwave_image: picture }, open),
  },
  consultation_response_forms: { columns: allOnlyIn("restrictedConsultationForms", { title: lorem() }, open) },
  consultation_response_form_data: {
    columns: allOnlyIn("restrictedConsultationFormFiles", { carrierwave_file: file }, open),
  },
  call_for_evidence_response_forms: {
    optional: true,
    columns: allOnlyIn("restrictedCallForEvidenceForms", { title: lorem() }, open),
  },
  call_for_evidence_response_form_data: {
    optional: true,
    columns: allOnlyIn("restrictedCallForEvidenceFormFiles", { carrierwave_file: file }, open),
  },
};
