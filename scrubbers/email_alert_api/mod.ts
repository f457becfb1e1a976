/** Scrubs email-alert-api: who subscribes to what, the mails to them, and staff accounts. @module */

import {
  asOf,
  column,
  type Definition,
  ifThere,
  onlyIn,
  type Scrubber,
  sql,
} from "../../lib/scrub/rules/definition.ts";
import {
  constant,
  email,
  emptied,
  keep,
  lorem,
  opaque,
  published,
  setNull,
  template,
} from "../../lib/scrub/rules/strategies.ts";
import reviewed from "./reviewed.json" with { type: "json" };

/** Subscribers, their mails and what they follow. */
export const emailAlertApi: Scrubber = {
  name: "email-alert-api",
  engine: "postgresql",
  summary: "Replaces addresses and accounts, deletes mails older than a day and blanks the newer ones",
  reviewed,
  define,
};

const ofSubscriber = "a key of subscribers, whose addresses and accounts are replaced";
const ofSubscription = "a key of subscriptions, which lead to subscribers without an address";
const deliveryState = "the application's own state; says nothing without the recipient";
/** The application's own numbers in emails.status, at both dates: pending 0, sent 1, failed 2. */
const [pending, failed] = [0, 2];
const publicText = "went out to everybody who asked for it, and stands on the public page";

function define(): Definition {
  return {
    selections: {
      // Mails are most of the database, and no test needs old ones.
      oldEmails: { of: "emails", where: sql`${column("created_at")} < ${asOf} - interval '1 day'` },
      // The application sends pending mails, also those that it finds when it starts.
      pendingEmails: { of: "emails", where: sql`${column("status")} = ${String(pending)}` },
    },
    tables: {
      subscribers: {
        columns: { address: email(), govuk_account_id: ifThere(opaque()), signon_user_uid: opaque() },
      },
      emails: {
        deleteRows: "oldEmails",
        columns: {
          address: email(),
          // Footers repeat the address percent-encoded, and links hold tokens that are valid for a week.
          subject: lorem(),
          body: lorem(),
          subscriber_id: keep(ofSubscriber, "integer"),
          // These two have no foreign key: the rows that they name may be deleted.
          subscription_id: ifThere(setNull()),
          content_id: ifThere(setNull()),
          status: onlyIn("pendingEmails", constant(failed)),
          notify_status: ifThere(setNull()),
          failure_reason: ifThere(setNull()),
          marked_as_spam: ifThere(setNull()),
        },
      },
      // Dropped on 2020-10-21. The foreign key deletes the attempts of deleted mails.
      delivery_attempts: {
        optional: true,
        columns: {
          email_id: keep("a key of emails, which are blanked", "uuid"),
          status: keep(deliveryState, "integer"),
          signon_user_uid: opaque(),
        },
      },
      subscriptions: {
        columns: {
          subscriber_id: keep(ofSubscriber, "integer"),
          subscriber_list_id: keep("a key of subscriber_lists, which are public", "integer"),
          frequency: keep(deliveryState, "integer"),
          ended_reason: keep(deliveryState, "integer"),
          // No foreign key, and the mail is deleted as a rule.
          ended_email_id: setNull(),
          signon_user_uid: opaque(),
        },
      },
      // The foreign key deletes the rows of deleted mails.
      subscription_contents: {
        columns: {
          subscription_id: keep(ofSubscription, "uuid"),
          email_id: keep("a key of emails, which are blanked", "uuid"),
          digest_run_subscriber_id: keep("a key of digest_run_subscribers, which lead to subscribers", "integer"),
        },
      },
      digest_run_subscribers: { columns: { subscriber_id: keep(ofSubscriber, "integer") } },
      subscriber_lists: { columns: { signon_user_uid: opaque() } },
      content_changes: {
        columns: {
          signon_user_uid: opaque(),
          title: published(publicText),
          description: published(publicText),
          change_note: published(publicText),
          footnote: published(publicText),
        },
      },
      // Exists since 2019-08-22. A message may still wait to be sent.
      messages: {
        optional: true,
        columns: { title: lorem(), body: lorem(), signon_user_uid: opaque() },
      },
      users: {
        columns: {
          name: template("Person {hash}"),
          email: email(),
          uid: opaque(),
          organisation_slug: setNull(),
          organisation_content_id: setNull(),
          permissions: emptied(),
        },
      },
    },
  };
}
