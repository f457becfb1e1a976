/** Takes the names of tables and columns apart: `emp_FirstName`, `zipcode` and `IPAddress` in lower-case words. @module */

/** Words that names are joined from without a separator. Plurals are known with them. */
const joinable = new Set(
  ("access account addr address admin agent alt amount api author auth author avatar back bank banner bic billing birth blocked body branch " +
    "business buyer called caller card case cell child city client code comment company confirm contact content count country county " +
    "credit creator current customer data date day debit default delivery description display district driver email employee " +
    "employer encrypted face facebook family father fax file first full gender given google guest guardian hash head home host house " +
    "iban image info insurance invoice key kin last lat latitude legal license licence line link local location log login " +
    "lon long longitude mac maiden mail member message middle mobile mother name nation national new nick note number office old order org " +
    "organisation organization other owner page parent partner passport password patient payee payer payment person phone photo picture plate " +
    "post postal primary private profile province public race recipient recovery referrer refresh region remember reset salary salt " +
    "search secret security sender serial server session ship shipping signature site social spouse staff state street student " +
    "subject supplier support swift tax tel telephone text title token town twitter url user vat vehicle vendor vendor web " +
    "work zip").split(" "),
);

/** Words as a whole, so that they aren't taken for two. */
const whole = new Set(
  ("postcode background feedback postage homepage namespace username passcode keyword keywords username hostname timestamp backlog dialog catalog " +
    "weblog livelihood newsletter workflow workstation telegram person personal personality imagery filename contextual")
    .split(" "),
);

/** Joined words and short forms that mean one or several words. */
const spelledOut: Readonly<Record<string, string>> = {
  username: "user name",
  usernames: "user names",
  hostname: "host name",
  filename: "file name",
  surname: "last name",
  forename: "first name",
  fname: "first name",
  lname: "last name",
  mname: "middle name",
  firstname: "first name",
  lastname: "last name",
  nickname: "nick name",
  passcode: "password",
  passwd: "password",
  pwd: "password",
  pw: "password",
  addr: "address",
  adr: "address",
  tel: "phone",
  telephone: "phone",
  telefon: "phone",
  ph: "phone",
  phn: "phone",
  mob: "mobile",
  zip: "postcode",
  zipcode: "postcode",
  postalcode: "postcode",
  plz: "postcode",
  dob: "birth date",
  bday: "birth date",
  birthday: "birth date",
  birthdate: "birth date",
  mail: "email",
  emailaddress: "email address",
  num: "number",
  nr: "number",
  desc: "description",
  descr: "description",
  msg: "message",
  org: "organisation",
  organization: "organisation",
  licence: "license",
  lice: "license",
  pic: "picture",
  img: "image",
  lng: "longitude",
  lon: "longitude",
  lat: "latitude",
  sal: "salary",
  salary: "salary",
  dri: "driver",
  driving: "driver",
  homepage: "home page",
  website: "web site",
};

/** The words of a name, in order: singular, lower case, joined ones taken apart. Other scripts stay as they are. */
export function nameWords(name: string): readonly string[] {
  const spaced = name.replaceAll("ß", "ss").normalize("NFKD").replaceAll(/\p{M}/gu, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .replaceAll(/\be ?mail/g, "email").replaceAll(/\b(\d+)?(street|address|line|phone)(\d+)\b/g, "$2 $3")
    .replaceAll(/\bd o b\b/g, "dob").replaceAll(/\bpost code\b/g, "postcode").replaceAll(/\bi p\b/g, "ip")
    .replaceAll(/\buser ?agent\b/g, "useragent").replaceAll(/\bpass ?(word|phrase)\b/g, "password");
  return spaced.split(" ").filter((word) => word !== "").flatMap((word) => {
    const known = spelledOut[word] ?? spelledOut[singular(word)];
    if (known !== undefined) return known.split(" ").map(singular);
    return taken(word).flatMap((part) => (spelledOut[part] ?? part).split(" "));
  });
}

/** Whether names are made of this word, so that it is no short form of a table's name. */
export function isKnownWord(word: string): boolean {
  return joinable.has(word) || whole.has(word) || word in spelledOut || word === "bill";
}

const irregular: Readonly<Record<string, string>> = {
  people: "person",
  children: "child",
  ips: "ip",
  ids: "id",
  series: "series",
  aliases: "alias",
  statuses: "status",
  campuses: "campus",
  news: "news",
};

/** Without the `s` of a plural. */
export function singular(word: string): string {
  const known = irregular[word];
  if (known !== undefined) return known;
  if (/(ss|us|is|os|as)$/.test(word) || word.length < 4) return word;
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(sses|shes|ches|xes)$/.test(word)) return word.slice(0, -2);
  return word.replace(/s$/, "");
}

function taken(word: string): readonly string[] {
  const one = singular(word);
  if (whole.has(one) || joinable.has(one) || one.length < 6) return [one];
  return split(one) ?? [one];
}

/** The word as a row of at most four joinable words; undefined where it is none. */
function split(word: string, most = 4): readonly string[] | undefined {
  if (joinable.has(word)) return [word];
  if (most === 1) return undefined;
  for (let at = word.length - 3; at >= 3; at--) {
    const [left, right] = [word.slice(0, at), word.slice(at)];
    if (!joinable.has(left)) continue;
    const rest = split(right, most - 1) ?? split(singular(right), most - 1);
    if (rest) return [left, ...rest];
  }
  return undefined;
}
