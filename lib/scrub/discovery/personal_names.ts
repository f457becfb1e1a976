/** Names of columns that mean personal data, whatever their type: an integer may be a phone number, a timestamp a birthday. @module */

/** The subject of a column, by its name. */
export type Subject =
  | "birth"
  | "death"
  | "contact"
  | "location"
  | "identity"
  | "money"
  | "health"
  | "religion"
  | "ethnicity"
  | "politics"
  | "union"
  | "sexuality"
  | "biometrics"
  | "crime"
  | "family"
  | "hardship"
  | "unreadable";

/**
 * Words by subject, some in other languages. One of five letters or more counts wherever it stands in a name, so it may be the
 * stem of several words or a phrase that lost its spaces (`bloodgroup`, `date_of_death`); a shorter one counts as a word of its
 * own, or where a joined word begins or ends with it (`userdob`).
 */
const words: Readonly<Record<Exclude<Subject, "unreadable">, readonly string[]>> = {
  birth: list(
    "birth born bday dob bdate brthdt yob age aged elderly youth underage zodiac starsign olderthan youngerthan yearsold",
    "over18 under18 verjaardag fodsel foedsel urodz syntym geb",
    "geburt geboren naissance nacimiento nascimento nascita cumple edad idade leeftijd",
  ),
  death: list(
    "death died dead deceas dod suicid bereav fatalit obituar verstorben gestorben deces fallec",
  ),
  contact: list(
    "phone telef tel telp phn phno mob mobno mobile cellno cellnum fax msisdn landline whatsapp rufnummer celular movil",
  ),
  location: list(
    "postcode postal zip plz latit longit lat lng lon latlng latlon gps geoloc coordinat address addr street housenumber",
    "houseno hausnummer hausnr postleit",
    "hometown domicil residen ip ipv inet whereabouts adresse direccion endereco indirizzo strasse",
  ),
  identity: list(
    "nino ssn nhs sin tin itin vin pan passport visa driverlic driverslic drivinglic licencenumber licensenumber",
    "licenseplate licenceplate numberplate nationalid nationalinsurance socialsec taxid taxpayer utr medicaid medicare mrn",
    "account acct card cvv cvc pin iban sortcode routingn imei imsi iccid code number no nr num aadhaar aadhar pesel cpf",
    "curp dni nif nie bsn cnp oib cedula nric hkid cnic ktp personnummer reisepass ausweis steuer fiscalcode codicefiscale",
    "rekening otp passcode last4 lastfour taxcode matrikel",
  ),
  money: list(
    "salar wage sal pay payroll payslip paycheck pension earnings income remunerat compensat allowance bankbalance networth",
    "wealth debt bankrupt insolv mortgage overdraft creditscore creditrating taxband onbenefits benefits govtassist",
    "publicassist rentexpense universalcredit childsupport alimony gehalt lohn einkommen salaire sueldo",
  ),
  health: list(
    "health medic diagnos disease illness sick disabilit disabling disabledperson registereddisabled anyonedisabled condom",
    "sti amput prosthe glasses contactlens bodyhair tattoo scar moles ambulator cognitiv hearingdiff visiondiff selfcare",
    "disabledhous hygiene insured healthinsur lifeinsur handicap wheelchair pregnan preg gravid trimester maternity",
    "paternity miscarr abortion fertilit ivf menstru lastperiod contracept cesarean hiv aids hepatit cancer tumor tumour",
    "oncolog diabet asthma epilep seizure allerg blood bmi bodymass bodyfat bodyweight weightkg heightcm cholesterol",
    "hypertens heartrate heartdis heartattack cardiac stroke palpitat constipat sweat respirat eyesight blurredvis kidney",
    "lymph vaccin immuni immune covid tubercul leprosy pneumon influenza malaria symptom fever nausea cough headache",
    "migraine pain mental mentalhealth psych depression depressed anxi bipolar bypolar schizo autis adhd ptsd dementia",
    "alzheimer parkinson dyslex therap counselling rehab addict alcohol etoh drinker drinking drunk smoker smoking smokes",
    "tobacco nicotine drug cocaine opioid heroin cannabis substanceab substanceuse sober overweight obes deaf blind",
    "hearingaid impair specialneed carer diet vegan vegetarian glutenfree coeliac celiac injur casualt bedridden incapacit",
    "wellbeing selfharm systol diastol glucose iq cd4",
    "hospital inpatient outpatient surger surgic transplant organdon prescri dosage icd snomed treatment clinical",
    "genetic genom dna dental stiffness comorbid chronic krank gesundheit schwanger behinder maladie enceinte grossesse",
    "salud embaraz saude malattia",
  ),
  religion: list(
    "relig faith relgn rlgn church parish bapti christian catholic protestant muslim islam jewish hindu buddhis sikh atheis",
    "mosque synagogue halal kosher creed konfession kirche glaube",
  ),
  ethnicity: list(
    "ethni race ethn racial asian african afamerican hawaiian islander naturaliz black white nativeam nativehi aknative",
    "pacificisl mideast nationalit citizen immigra migrant asylum asylee refugee indigen aborigin hispanic latino latina",
    "latinx caucasian caste tribe tribal skincolo eyecolo haircolo mothertongue nativelang foreigner minority bame herkunft",
    "staatsang nacionalid undocumented deported deportation",
  ),
  politics: list(
    "politic politi votedfor votingintent voterreg electoral ideolog activist",
  ),
  union: list(
    "union tradeunion unionmember unionis unioniz gewerkschaft sindicat",
  ),
  sexuality: list(
    "sex gender gndr lgbt gay lesbian hetero homosex queer pronoun male female woman women man men nonbinary questioning",
    "maiden transitioned geschlecht anrede",
  ),
  biometrics: list(
    "biometr fingerprint facial faceid facescan iris retinascan voiceprint palmprint handprint",
  ),
  crime: list(
    "crimin convict offence offense offend felon arrest prison inmate jail parole probation dbs police guilty custody fraud",
    "courtorder suspect casier vorstraf strafregister antecedent",
  ),
  family: list(
    "marital married marriage matrimon divorc widow spouse husband wife fiance sibling kin nextofkin dependant mother",
    "father household fostercare foster haschildren numberofchildren noofchildren numchildren nochildren childrenunder",
    "guardian kids familymember familysize familystat relationshipstatus singleparent wedding newmom mum mom dad",
    "dependentcare caretaker verheiratet familienstand civilstat etatcivil estadocivil",
  ),
  hardship: list(
    "veteran militar combat worldwar vietnamwar koreanwar gulfwar desertstorm livingsit stablehous shelter foodassist",
    "foodstamp freeschoolmeal freelunch pupilpremium careleaver inrecovery senpupil sensupport",
    "homeless evict unemploy illitera violence victim survivor abused trauma welfare foodbank",
  ),
};

/** Words that mean too little as a part of another one. */
const onlyWhole = new Set(list(
  "mob sal scar moles sti shelter black white man men mum mom dad aged edad idade dod sin tin itin vin pan utr visa code",
  "number no nr num nie nif geb iq cd4 otp mental aids dna dental union caste iris dbs kin",
));

/** Words that contain a personal one by chance, or mean something else: the parts of such a word do not count. */
const harmless: readonly string[] = list(
  // age
  "page image stage storage package message usage manage language percentage average coverage outage shortage passage linkage",
  "leakage mileage postage voltage wattage footage acreage tonnage advantage baggage luggage garbage heritage",
  "lineage pilgrimage",
  "patronage engage courage damage breakage brokerage carriage cottage drainage envisage forage garage hostage montage overage",
  "sabotage salvage sewage signage vantage vintage village visage voyage cabbage beverage collage massage foliage",
  "sausage agent",
  "agency agencies agenda leverage shrinkage spillage spoilage linage blockage reconnaissance renaissance defiance",
  // ip
  "ship clip tip skip trip strip script chip flip slip drip grip hip lip dip rip zipped gzip unzip bzip vip equip snip gossip",
  "wip philip tulip ipad iphone ipsum receipt",
  // pay, card, account, wage, pension, income
  "payment payload paypal payout payable payer payee paywall prepay repay autopay payoff discard cardinal wildcard scorecard",
  "flashcard placard postcard cardboard accounting accountab accountant wager suspension dimension incoming learnings",
  // pin, lat, lon, tel, fax, inet, address, phone, mobile
  "pinned pinning ping pink pinch pine pinpoint pinterest pinyin pinnacle spin repin pushpin pinball pinwheel",
  "pinstripe pint lynchpin underpin lathe latte platitude flat plat splat",
  "slat late latin lattice latch latency long lone london colon semicolon salon talon melon nylon pylon avalon epsilon gallon",
  "marathlon triathlon decathlon echelon tell telemetry telegra television televis telescop telnet teleport",
  "telecom teleconf telex telepath hotel hostel intel",
  "motel cartel pastel halifax cabinet addressable microphone headphone saxophone phonetic automobile coordinator president",
  // the rest
  "adobe hive archive essex sussex wessex unisex sextet trace brace grace embrace terrace retrace stubborn airborne studied",
  "bodied tidied readied deadline deadlock deadletter paint spain campaign sickle midwife keystroke hospitality comedic",
  "intermedi remedi chronicle synchronic predecessor grandfathered heterogen reunion communion selector faithful disabled",
  "audience obedience immediate multimedia customiz broadcasted smother espouse racer motherboard",
  "discriminat discriminant approbation lifelong pronounc malevolen cardigan",
);

/** Words that names are made of, to take joined ones apart. */
const common: readonly string[] = list(
  "user client customer member patient person people employee emp staff student pupil owner author contact guest visitor",
  "player driver passenger parent child partner company order product group team admin sender recipient buyer seller",
  "applicant tenant donor candidate my his her their is has was had did can home work office business private personal",
  "main primary secondary alt other old new first last current previous next max min avg total count date day month year",
  "time at on in of by the for to from and or with without not id name type kind status state flag value level rating",
  "score index list band range bracket seen login signin logged remote local source src dest target host server public",
  "registered reg emergency night monthly annual yearly weekly hourly gross net base basic estimated verified positive",
  "negative test result full half ref key text note map view table item line field form data info roll policy file",
  "version post comment",
);

/** Words for facts about a number or a place: how many there are, or whether it was confirmed. */
const aspects = new Set(list(
  "count counter total kind type status state format verified unverified confirmed validated checked required enabled",
  "allowed visible hidden public private shared locked unlocked active inactive deleted disabled closed blocked banned",
  "suspended sent requested created updated changed modified synced migrated imported exported valid invalid primary",
  "default version order position limit length size width height used policy mode",
));
const aboutAspects = new Set<Subject>(["contact", "location", "identity"]);

/** Words at the end that mean nothing by themselves: `phone_verified_at`. */
const trailing = new Set(["at", "on", "time", "flag", "date"]);

/** Things that are numbered and coded without a person. */
const numbered = new Set(list(
  "page version major minor line row column build port sequence seq step revision attempt status error exit http response",
  "return chapter volume round week month season episode batch part slot level issue order item product sku unit class",
  "source reason result rounding state tax currency language country lang field form section question block",
));

/** Subjects whose foreign key says as much as their text: `religion_id`. */
export const specialSubjects: ReadonlySet<Subject> = new Set<Subject>([
  "health",
  "religion",
  "ethnicity",
  "politics",
  "union",
  "sexuality",
  "biometrics",
  "crime",
]);

const subjects: ReadonlyMap<string, Subject> = new Map(
  Object.entries(words).flatMap(([subject, its]) => its.map((word) => [word, subject as Subject] as const)),
);
const longWords = [...subjects.keys()].filter((word) => word.length >= 5 && !onlyWhole.has(word));
const shortWords = [...subjects.keys()].filter((word) => word.length < 5 && !onlyWhole.has(word));
const plainWords = new Set([...harmless, ...common]);
const knownWords = new Set([...plainWords, ...subjects.keys()]);

/**
 * The personal subject of a name; undefined where it has none. In doubt a name is personal, and so is one in another script.
 */
export function personalSubject(name: string): Subject | undefined {
  const plain = withoutAccents(name);
  if (/[^A-Za-z\P{L}]/u.test(plain)) return "unreadable";
  const parts = partsOf(plain);
  const found = parts.flatMap((part, at) => {
    const subject = subjectOf(part, parts[at - 1], parts[at + 1]);
    return subject ? [subject] : [];
  });
  found.push(...phrases(parts));
  if (tellsAspect(parts)) return found.find((subject) => !aboutAspects.has(subject));
  return found.find((subject) => specialSubjects.has(subject)) ?? found[0];
}

/** Whether even a foreign key of this name is personal, such as `religion_id`. */
export function isSpecialCategory(name: string): boolean {
  const subject = personalSubject(name);
  return subject !== undefined && specialSubjects.has(subject);
}

function withoutAccents(name: string): string {
  return name.replaceAll("ß", "ss").normalize("NFKD").replaceAll(/\p{M}/gu, "");
}

/** `dateOfBirth`, `date_of_birth`, `IPAddress` and `D_O_B` in lower-case parts. */
function partsOf(name: string): readonly string[] {
  const spaced = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase().replaceAll(/[^a-z0-9]+/g, " ");
  const withInitials = spaced.replaceAll(/\b[a-z](?: [a-z]\b)+/g, (letters) => letters.replaceAll(" ", ""));
  return withInitials.split(/ |(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])/).filter((part) => part !== "");
}

function subjectOf(part: string, before: string | undefined, after: string | undefined): Subject | undefined {
  const singular = part.replace(/s$/, "");
  if (plainWords.has(part) || plainWords.has(singular)) return undefined;
  const own = subjects.get(part) ?? subjects.get(singular);
  if (own) return isNumbering(part, before, after) ? undefined : own;
  if (splits(part, plainWords)) return undefined;
  for (const word of longWords) {
    const at = part.indexOf(word);
    if (at >= 0 && !isCovered(part, at, word)) return subjects.get(word);
  }
  for (const word of shortWords) {
    for (let at = part.indexOf(word); at >= 0; at = part.indexOf(word, at + 1)) {
      const [left, right] = [part.slice(0, at), part.slice(at + word.length)];
      if (splits(left, knownWords) && splits(right, knownWords)) return subjects.get(word);
      const atEdge = left === "" || right === "" || right === "s";
      if (atEdge && !isCovered(part, at, word)) return subjects.get(word);
    }
  }
  for (const word of ["number", "no", "nr", "num", "code"]) {
    const left = part.slice(0, -word.length);
    if (part.endsWith(word) && splits(left, knownWords) && !numbered.has(left)) return "identity";
  }
  return undefined;
}

/** `page_number`, `status_code` and `number_of_pages` identify no person; `no_reply` means no. */
function isNumbering(part: string, before: string | undefined, after: string | undefined): boolean {
  if (!/^(number|code|no|nr|num)s?$/.test(part)) return false;
  if (after !== undefined && /^(no|num)s?$/.test(part)) return true;
  return after === "of" || (before !== undefined && numbered.has(before));
}

/** The name's head is one of {@linkcode aspects}: `phone_verified_at` is no phone number, `verified_phone` is. */
function tellsAspect(parts: readonly string[]): boolean {
  const last = parts.findLast((part) => !trailing.has(part));
  return (last !== undefined && aspects.has(last)) || /^(number|no|count) of /.test(parts.join(" "));
}

/** A harmless word of the text contains the personal word there, and more. */
function isCovered(text: string, at: number, word: string): boolean {
  return harmless.some((other) => {
    if (other.length <= word.length) return false;
    for (let from = text.indexOf(other); from >= 0; from = text.indexOf(other, from + 1)) {
      if (from <= at && at + word.length <= from + other.length) return true;
    }
    return false;
  });
}

/** The subject of several parts together: `criminal_record`, `DoB`. A phrase begins where a part does: `top_honest` has no phone. */
function phrases(parts: readonly string[]): readonly Subject[] {
  return parts.slice(0, -1).flatMap((part, at): readonly Subject[] => {
    const joined = parts.slice(at).join("");
    const pair = `${part}${parts[at + 1]}`;
    return [...subjects].filter(([word]) =>
      word === pair || (word.length >= 5 && word.length > part.length && joined.startsWith(word))
    ).map(([, subject]) => subject);
  });
}

/** The text is a row of such words of two letters or more, or empty. */
function splits(text: string, known: ReadonlySet<string>): boolean {
  const reached = [0];
  for (let end = 2; end <= text.length; end++) {
    if (reached.some((from) => end - from > 1 && known.has(text.slice(from, end)))) reached.push(end);
  }
  return reached.at(-1) === text.length;
}

function list(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(" "));
}
