/** Names of columns that say what kind of thing a row is, and nothing about a person. @module */

/** Heads of names that no long text and no document has: the last word counts. Singular. */
const heads = new Set(
  ("type kind status state locale language lang currency country slug version format method mode role scope category priority level position " +
    "order class provider environment queue checksum digest mime encoding timezone zone color colour icon css theme unit sku upc ean isbn mpn " +
    "gateway action event operation phase stage frequency interval period severity visibility access layout iso symbol rating size width " +
    "height weight quantity model operator schema engine driver strategy algorithm charset collation protocol port environment region " +
    "department currency plan tier grade stage group segment policy journey mimetype extension filetype handler branch license " +
    "permission ability sort direction alignment align font style template placeholder label selector pattern regex path route view " +
    "controller table column field entity resource namespace package module component service channel medium topic tag year month day week hour " +
    "minute second duration timeout delay attempt retry count total sum amount price cost fee rate discount percentage score rank " +
    "max min limit threshold offset step sequence index ordering variant edition release build platform os architecture result outcome " +
    "availability condition occurrence recurrence schedule cron currency symbol prefix suffix separator decimal abbreviation acronym " +
    "code type uuid guid fingerprint etag hashid checksum sha md5 revision commit shape transition trigger stylesheet url uri link option feed script css html definition cost attr selected warning danger configuration config property annotation urn requirement success finish discard descriptor brand funding check")
    .split(" "),
);

/** Heads of names whose values are one of a few, or say the same whichever person a row is of. */
const codes = new Set(
  ("type kind status state locale language lang currency country slug version format method mode role scope category priority level position class " +
    "provider environment queue checksum mime timezone color colour css unit sku upc ean isbn mpn gateway action event phase stage frequency interval " +
    "period severity visibility rating size weight model operator protocol platform architecture layout iso symbol abbreviation permalink algorithm " +
    "direction alignment").split(" "),
);

/** What a `name` can be of that is no person. */
export const things: ReadonlySet<string> = new Set(
  ("product file table column field class event action model service queue brand bank card short host domain db database schema package plan plugin " +
    "provider job policy feature tag template item variant category school district county locality fee charity message group list role type key tr app " +
    "application source routing shape op program project course unit method status state country currency language region zone area module menu " +
    "widget theme layout screen page site store shop bucket server cluster node instance container image icon logo color font style rule " +
    "filter query view report metric event topic channel room location place building street city town province department division branch " +
    "team office position job level grade skill degree major institute institution university college programme track genre album film song " +
    "artist band game level species breed drug medicine vaccine device browser platform os version release edition license tax payment " +
    "shipping gateway method attribute option property value parameter variable setting config function procedure index constraint sequence trigger subject " +
    "nursery resource controller record entity object param header cookie cache session lock task step phase stage process workflow mailer service worker strategy " +
    "reporting payperiod tracker interview vacancy display courier recurring campaign variation concept collection series book title chapter document folder path form " +
    "question answer survey tagged tag scope permission api environment locale").split(" "),
);

/** Whether the name's head says that the values are codes. `words`: those of the name. */
export function namesCodes(words: readonly string[]): boolean {
  return codes.has(words.at(-1) ?? "");
}

/** Whether the name's head says what kind of thing a row is. `name`: its words between blanks. */
export function isHarmless(name: string): boolean {
  const head = name.trim().split(" ").at(-1) ?? "";
  return heads.has(head) || codes.has(head) || /^(name|key|alias|issuer|column|v2|nid)$/.test(head);
}
