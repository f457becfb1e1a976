/** What names of columns mean: the table that by_name.ts reads. Data, and no more. @module */

import type { Column, ColumnKind } from "../../engine/schema.ts";
import type { Confidence, PersonalClass } from "./classes.ts";
import { isSpecialCategory } from "./personal_names.ts";
import type { TableSubject } from "./table_subject.ts";

/** A column as the rules see it. */
export interface Seen {
  readonly column: Column;
  /** The kind of its values: an array's is its elements'. */
  readonly kind: ColumnKind;
  /** The words of its name between blanks, the table's prefix left out. */
  readonly name: string;
  /** The words of the table's name between blanks. */
  readonly table: string;
  readonly subject: TableSubject;
  readonly catalogue: boolean;
  /** The words of the table's other columns, as `name`. */
  readonly neighbours: readonly string[];
  /** Other columns of the table are ways to reach a person, or a person's name. */
  readonly person: boolean;
  /** Part of a foreign key. */
  readonly linked: boolean;
}

/** A guess: the class, what its name must match, and when. */
export interface Rule {
  readonly holds: PersonalClass;
  /** Absent: any name. */
  readonly name?: RegExp;
  /** Names that match `name` and mean something else. */
  readonly not?: RegExp;
  readonly kinds?: readonly ColumnKind[];
  readonly when?: (seen: Seen) => boolean;
  readonly confidence?: Confidence;
  /** What is said besides the name. */
  readonly because?: (seen: Seen) => string;
}

/** The first rule that fits is the finding. Words are singular, and stand between blanks. */
const text: readonly ColumnKind[] = ["text", "other"];
const textual: readonly ColumnKind[] = [...text, "json"];
export const numeric: readonly ColumnKind[] = ["integer", "decimal"];

/** The heads of names that say something about a thing, and are not the thing. */
export const aspect =
  / (type|count|counter|size|width|height|status|state|enabled|format|kind|limit|max|min|mode|sort order|position|template|setting|content type|hint|label|placeholder|regex|pattern|policy|version|currency|unit|total|number of|class|verified|required|visible|frequency|ratio|level|priority|expiry|expire|flag|index|url label|digest length|key name|color|colour|is trackable) $/;

const personNouns =
  "user|customer|client|contact|person|employee|author|sender|recipient|receiver|guardian|parent|mother|father|spouse|partner|child|youth|owner|manager|director|supervisor|mp|judge|doctor|physician|patient|student|teacher|kin|by|payer|payee|cardholder|holder|holding|billing|bill|shipping|ship|delivery|pickup|pick up|invoice|representative|rep|signatory|signer|driver|passenger|guest|visitor|applicant|candidate|referee|referrer|witness|donor|member|subscriber|agent|buyer|seller|creator|editor|reviewer|approver|assignee|reporter|requester|requestor|inviter|invitee|beneficiary|nominee|emergency|next of kin|relative|account|bank account|staff|admin|attached|from|to|attention|attn|dependent|dependant|player|actor|tenant|landlord|trainer|tutor|operator|legal|birth|married|screen|real|preferred|public|verified|card|on card|navigator|headteacher|teacher|tutor|coach|nurse|claimant|practitioner|banking|chairman|chair|secretary|treasurer|speaker|organizer|organiser|host|leader|lead|head|principal|instructor|interviewer|interviewee|respondent|informant|relation|fiance|husband|wife|son|daughter|brother|sister|victim|offender|suspect|officer|counsellor|counselor|advisor|adviser|consultant|broker|solicitor|lawyer|attorney|notary|carer|caregiver|deceased|insured|policyholder|drawer|purchaser|caller|called|assigned to|requested by|approved by|signed by|signee|uploaded by|updated by|modified by|entered by|reported by|deleted by";

export const rules: readonly Rule[] = [
  // Secrets first: a reset password token is a token.
  {
    holds: "token",
    name:
      / (token|secret|otp|totp|nonce|code challenge|api key|apikey|access key|private key|visible private key|merchant key|map key|developer key|spree api key|session key|publishable key|backup code|recovery code|authorization code|confirmation key|encrypted key|signature token|digital signature|digital certificate|verification code|confirmation code|activation code|activation key|invitation code|invite code|auth code|reset code|pin code|client secret|bearer|jwt|cookie|csrf|webhook key|license key|account sid|api key sid|sid|magic link|one time|two factor|mfa|pin|signature pin|reset key|identity key|fingerprint key|key auth|key p256dh|session hash|otp secret iv|public key credential) /,
    not:
      / (type|expiry|expire|expiration|count|enabled|name|scope|lifetime|used|at|left|created|method|site key|attempt|permission|timestep|id|ineligible|domain|url) $/,
    kinds: text.concat("binary", "uuid", "array", "json"),
    confidence: "certain",
  },
  {
    holds: "token",
    name:
      / (auth bypass id|bypass id|session id|sess id|device code|remember me|perishable|unsubscribe key|profile id|profile key) $/,
    kinds: text.concat("array"),
    when: ({ linked }) => !linked,
  },
  {
    holds: "token",
    name: /^ (key|external id) $/,
    kinds: text.concat("binary"),
    when: ({ table }) =>
      / (api|request|credential|secret|invite|invitation|token|one time key|system key|device|fact check request) /
        .test(table) && !/ (cache|entry|feature|setting) /.test(table),
  },
  {
    holds: "token",
    name: / code( (digest|hash))? $/,
    kinds: text,
    when: (
      { name, subject, table },
    ) => (/^ code( (digest|hash))? $/.test(name) &&
      (subject === "person" ||
        / (gdpr|invitation|invite|password|reset|verification|backup|recovery|user|login|customer|access code|service access code) $/
          .test(table))),
    confidence: "likely",
    because: ({ table }) => `its table "${table.trim()}" has rows of persons`,
  },
  {
    holds: "passwordHash",
    name:
      /^ pass $| pass (crypt|salt|hash)| (password|passphrase|password digest|password hash|crypt|salt|encrypted password|crypted|hashed) /,
    not:
      / (expiry|expire|expiration|changed|change|reset|count|hint enabled|policy|at|attempt|sent|required|length|basic|currency|grade|min|max|algorithm|amount|id|checker|class|type|archivable type) $/,
    kinds: [...text, "binary", "array"],
    when: ({ name }) => !/ salary /.test(name),
    confidence: "certain",
  },
  // Ways to reach a person.
  {
    holds: "mailAddress",
    name: / (email|mail address|email address|sent address|reply to|cc|bcc) /,
    not:
      / (subject|body|content|message|text|html|header|template|type|count|enabled|format|status|frequency|notification|preference|setting|signature|supertype|verified|confirmed|sent|id|document|image file name|image|file|layout|opt|name|lag|size|on|send|from queue|digest|url|host|port|server|path|class|method|arg|domain|reason|error|at|count|template|tracker|copy enabled) $/,
    kinds: text.concat("array"),
    when: ({ name, catalogue }) =>
      !/ (image|document|notify|create plan|welcome|message|domain) /.test(name) ||
      (catalogue && / email $/.test(name)),
    confidence: "certain",
  },
  {
    holds: "mailAddress",
    name: / (sent from|sent to|sent as|sent a|email from|email to|mail from|mail to|paypal|identity) $/,
    not: / paypal username /,
    kinds: text,
    when: ({ table, name }) =>
      / (email|mail|message|affiliate|login|customer|configuration|payout) /.test(table) || / email /.test(name),
  },
  {
    holds: "mailAddress",
    name: /^ (address|recipient|to|from|sender|original|replacement|old|new) $/,
    kinds: text,
    when: (seen) =>
      / (email|subscriber|mailing|newsletter|unsubscribe|suppression|bounce|outbox) /.test(seen.table) ||
      hasNeighbour(seen, / mailer /),
  },
  {
    holds: "phone",
    name:
      / (phone|mobile|cell|cellphone|fax|telefax|msisdn|whatsapp|landline|pager|phone number|mobile number|contact number|home number|office number|work number|home no|mobile no|office no|phone no|contact no|sms number|phone extension|rufnummer|telefono|telephon|handy|celular) /,
    not:
      / (type|count|enabled|format|verified|confirmed|status|code name|app|file|image|on|opt|path|message|content|mode|version|site|page|view|theme|layout|install|id|url|check|carrier|text|english) $/,
    kinds: text.concat("integer", "decimal", "array"),
    when: ({ name, kind, catalogue, subject }) =>
      !/^ (cell|pager|mobile) $/.test(name) || (kind === "text" && !catalogue && subject !== "other"),
    confidence: "certain",
  },
  {
    holds: "phone",
    name: /^ (extension|ext) $/,
    kinds: text,
    when: (seen) => hasNeighbour(seen, / phone /),
    because: () => "it stands beside a telephone number",
  },
  {
    holds: "phone",
    name: /^ (number|value) $/,
    kinds: text,
    when: ({ table }) => / (phone|contact number|mobile|fax|sms) /.test(` ${table} `),
  },
  {
    holds: "ipAddress",
    name:
      / (ip|ipaddr|ipaddress|ipv4|ipv6|ip address|ip addr|remote address|remote addr|client address|creation address|inet|forwarded for) /,
    not: / (type|count|enabled|version|id|right|owner|limit) $/,
    kinds: text.concat("integer", "decimal", "binary", "array"),
    when: ({ name }) => !/ ip pin /.test(name),
    confidence: "certain",
  },
  {
    holds: "ipAddress",
    kinds: ["other"],
    when: ({ column }) => /^(inet|cidr)\b/.test(column.type),
    confidence: "certain",
    because: ({ column }) => `its type is ${column.type}`,
  },
  {
    holds: "macAddress",
    name: / (mac|mac address|mac addr|hardware address|bssid) /,
    kinds: text,
    when: ({ name }) => !/ os | mac os /.test(name),
  },
  {
    holds: "macAddress",
    kinds: ["other"],
    when: ({ column }) => /^macaddr/.test(column.type),
    confidence: "certain",
    because: ({ column }) => `its type is ${column.type}`,
  },
  // Numbers of persons.
  {
    holds: "nationalInsurance",
    name: / (nino|national insurance|ni number|ni no|nin|nat ins) /,
    kinds: textual,
    confidence: "certain",
  },
  {
    holds: "nhsNumber",
    name: / (nhs|nhs number|nhs no|chi number|chi no) /,
    not: / (trust|org|region|code|system|api|etag|uri) $/,
    kinds: text.concat("integer"),
    confidence: "certain",
  },
  { holds: "iban", name: / iban /, kinds: text, confidence: "certain" },
  {
    holds: "bankAccount",
    name:
      / (bic|swift|sort code|sortcode|routing number|routing|bank account|account number|account no|acct number|acct no|bank code|bank swift code|bank branch number|bank number|bank id|direct debit|mandate reference|bank account name|building society roll number|hashed account number|hashed routing number|bsb|clabe|konto|kontonummer|blz|rekening|dd account) /,
    not: / (type|name of bank|country|currency|status|bank name|name|method|criteria|value) $/,
    kinds: text.concat("integer"),
    confidence: "certain",
  },
  {
    holds: "bankAccount",
    name: /^ account $/,
    kinds: text,
    when: (seen) => hasNeighbour(seen, / (routing|sort code|bank|iban|bic) /),
    because: () => "it stands beside other parts of a bank account",
  },
  {
    holds: "paymentCard",
    name:
      / (card number|card no|credit card|debit card|pan|cardnumber|ccnumber|cc number|cvv|cvc|cvv2|last digit|last4|last 4|last four|card digit|card fingerprint|card expiry|cc) $/,
    not: / (type|id|count) $/,
    kinds: text.concat("integer"),
    confidence: "certain",
  },
  {
    holds: "taxNumber",
    name:
      / (vat|vat number|vat no|vat id|tax id|tax number|tax no|taxpayer|tax code number|tin|tin hash|itin|utr|ssn|ssn number|social security|social insurance|sin number|sin|ein|siren|siret|abn|acn|cnpj|cpf|nif|nie|cif|gst number|gstin|pan number|fiscal code|codice fiscale|steuernummer|steuer id|registration number|company number|company registration|org number|aadhaar|aadhar|pesel|bsn|personnummer|curp|national id number|tva intra|siege) /,
    not: / (rate|type|amount|status|total|class|percentage|percent|included|country) $/,
    kinds: text.concat("integer"),
    when: ({ name, kind, catalogue }) =>
      (!catalogue || / (number|no) $/.test(name)) && (!/^ (vat|sin|pan) $/.test(name) || kind === "text"),
    confidence: "certain",
  },
  {
    holds: "taxNumber",
    name: /^ tax $/,
    kinds: text,
    when: ({ subject }) => subject === "person" || subject === "organisation",
  },
  {
    holds: "vehicle",
    name:
      / (vin|number plate|license plate|licence plate|plate|plate number|registration plate|vehicle registration|vehicle number|vrm|vrn|chassis number|chassis) /,
    not: / (type|count) $/,
    kinds: text,
  },
  {
    holds: "governmentId",
    name:
      / (passport|visa number|(teacher|pupil|learner|candidate|student|patient|member|client|person|claimant|employee|applicant) reference number|identification number|identification value|doc number|document number|roll number|paye reference|national identity number|candidate number|learner number|pupil number|upn|trn|driver license|driver number|license number|license no|driver license number|national id|identity card|id card|identity number|id number|id no|personal number|personal id|ssn|employee number|employee no|staff number|student number|patient number|member number|membership number|case number|case no|matriculation|prison number|crn|mrn|medical record number|hospital number|insurance number|policy number|policy no|health card|green card|other id|agency child id|(applicant|case|client|customer|claim|application|patient) (\w+ )?(ref|reference)|case ref|case reference|claim reference|customer reference|client reference|id or personal id|customer number|client number) /,
    not:
      / (type|flag|issue|issued|expiry|expire|expiration|date|exp date|issueddate|expiredate|status|count|country|comment|class|state) $/,
    kinds: text.concat("integer"),
    when: ({ linked, name, kind }) =>
      !linked &&
      !(kind === "integer" &&
        / (employee number|staff number|member number|customer number|client number|other id) $/.test(name)),
    confidence: "likely",
  },
  {
    holds: "governmentId",
    name: /^ (employee|patient|student|member|staff|person|voter) id $/,
    kinds: text,
    when: ({ linked, table, name }) => !linked && table.includes(name.trim().split(" ")[0] ?? ""),
  },
  {
    holds: "governmentId",
    name:
      / (local patient|patient|pupil|prisoner|offender|detainee|inmate|defendant|claimant|claim|hospital|citizen) (id|number|no|identifier) $/,
    kinds: text,
    when: ({ linked, catalogue }) => !linked && !catalogue,
  },
  {
    holds: "governmentId",
    name: /^ (entity id|number|identifier|reference|external reference) $/,
    kinds: text,
    when: ({ linked, catalogue, subject, neighbours }) =>
      !linked && !catalogue && subject === "person" &&
      neighbours.some((name) => / (name|birth date|date of birth) $/.test(name)),
    because: ({ table }) => `its table "${table.trim()}" has rows of persons`,
  },
  // Moments of a life.
  {
    holds: "birthDate",
    name:
      / (birth|birth date|date of birth|born|born on|birth day|birth year|year of birth|birth month|geburtsdatum|geboren|naissance|nacimiento|fecha nacimiento|nascimento|geboortedatum|deceased|date of death|death date|died|age|age for mean test purpose) /,
    not: / (name|place|city|country|certificate|quality|state|group|type|flag|limit|restriction|range|program) $/,
    kinds: ["date", "timestamp", ...text, "integer"],
    when: ({ name, subject, kind }) =>
      !/ age /.test(name) || / (applicant|patient|client|claimant|child|user) age $/.test(name) ||
      (subject === "person" && kind !== "timestamp"),
    confidence: "certain",
  },
  // Places.
  {
    holds: "postcode",
    name: / (postcode|post code|postal code|postal|eircode|cap code|codigo postal|code postal) /,
    not: / (format|regex|required|type|pattern|count|example|served|address|range) $/,
    kinds: text.concat("integer"),
    when: ({ name }) => !/ (example|address) /.test(name),
    confidence: "certain",
  },
  {
    holds: "geolocation",
    name:
      / (latitude|longitude|geo|geocode|geolocation|coordinate|gps|position lat|home latitude|home longitude|location point|lnglat|latlng|geom|geometry) /,
    not: / (zone|zone id|id|code|region|status|type|name|at|precision|min|max|delta) $/,
    kinds: ["decimal", "integer", "text", "other", "binary"],
    when: ({ name, catalogue }) => !/ (min|max|zone) /.test(name) && !catalogue,
    confidence: "likely",
  },
  {
    holds: "geolocation",
    kinds: ["other"],
    when: ({ column, catalogue }) => /^(point|geometry|geography)\b/.test(column.type) && !catalogue,
    because: ({ column }) => `its type is ${column.type}`,
  },
  {
    holds: "postalAddress",
    name:
      / (address|street|house number|house no|house name|flat number|address line|line 1|line 2|line 3|addressline|town|suburb|post town|locality|full address|mailing address|strasse|strase|rue|direccion|endereco|calle|domicile|residence|hometown|home town|birth place|place of birth|birth city|home location name|apartment|building number|po box|city code|city name|urbanization|postbox|post box) /,
    not:
      / (type|choice|format|id|count|email|verified|validated|status|state code|country|country code|country id|required|label|is|book|name type|url|opt|sort|street name id|class|mac|ip|addressable|square footage) $/,
    kinds: text.concat("json"),
    when: ({ name, table, catalogue }) =>
      !/ (format|email|ip|mac|web) /.test(name) && !(catalogue && / format /.test(table)),
    confidence: "certain",
  },
  {
    holds: "postalAddress",
    name: / (address|billing|shipping|mailing|delivery) (city|state|county|region|district|province|town) $/,
    kinds: text,
    confidence: "certain",
  },
  {
    holds: "postalAddress",
    name:
      / (city|county|district|province|state|region|area|zone|provin code|state name|state province|state or province|origin|destination|place|location|hometown|borough|municipality|prefecture|canton|commune|ward|parish|village) $/,
    kinds: text,
    when: (seen) =>
      !seen.catalogue && seen.subject !== "writing" &&
      (seen.name !== " state " || hasNeighbour(seen, /^ (city|town|country|suburb) $/)) &&
      !/ (message|template) /.test(seen.table) &&
      !/ (tax|time|to|from|previous|next|payment state|aasm|processing|workflow|publication|moderation|machine|visit|shipment|current|debate|response|job|work|sort|publishing|unemp) /
        .test(seen.name) &&
      (seen.subject === "person" && / location $/.test(seen.name) ||
        / (city|county|borough|hometown) $/.test(seen.name) ||
        hasNeighbour(seen, / (street|address|line 1|city|town|locality) /)),
    because: () => "it stands beside other parts of an address",
  },
  // Names.
  {
    holds: "personName",
    name:
      / (first name|last name|middle name|full name|given name|family name|nick name|maiden name|legal name|preferred name|birth name|display name|initial|salutation name|patronymic|vorname|nachname|prenom|apellido|nombre|cognome|achternaam|voornaam|voorletter|tussenvoegsel|middle initial|public name|prior last name|signature|first last name|kanji name|kana) /,
    not: / (type|required|label|format|count|enabled|visible|id|font|kana enabled) $/,
    kinds: text.concat("json", "array"),
    when: ({ name, catalogue, subject, person }) =>
      (!/ (display|legal|short|nombre) /.test(name) || subject === "person" || person ||
        (!catalogue && subject !== "other" && subject !== "organisation")) &&
      !/ initial (value|state|amount|quantity) /.test(name),
    confidence: "certain",
  },
  {
    holds: "organisation",
    name:
      / (company|company name|organisation|affiliation|employer|employer name|payer name2|organisation name|business name|other organisation|firm|firm name|trading name|workplace|institution name|firma|societe|empresa|raison sociale) $/,
    kinds: text,
    when: ({ catalogue, name }) => !catalogue || / (company|business|firm) /.test(name),
    confidence: "likely",
  },
  {
    holds: "userName",
    name:
      / (user name|username|login|login name|screen name|handle|account name|nick|alias|ldap username|user identity|acct|also known as|openid identifier|openid|user identifier|unity id|silas id|commenter|webauthn id|sign in id|im address|uid|user uid|login uid|external uid|auth uid|user login|paypal username to|skype|aim|yahoo|icq|jabber|xmpp|msn|telegram|discord|google account|user code|whodunnit name) /,
    not:
      / (type|count|at|enabled|format|ip|status|date|attempt|token|method|failure|url|id|time|provider|language|message|required|class|role name|text|header|body) $/,
    kinds: text.concat("uuid"),
    when: ({ name, table, subject, catalogue }) =>
      !(/ (alias|handle) $/.test(name) && name.trim().includes(" ")) &&
      !(/^ (alias|handle|nick|uid) $/.test(name) &&
        (catalogue ||
          (subject !== "person" &&
            !/ (account|oidc|oauth|openid|identity|auth|event log|audit|access log) /.test(table)))) &&
      !(/ account name /.test(name) && subject === "organisation") &&
      !(/ oauth application /.test(` ${table} `) && name === " uid "),
    confidence: "likely",
  },
  {
    holds: "userName",
    name:
      / (facebook id|google id|google oauth2 id|linkedin id|twitter id|github id|payer id|receiver id|customer id|user id|seller id|external user id|govuk account id|account id|subscriber id|editor id|person id|member id|slack id|telegram id|patient id) $/,
    kinds: text.concat("uuid"),
    when: ({ linked, name, table, subject }) =>
      !linked && !/ (connect|bank|merchant) /.test(name) &&
      (/ (facebook|google|oauth2|linkedin|github|payer|receiver|stripe|seller|govuk|editor|slack|telegram) /.test(
        name,
      ) && subject !== "writing" && !/ (story|community) /.test(` ${table} `)),
    confidence: "possible",
  },
  {
    holds: "userName",
    name:
      / (webauthn|sign in|openid|external user|external account|oidc|saml|sso|ldap|okta|auth0|discord|apple|microsoft|azure) id $/,
    kinds: text,
    when: ({ linked }) => !linked,
  },
  {
    holds: "userName",
    name: /^ (user|acct|account) $/,
    kinds: text,
    when: ({ catalogue, linked }) => !catalogue && !linked,
    confidence: "possible",
  },
  {
    holds: "userName",
    name: / (url|ftp|sftp|ssh|smtp|imap|pop3|http|proxy|db|database|auth|api|mail|email|ldap|basic auth) user $/,
    kinds: text,
    when: ({ linked }) => !linked,
  },
  {
    holds: "userName",
    name: /^ (yahoo|google|aim|skype|msn|icq) $/,
    kinds: text,
    when: ({ subject }) => subject === "person",
  },
  {
    holds: "personName",
    name: new RegExp(` (${personNouns}) name $`),
    not: / (product|file|user|domain|host|brand|store|company|business|business account|role|card type|class) name $/,
    kinds: text,
    when: ({ name, subject }) =>
      !(/^ (account|client|partner|card|from|to|contact|agent|legal|partner|owner|admin|staff) name $/.test(name) &&
        subject === "other" && !/ (contact|from|to|owner) /.test(name)),
    confidence: "likely",
  },
  {
    holds: "personName",
    name:
      / by (\w+ )?name $| \w+ed by $|^( \w+)? (author|owner|poster|addressee|address care of|care of|interviewer|sent by|referred by|signed by|created by name|case manager|agency rep|recipient|attendee|salutation|cardholder|whodunnit|contact person|beneficiary|doctor|physician|surgeon|teacher|authorship|witness|next of kin|emergency contact|spouse|cheque|payee|signatory|assignee|composer name|director|contact|sender|approver|reviewer|consignee|attention|attn|account manager|sales rep|nom|naam|imie|nazwisko) $/,
    kinds: text,
    when: ({ catalogue, table, name }) =>
      !/ (modification|extension|plugin|theme|repository) $/.test(table) &&
      !(catalogue && / (contact|owner) /.test(name) && !/ module /.test(table)),
    confidence: "likely",
  },
  {
    holds: "personName",
    name: /^ (name|title and name|person|full|english name|native name|name (1|2|3)) $/,
    kinds: text,
    when: ({ subject, table, catalogue, neighbours }) =>
      !catalogue && ((subject === "person" && !/^ active storage /.test(table)) ||
        (subject !== "organisation" && neighbours.some((name) => / (email|phone) /.test(name)))),
    confidence: "likely",
    because: ({ table }) => `its table "${table.trim()}" has rows of persons`,
  },
  {
    holds: "organisation",
    name: /^ name $/,
    kinds: text,
    when: ({ subject, catalogue }) => !catalogue && subject === "organisation",
    confidence: "possible",
    because: ({ table }) => `its table "${table.trim()}" has rows of organisations`,
  },
  {
    holds: "organisation",
    name: /^ name $/,
    kinds: text,
    when: ({ catalogue, neighbours }) =>
      !catalogue &&
      neighbours.filter((name) => / (email|phone|fax|address|contact name|street) /.test(name)).length >= 2,
    confidence: "possible",
    because: () => "it stands beside contact details",
  },
  // Things around a person.
  {
    holds: "device",
    name:
      / (useragent|user agent|browser|device id|browser detail|useragent string|user agent string|device library identifier|device identifier|device name|device token|device fingerprint|fingerprint|imei|imsi|advertising id|idfa|client version string) $/,
    kinds: text,
    confidence: "likely",
  },
  {
    holds: "device",
    name: /^ name $/,
    kinds: text,
    when: ({ table }) => / device $/.test(table),
    confidence: "possible",
    because: () => "people name their devices",
  },
  {
    holds: "sensitive",
    name:
      / (gender|sex|passporting benefit|medication name|ethnic race|race|ethnicity|religion|marital status|nationality|citizenship|title of courtesy|honorific|smoker|salary|basic salary|wage|wage amount|wage and tip amount|pay rate|monthly pay|income|source of income|military service|blood group|blood type|diagnosis|allergy|disability|medical condition|medication|health insurance|employment type|child live with|sexual orientation|political party|union member|pronoun|national origin|nation code|tax federal status|criminal record|conviction|weight kg|marital|married|divorced|widowed|veteran|homeless|homeless youth|foster youth|disabled|separated year|pregnant|deaf|blind) $|^ (gender|sex|race|marital|nation) /,
    not: / (min|max|grade|name type|id|population|unit) $/,
    kinds: textual.concat("integer", "boolean", "decimal", "enum", "array"),
    when: ({ catalogue, name, linked, table }) =>
      !linked && !/ (population|min|max|grade) /.test(name) &&
      !(catalogue && !/ basicsalary /.test(table) && !/ (wage|salary) /.test(name)),
    confidence: "likely",
  },
  {
    holds: "sensitive",
    name: / (sensitive|confidential|personal|private) (data|info|information|detail|content) $/,
    kinds: textual.concat("binary", "array"),
    because: () => "the application calls it so",
  },
  // Documents and texts.
  {
    holds: "file",
    name:
      / (avatar|photo|picture|portrait|headshot|selfie|scan|cv|resume|signature image|photo path|id document)( file name| url| path| file)? $/,
    not: / (type|size|width|height|content type|updated|cover photo file name) $/,
    kinds: text.concat("binary", "json"),
    when: ({ catalogue, name, subject, person, kind }) =>
      !catalogue && !/ (cover|banner) photo /.test(name) && (subject !== "other" || person || kind === "binary"),
    confidence: "likely",
  },
  {
    holds: "file",
    name: / (file name|original name|attachment|document name|file content|file data|icon file name|image file name) $/,
    kinds: text.concat("binary"),
    when: ({ subject, catalogue, table, name, person }) =>
      !catalogue &&
      (/ (attachment|blob|upload|document|image|avatar|file|picture|csvfile) /.test(` ${table} `) ||
        subject === "person" || person || (subject !== "other" && / icon | image /.test(name))) &&
      !/ (social logo|community) /.test(` ${table} `),
  },
  {
    holds: "file",
    name: /^ (thumbnail|image|((small|medium|large|profile|original|cropped) (image|thumbnail))) $/,
    kinds: text.concat("binary", "json"),
    when: ({ catalogue, subject }) => !catalogue && subject === "person",
  },
  {
    holds: "file",
    name: / (receipt|document|attachment|upload|image|photo|scan|picture|signature) file name $/,
    kinds: text,
    when: ({ catalogue, table }) => !catalogue && !/ (active storage|feature|icon) /.test(table),
    confidence: "possible",
  },
  {
    holds: "file",
    name: /^ (name|path|file path|storage path) $/,
    kinds: text,
    when: ({ table }) =>
      / (gpx file|upload|user file|document file|attachment|file|document|receipt) $/.test(table) &&
      !/ active storage /.test(table),
    confidence: "possible",
  },
  {
    holds: "url",
    name:
      / (facebook|linkedin|twitter|instagram|googleplus|mastodon|blog|website url|web site url|personal url|identity url|profile url|homepage|home page|web site|youtube|tiktok|social url|photo url|avatar url|referer|referrer|redirect auth url|express checkout url|callback url|organisation website) $/,
    not: / (id|secret|key|handle) $/,
    kinds: text,
    when: ({ catalogue, table }) => !catalogue || / (enterprise group|site) /.test(` ${table} `),
    confidence: "likely",
  },
  {
    holds: "url",
    name:
      / (remote url|inbox url|outbox url|follower url|following url|endpoint|avatar remote url|feed url|calendar url|image url) $/,
    kinds: text,
    when: ({ subject, catalogue, table }) =>
      !catalogue && (subject === "person" || / (account|subscription|device) /.test(table)),
    confidence: "possible",
  },
  {
    holds: "url",
    name: /^ (url|link|uri) $/,
    kinds: text,
    when: ({ table, subject }) =>
      / account $/.test(table) ||
      / (alias|subscription|social link|webhook endpoint|website|hat|bookmark|online|hat request|organisation|user link|profile) $/
        .test(table) ||
      subject === "person",
  },
  {
    holds: "json",
    kinds: ["binary"],
    name: / (data|raw|body|content|payload|message|record|document|response|request|result) $/,
    when: ({ catalogue, table }) => !catalogue && !/ (cache|blob|image|icon|asset|font) /.test(table),
    confidence: "possible",
    because: ({ table }) => `bytes in its table "${table.trim()}" may hold copies of rows`,
  },
  {
    holds: "json",
    kinds: text,
    name: / (field|csv|csv data|export data|import data) $/,
    when: ({ column, catalogue, table }) =>
      !catalogue && (column.length ?? 1000) >= 1000 && !/ (form|search|filter|subscriber|setting) /.test(table),
    confidence: "possible",
    because: ({ table }) => `long text in its table "${table.trim()}" may hold copies of rows`,
  },
  {
    holds: "json",
    kinds: ["json", ...text],
    name:
      / (object|object change|audited change|payload|param|handler|custom data|data|response body|request body|input|output|raw|raw data|raw source|xml|transaction xml|serialized|serialized data|request|response|result|cfe result|auth param|callback param|session|custom field|cart|wishlist|properties|metadata|details json|snapshot|before|after|old value|new value|change|diff|session data|arguments|args|argument|arg|job|setting|ipn body) $/,
    not: / (meta data|block|migration) $/,
    when: ({ table, kind, catalogue, subject, name }) =>
      !/ (annual report|preference set|active storage) /.test(` ${table} `) &&
      (/ (handler|object|object change|audited change|custom field|input|output|custom data|serialized data|transaction xml|auth param|callback param) $/
        .test(name) ||
        (/ (session|rsession|amendment|impression|visit|hit|event|version|audit|activity|job|log|notification|webhook|invoice|history|debug|submission|mailing|payment|noticed event|connected app|request|queue|transition|case contact|cache) /
          .test(` ${table} `) && !(catalogue && kind !== "json")) ||
        (subject === "person" && !catalogue)),
    confidence: "possible",
    because: () => "such documents hold copies of rows",
  },
  {
    holds: "freeText",
    name: /^ (error|backtrace|stack trace|exception|output|failure|trace) $/,
    kinds: text,
    when: ({ table }) => / (job|execution|task|queue|failure|error|delayed|worker|event|log) /.test(table),
    confidence: "possible",
    because: () => "errors quote values",
  },
  { holds: "json", kinds: ["text", "binary"], name: / session data $/, confidence: "likely" },
  {
    holds: "json",
    kinds: ["text", "binary", "json"],
    name: /^ (value|body) $/,
    when: ({ table }) => / (cache|cache entry|ipn message|outbox|queue) $/.test(table),
    confidence: "possible",
  },
  {
    holds: "freeText",
    name:
      / (comment|note|remark|memo|payment for|bio|biography|about|about me|message|feedback|complaint|reason|instruction|special instruction|testimonial|observation|personal detail|background info|cover letter|cv text version|serialized text|request detail|purpose|additional detail|extra information|other information|further information|endnote|last error|error message|teaser|phrase|additional info|final info|extra info|other info|note part \d+|body plain|objective|impact|relationship|funding source sought|expense describe|other expense describe|hobby|interest|keyword|notes|bemerkung|notiz|kommentar|commentaire|comentario|opmerking|nota|note internal|private note|note public|log|special request|delivery note|customer note|diet|requirement|medical note|transcript|conversation|question text|answer text|ethical issue description|reason for \w+) $|^ (comment|message|note) (text|content|body) $| comment content $/,
    not: / (count|type|enabled|id|title|count|at|code|permission|error count|label) $/,
    kinds: text,
    when: (seen) =>
      !(seen.catalogue &&
        !/ (return|comment|remark|memo|payment for|admin|banned reason) /.test(` ${seen.name}${seen.table} `)) &&
      !/ (icon|icon alt|release|patch|dissolution|cvv response|response|dissolved|meta|gift|assignment|check) (comment|note|message|text|notification) /
        .test(seen.name) &&
      !/ (patch note|dissolution) /.test(seen.table) &&
      !(/ keyword $/.test(seen.name) && seen.subject !== "person" && !/ search /.test(seen.table)) &&
      !(/ reason $/.test(seen.name) && (seen.column.length ?? 1000) < 100) &&
      !(/ (keyword|objective|reason|log|interest|purpose|impact|requirement|message|instruction|about) $/.test(
        seen.name,
      ) && seen.catalogue),
    confidence: "likely",
  },
  {
    holds: "freeText",
    name:
      / (other|additional|further|more|extra) (detail|info|information|specification|text|reason|comment|description) $|^ (\w+ )+other $| (message|text|sms|email|mail|letter) sent $/,
    kinds: text,
    when: ({ column }) => (column.length ?? 1000) >= 40 && !isSpecialCategory(column.name),
    confidence: "possible",
    because: () => "people write what no list has",
  },
  {
    holds: "freeText",
    name:
      /^( \w+)? (text|body|content|description|subject|title|summary|detail|value|story|info|header|answer|text value|heading|name|action|markeddown|markeddown comment|markeddown note|markeddown description|html|body html|content html|overview|desc) $/,
    kinds: text,
    when: (seen) => {
      if (seen.catalogue || / (active storage|template|archived debate|government response) /.test(` ${seen.table} `)) {
        return false;
      }
      const head = seen.name.trim();
      if (/ name$/.test(head)) return false;
      if (seen.subject === "writing") return head !== "name" && (head !== "value" || / answer $/.test(seen.table));
      if (head === "name") return / (task|todo) $/.test(seen.table);
      if (seen.subject === "person") {
        return /^(description|text|body|content|info)$/.test(head) || /(description|background info)$/.test(head);
      }
      if (seen.subject === "deed") return /(text|body|content|detail|description|info|summary)$/.test(head);
      return / (status|answer|plan|chapter|work|series|prompt|listing|court order|bookmark|invalidation|petition|research output|redaction|gpx file|suggested title|story text|attachment|message|rich text|custom field value|pseud|history) $/
            .test(seen.table) &&
          /(text|body|content|detail|description|summary|text value|title|desc|comment)$/.test(head) &&
          !/^(title)$/.test(head) || / (story text|plan|story|suggested title) $/.test(seen.table);
    },
    confidence: "possible",
    because: ({ table }) => `people write the rows of "${table.trim()}"`,
  },
];

function hasNeighbour({ neighbours }: Seen, name: RegExp): boolean {
  return neighbours.some((neighbour) => name.test(neighbour));
}
