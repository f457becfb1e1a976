/** What the rows of a table are, by its name. @module */

import { nameWords } from "./name_words.ts";

/** What a row is: a person, an organisation, something that people write, a thing they do, or something else. */
export type TableSubject = "person" | "organisation" | "writing" | "deed" | "other";

const nouns: readonly (readonly [TableSubject, RegExp])[] = [
  [
    "person",
    /^(person|user|customer|client|member|employee|emp|worker|contact|lead|prospect|subscriber|patient|student|pupil|teacher|tutor|applicant|candidate|author|staff|admin|administrator|owner|guest|visitor|attendee|participant|donor|volunteer|witness|guardian|parent|child|kid|family|dependent|dependant|beneficiary|tenant|driver|passenger|player|actor|judge|doctor|physician|nurse|practitioner|signature|signatory|sponsor|signer|creator|buyer|seller|recipient|sender|payer|payee|invitation|invitee|registration|reviewer|approver|manager|representative|agent|individual|people|human|identity|profile|kin|referee|reference|contributor|operator|victim|suspect|offender|inmate|resident|household|citizen|voter|prisoner|detainee|defendant|claimant|learner|apprentice|carer|refugee|asylum seeker|fosterer|adopter|bidder|trader|courier|rider|player|fan|follower|friend|borrower|trainer|instructor|coach|athlete|salesman|salesperson|sales rep|researcher|holder|policyholder|cardholder|nominee|relative|spouse|partner user|casualty|affiliate|pseud|pseudonym)$/,
  ],
  [
    "organisation",
    /^(company|organisation|enterprise|supplier|vendor|shipper|partner|agency|firm|employer|merchant|manufacturer user|institution user|school|hospital|clinic|charity|account|business|shop|branch|office|site|warehouse|facility)$/,
  ],
  [
    "writing",
    /^(comment|message|note|remark|review|feedback|post|reply|answer|response|chat|conversation|thread|testimonial|complaint|ticket|issue|report|inquiry|enquiry|mail|mailshot|rejection|email|letter|sms|memo|journal|diary|entry|annotation|review|moderation|abuse|story|flag|appeal|followup|block|correspondence)$/,
  ],
  [
    "deed",
    /^(order|purchase|sale|booking|reservation|appointment|visit|payment|invoice|receipt|transaction|donation|refund|return|claim|application|request|delivery|shipment|session|login|activity|event|audit|log|case|address|adoption|loan|rental|lease|subscription|enrolment|enrollment|transfer|distribution|adjustment|expense|expenditure|timesheet|leave|absence|interview|attendance|termination)$/,
  ],
];

/** Words at the end of a table's name that say nothing about its rows. */
const neutral =
  /^(detail|info|data|archive|record|tmp|temp|old|backup|bak|table|tbl|master|name|log|history|item|x|\d+|account|profile|address|login|card|request|ip|online|search|version|copy|new|past|translation)$/;

/** Words that make what follows a person a thing about persons in general: a group of customers is none. */
const abstract =
  /^(group|type|role|status|category|permission|setting|preference|template|class|level|field|kind|plan|tag|format|option|rule|approval|count|counter|stat|statistic|scope|module|screen)$/;

/** The subject of a table's rows. */
export function tableSubject(tableName: string): TableSubject {
  return subjectOfWords(nameWords(tableName));
}

/** Whether the rows describe what the application offers or is set to: a category, a template, a type. */
export function isCatalogue(tableName: string): boolean {
  const words = nameWords(tableName);
  const head = words.at(-1) ?? "";
  // What people post is called a status, too.
  if (words.length === 1 && (head === "status" || head === "flag")) return false;
  if (abstract.test(head)) return true;
  return catalogue.test(head) ||
    (words.length > 1 && /^(translation|description|attribute|metadata|title|name)$/.test(head) &&
      subjectOfWords(words.slice(0, -1)) !== "person");
}

const catalogue =
  /^(product|article|catalog|catalogue|category|template|page|role|permission|tag|country|currency|language|locale|type|status|tax|rate|method|zone|plan|theme|module|plugin|menu|widget|layout|banner|section|feature|flag|film|album|track|genre|territory|region|class|unit|attribute|option|property|variant|form|phase|guidance|format|skin|faq|information|question|topic|department|skill|reason|resource|brand|collection|cycle|fee|taxon|gateway|holiday|setting|configuration|config|parameter|migration|announcement|issue|guideline|rejection reason|demographic|expense type|definition|policy|manufacturer|extension|coupon|marketing|prompt meme|exchange|scheme|standard|perm|repository|domain|theme|shape|group|customization|title|kind|level|education|license|membership|nationality|grade|shift|vaccine|offence|forum|doc|column|swimlane|metric)$/;

function subjectOfWords(words: readonly string[]): TableSubject {
  const rest = [...words];
  while (rest.length > 1 && neutral.test(rest.at(-1) ?? "") && rest.slice(0, -1).some((word) => subjectOf(word))) {
    rest.pop();
  }
  const head = rest.at(-1) ?? "";
  if (abstract.test(head)) return "other";
  return subjectOf(head) ?? "other";
}

function subjectOf(word: string): TableSubject | undefined {
  return nouns.find(([, noun]) => noun.test(word))?.[0];
}
