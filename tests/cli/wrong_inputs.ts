/** The table of wrong inputs: what somebody types, and what must be said. The test beside it runs every row. @module */

/** A wrong input. */
export interface WrongInput {
  /** The arguments; split at spaces where they are one text. */
  readonly args: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Text of `c.yaml`. */
  readonly config?: string;
  /** Text of `reviewed.json`. */
  readonly reviewed?: string;
  /** Default: 2. */
  readonly status?: number;
  /** Default: `usage`. */
  readonly code?: string;
  /** Part of the message. */
  readonly says: string;
  /** Part of the hint. */
  readonly advises: string;
}

const run = "--postgresql-instances orders";
const at = (url: string) => ["review", "--url", url];
const local = "postgresql://me@localhost/shop";

const commandsAndWords: readonly WrongInput[] = [
  { args: "", says: "Cannot start: no source was named", advises: "--mysql-instances NAME" },
  { args: "scrub", says: "no source was named", advises: "--mysql-instances NAME" },
  { args: "scrubb", says: '"scrubb": unknown command', advises: "Did you mean scrubbers?" },
  { args: "reveiw", says: '"reveiw": unknown command', advises: "Did you mean review?" },
  { args: "reports schema", says: '"reports": unknown command', advises: "Did you mean report schema?" },
  { args: "config", says: '"config": unknown command', advises: "Did you mean config check?" },
  { args: "config chekc c.yaml", says: '"config": unknown command', advises: "Did you mean config check?" },
  { args: "orders", says: '"orders": unknown command or argument', advises: "behind its option" },
  { args: `${run} --region eu-west-1 eu-west-2`, says: '"eu-west-2": unknown', advises: "behind its option" },
  { args: "status now", says: '"now": unknown command or argument', advises: "--help" },
  { args: "scrubbers whitehall orders", says: '"orders": unknown', advises: "--help" },
  { args: "scrubbers whitehal", says: 'Cannot describe "whitehal"', advises: "Did you mean whitehall?" },
  { args: "scrubbers orders", says: 'Cannot describe "orders"', advises: "Name one of email-alert-api" },
  { args: "scrubbers --format github", says: '"github" is not one of table, json', advises: "Choose one of" },
  { args: "strategies emial", says: 'Cannot describe "emial"', advises: "Did you mean email?" },
  {
    args: "help config",
    says: 'Cannot help with "config": there is no such command',
    advises: "Name one of config check, config schema.",
  },
  { args: "strategies magic", says: 'Cannot describe "magic"', advises: "Name one of blank, " },
  { args: "strategies email lorem", says: '"lorem": unknown', advises: "--help" },
  { args: "help reviw", says: 'Cannot help with "reviw"', advises: "Did you mean review?" },
  { args: "help orders", says: 'Cannot help with "orders"', advises: "datascrubber help lists all" },
  { args: "help review plan", says: 'Cannot help with "review plan"', advises: "datascrubber help lists all" },
  { args: "completions", says: "its bash|zsh|fish is missing", advises: "datascrubber completions bash|zsh|fish" },
  { args: "completions powershell", says: '"powershell" is not one of', advises: "Choose one of bash, zsh, fish" },
  { args: "config check", says: "its FILE is missing", advises: "datascrubber config check FILE" },
  { args: "verify-report", says: "its FILE [SNAPSHOT] is missing", advises: "verify-report FILE [SNAPSHOT]" },
  { args: "verify-report run.json", says: "neither SNAPSHOT nor --public-key is given", advises: "Write the snapshot" },
  { args: ["verify-report", "run.json", "my snapshot"], says: '"my snapshot"', advises: "final snapshot's identifier" },
  { args: "finish my_orders", says: "can't be the name of an instance", advises: "" },
  {
    args: "finish orders --run 0123456789abcdef0123456789abcdef",
    says: "both a source and --run are given",
    advises: "Write either",
  },
  { args: "finish --share-with 12", says: "--share-with", advises: "12 digits" },
  { args: "finish --kms-key k", says: '"--kms-key" with finish', advises: "Leave it out" },
  { args: "parameter-group", says: "its INSTANCE is missing", advises: "datascrubber parameter-group INSTANCE" },
  {
    args: "parameter-group my_orders",
    says: '"my_orders" can\'t be the name of an instance',
    advises: "single hyphens",
  },
  { args: "parameter-group orders --wait", says: '"--wait" with parameter-group', advises: "Leave it out" },
  { args: "status --dry-run", says: 'Cannot use "--dry-run" with status', advises: "Leave it out" },
  { args: "man --region eu-west-1", says: "it takes no options", advises: "datascrubber man alone" },
  { args: "sweep --share-with 123456789012", says: '"--share-with" with sweep', advises: "Leave it out" },
  { args: `review ${run}`, says: '"--postgresql-instances" with review', advises: "Leave it out" },
  { args: `${run} --url ${local}`, says: "Cannot use --url with a run", advises: "datascrubber plan" },
  { args: `${run} --write`, says: "Cannot use --write with a run", advises: "datascrubber plan" },
  { args: `${run} --run ${"0".repeat(32)}`, says: "Cannot use --run with a run", advises: "datascrubber sweep" },
  { args: `${run} --format json`, says: "--format with a run", advises: "Write the command" },
];

const optionSpellings: readonly WrongInput[] = [
  { args: `${run} --frobnicate`, says: '"--frobnicate": there is no such option', advises: "--help lists" },
  { args: `${run} --dryrun`, says: '"--dryrun": there is no such option', advises: "Did you mean --dry-run?" },
  { args: "--postgresql-instance orders", says: "no such option", advises: "Did you mean --postgresql-instances?" },
  { args: `${run} --no-wait`, says: '"--no-wait": there is no such option', advises: "Did you mean --wait?" },
  { args: `${run} -n`, says: '"-n": there is no such option', advises: "--help" },
  { args: `${run} -dry-run`, says: '"-dry-run": there is no such option', advises: "Did you mean --dry-run?" },
  { args: `${run} --`, says: '"--": there is no such option', advises: "--help" },
  { args: `${run} --region`, says: "Cannot use --region: its value is missing", advises: "Write --region REGION" },
  { args: `${run} --region --wait`, says: "--region: its value is missing", advises: "Write --region REGION" },
  { args: [...run.split(" "), "--region", ""], says: "--region: its value is empty", advises: "Write --region REGION" },
  { args: `${run} --region=`, says: "--region: its value is empty", advises: "Write --region REGION" },
  { args: "--mysql-hosts", says: "--mysql-hosts: its value is missing", advises: "Write --mysql-hosts HOST…" },
  { args: `${run} --region eu-west-1 --region eu-west-2`, says: "it was given 2 times", advises: "Give it once" },
  ...["yes", "no", "true", "FALSE", "on", "off", "1", "0"].map((word): WrongInput => ({
    args: `${run} --wait ${word}`,
    says: "Cannot use --wait: it takes no value",
    advises: "Write --wait alone, or leave it out",
  })),
  { args: `${run} --dry-run=no`, says: "--dry-run: it takes no value", advises: "alone, or leave it out" },
  { args: `${run} --max-age 1w`, says: "--max-age", advises: "h" },
  { args: `${run} --max-age 0`, says: "--max-age", advises: "" },
  {
    args: "--mysql-instances mine --clone",
    says: 'Cannot use --clone with --mysql-instances "mine": only Aurora clusters are cloned',
    advises: "--mysql-clusters",
  },
  {
    args: "--mysql-clusters mine --clone --fresh-snapshot",
    says: "Cannot use --clone with --fresh-snapshot",
    advises: "one of them",
  },
  {
    args: "--mysql-clusters mine --clone --kms-key alias/other",
    says: "Cannot use --clone with --kms-key",
    advises: "one of them",
  },
  {
    args: "--mysql-snapshots mine --fresh-snapshot",
    says: '--fresh-snapshot with --mysql-snapshots "mine"',
    advises: "--mysql-instances",
  },
  { args: `${run} --final-snapshot copy`, says: "copy", advises: "create" },
  { args: `${run} --prove=`, says: "--prove: it takes no value", advises: "alone, or leave it out" },
];

const sources: readonly WrongInput[] = [
  {
    args: "--mysql-hosts a --mysql-instances b",
    says: "--mysql-hosts and --mysql-instances together",
    advises: "all of them by host",
  },
  {
    args: "",
    environment: { DATASCRUBBER_MYSQL_HOSTS: "a", DATASCRUBBER_MYSQL_SNAPSHOTS: "b" },
    says: "DATASCRUBBER_MYSQL_HOSTS and DATASCRUBBER_MYSQL_SNAPSHOTS together",
    advises: "all by snapshot",
  },
  { args: "--mysql-instances a b A", says: 'instance "a": it was named twice', advises: "Name every source once" },
  { args: "--mysql-hosts db.example DB.example.", says: "it was named twice", advises: "Name every source once" },
  { args: "--mysql-instances a --postgresql-instances a", says: "it was named twice", advises: "every source once" },
  {
    args: "--mysql-hosts db:3306",
    says: '"db:3306" can\'t be the name of a host',
    advises: "without a scheme or port",
  },
  { args: "--mysql-hosts mysql://db", says: "can't be the name of a host", advises: "without a scheme or port" },
  { args: "--mysql-hosts a,b", says: '"a,b" can\'t be the name of a host', advises: "name alone" },
  { args: "--mysql-hosts a/b", says: "can't be the name of a host", advises: "name alone" },
  { args: "--mysql-hosts [::1]", says: "can't be the name of a host", advises: "name alone" },
  { args: "--mysql-instances a--b", says: "can't be the name of an instance", advises: "single hyphens" },
  { args: "--mysql-instances 1a", says: "can't be the name of an instance", advises: "a letter first" },
  { args: "--mysql-instances a.b", says: "can't be the name of an instance", advises: "letters, digits" },
  {
    args: "--mysql-instances arn:aws:rds:eu-west-1:123456789012:db:a",
    says: "can't be the name of an instance",
    advises: "identifier",
  },
  { args: "--mysql-clusters a_b", says: "can't be the name of a cluster", advises: "Aurora cluster's identifier" },
  { args: "--mysql-clusters a --mysql-instances b", says: "together", advises: "all by cluster" },
  { args: "--mysql-snapshots a_b", says: "can't be the name of a snapshot", advises: "rds:orders-2026" },
  { args: `${run} --dns-server dns.example`, says: "is not ADDRESS or ADDRESS:PORT", advises: "IP address" },
  { args: `${run} --dns-server 127.0.0.1:99999`, says: "is not ADDRESS or ADDRESS:PORT", advises: "192.0.2.53:5353" },
  { args: `${run} --region Ireland`, says: '"Ireland" can\'t be the name of a region', advises: "eu-west-1" },
  { args: `${run} --region eu-west-1a`, says: "can't be the name of a region", advises: "eu-west-1" },
];

const values: readonly WrongInput[] = [
  { args: `${run} --timeout soon`, says: '"soon" is not a duration', advises: "such as 90m; a bare number is minutes" },
  { args: `${run} --timeout 5x`, says: '"5x" is not a duration', advises: "such as 90m" },
  { args: `${run} --timeout 0`, says: '"0" is not within 600ms to 7d', advises: "from 600ms to 7d" },
  { args: `${run} --timeout 8d`, says: '"8d" is not within 600ms to 7d', advises: "from 600ms to 7d" },
  { args: `${run} --timeout -5`, says: '"-5" is not within', advises: "bare number is minutes" },
  { args: [...run.split(" "), "--timeout", "1 h"], says: '"1 h" is not a duration', advises: "such as 90m" },
  { args: `${run} --timeout 1,5h`, says: '"1,5h" is not a duration', advises: "such as 90m" },
  { args: `${run} --snapshot-timeout 200`, says: "is not within 36s to 7d", advises: "a bare number is hours" },
  { args: `${run} --heartbeat 2d`, says: "is not within 30ms to 1d", advises: "a bare number is minutes" },
  { args: `${run} --poll-interval 1h`, says: "is not within 10ms to 10m", advises: "a bare number is seconds" },
  {
    args: `${run} --max-age never`,
    says: '"never" is not a duration',
    advises: "Write a duration from 36s to 3650d; a bare number is hours.",
  },
  { args: "sweep --timeout never", says: '"never" is not a duration', advises: "such as 90m" },
  { args: `${run} --concurrency 0`, says: '"0" is not within 1 to 64', advises: "a whole number from 1 to 64" },
  { args: `${run} --concurrency two`, says: '"two" is not a number', advises: "a whole number from 1 to 64" },
  { args: `${run} --concurrency 1.5`, says: '"1.5" is not a whole number', advises: "a whole number from 1 to 64" },
  { args: `${run} --snapshot-retention -1`, says: '"-1" is not within 0 to 1000', advises: "from 0 to 1000" },
  { args: `${run} --snapshot-retention all`, says: '"all" is not a number', advises: "from 0 to 1000" },
  { args: `${run} --log-level loud`, says: '"loud" is not one of DEBUG, INFO', advises: "Choose one of DEBUG" },
  { args: `${run} --log-level warn`, says: '"warn" is not one of', advises: "Did you mean WARNING?" },
  { args: `${run} --log-mode stderr`, says: '"stderr" is not one of console, syslog', advises: "Choose one of" },
  { args: `${run} --log-format jsn`, says: '"jsn" is not one of text, json', advises: "Did you mean json?" },
  { args: `${run} --leak-search none`, says: '"none" is not one of full, sample, off', advises: "Choose one of" },
  { args: `${run} --unknown-databases keep`, says: '"keep" is not one of', advises: "--keep-database NAME" },
  { args: `${run} --on-drift keep`, says: '"keep" is not one of refuse, blank', advises: "--reviewed FILE" },
  { args: `${run} --on-drift ignore`, says: '"ignore" is not one of', advises: "Choose one of refuse, blank" },
  { args: `${run} --share-with 123456789`, says: '"123456789" is not an AWS account id', advises: "all 12 digits" },
  { args: `${run} --share-with 1234-5678-9012`, says: "of 12 digits", advises: "12 digits alone" },
  { args: `${run} --share-with all`, says: '"all" is not an AWS account id', advises: "12 digits alone" },
  { args: `${run} --keep-database /x`, says: '"/x" is not SOURCE/NAME', advises: "before the first slash" },
  { args: `${run} --drop-database s/`, says: '"s/" is not SOURCE/NAME', advises: "before the first slash" },
  { args: `${run} --keep-database x --drop-database x`, says: 'both keep "x" and drop "x"', advises: "Leave it out" },
  { args: `${run} --keep-database x --drop-database s/x`, says: 'keep "x" and drop "s/x"', advises: "Leave it out" },
  {
    args: [...run.split(" "), "--region", "eu\x1b[31m"],
    says: "holds a control character",
    advises: "Leave the control",
  },
  { args: "sweep --run 1", says: "can't be the id of a run", advises: "32 hexadecimal digits" },
];

const awsNames: readonly WrongInput[] = [
  { args: `${run} --copy-to Frankfurt`, says: '"Frankfurt" can\'t be the name of a region', advises: "eu-west-1" },
  { args: `${run} --copy-to us-east-1:my-key`, says: '"my-key" can\'t be a KMS key', advises: "an alias (alias/NAME)" },
  { args: `${run} --copy-to us-east-1 us-east-1:alias/x`, says: "us-east-1 was given twice", advises: "Give it once" },
  {
    args: `${run} --region us-east-1 --copy-to us-east-1`,
    says: "us-east-1 is the region of the run",
    advises: "Leave it out",
  },
  {
    args: `${run} --copy-to us-east-1:arn:aws:kms:eu-west-1:123456789012:key/mrk-1`,
    says: "the key is of eu-west-1",
    advises: "Give a key of us-east-1",
  },
  { args: `${run} --copy-to us-east-1:alias/${"k".repeat(240)}`, says: "240 characters", advises: "its id or ARN" },
  {
    args: `${run} --refresh Not_Ours`,
    says: '"Not_Ours" can\'t be the name of an instance',
    advises: "letters, digits",
  },
  { args: `${run} --postgresql-instances b --refresh staging`, says: "with 2 sources", advises: "a run of its own" },
  {
    args: "--postgresql-clusters a --refresh staging",
    says: "with --postgresql-clusters: only DB instances are refreshed",
    advises: "by hand",
  },
  { args: "--mysql-instances staging --refresh Staging", says: "is the source of the run", advises: "no production" },
  { args: `${run} --kms-key my-key`, says: '"my-key" can\'t be a KMS key', advises: "an alias (alias/NAME)" },
  { args: `${run} --kms-key alias/`, says: '"alias/" can\'t be a KMS key', advises: "its ARN" },
  { args: `${run} --kms-key arn:aws:iam::123456789012:role/x`, says: "can't be a KMS key", advises: "Write its id" },
  {
    args: `${run} --s3-export s3://dumps --s3-kms-key k`,
    says: '--s3-kms-key: "k" can\'t be',
    advises: "Write its id",
  },
  { args: `${run} --security-groups default`, says: "can't be the id of a security group", advises: "not names" },
  { args: `${run} --security-groups sg-1 vpc-1`, says: '"vpc-1" can\'t be the id', advises: "sg-0a1b2c3d" },
  { args: `${run} --security-groups sg-1,sg-2`, says: '"sg-1,sg-2" can\'t be the id', advises: "Write ids" },
  { args: `${run} --instance-class t4g.large`, says: "can't be an instance class", advises: "db.t4g.large" },
  { args: `${run} --finish-by tomorrow`, says: '"tomorrow" is neither a time of day', advises: "such as 06:00" },
  { args: `${run} --finish-by 4`, says: '"4" is neither a time of day', advises: "or 4h" },
  { args: `${run} --storage-type gp4`, says: '"gp4" is not one of gp2, gp3, io1', advises: "Did you mean gp2?" },
  { args: `${run} --iops 999`, says: "is not within 1000 to 256000", advises: "Give a whole number" },
  { args: `${run} --storage-throughput 4001`, says: "is not within 125 to 4000", advises: "Give a whole number" },
  { args: `${run} --warm lots`, says: '"lots" is neither auto, off nor a number', advises: "from 1 to 256" },
  { args: `${run} --allocated-storage 1.5`, says: "is not a whole number", advises: "from 5 to 65536" },
  { args: `${run} --isolate --parameter-group mine`, says: "--isolate with --parameter-group", advises: "Leave one" },
  { args: `${run} --parameter-group my_group`, says: "can't be a DB parameter group", advises: "single hyphens" },
  { args: `${run} --option-group my--group`, says: "can't be an option group", advises: "single hyphens" },
  { args: `${run} --subnet-group a/b`, says: "can't be a DB subnet group", advises: "Write its name" },
  { args: `${run} --s3-export s3://ab`, says: '"ab" can\'t be the name of a bucket', advises: "3 to 63" },
  { args: `${run} --s3-export s3://My_Bucket/x`, says: "can't be the name of a bucket", advises: "small letters" },
  { args: `${run} --s3-export https://dumps/x`, says: "is not s3://BUCKET/PREFIX", advises: "s3://dumps/scrubbed" },
  { args: `${run} --s3-export dumps`, says: "is not s3://BUCKET/PREFIX", advises: "s3://dumps/scrubbed" },
  { args: `${run} --s3-export s3://dumps//x`, says: "can't be a prefix", advises: "single slashes" },
];

const outputs: readonly WrongInput[] = [
  { args: `${run} --s3-format custom`, says: "--s3-format without --s3-export", advises: "Give --s3-export too" },
  {
    args: `${run} --pg-dump /x/pg_dump`,
    says: "--pg-dump without --s3-export or --rebuild",
    advises: "Give --s3-export or --rebuild too",
  },
  { args: `${run} --pg-restore /x/pg_restore`, says: "--pg-restore without --rebuild", advises: "Give --rebuild too" },
  {
    args: "--mysql-clusters c --rebuild",
    says: '--rebuild with --mysql-clusters "c": only DB instances are rebuilt',
    advises: "scrub the clusters in a run of their own",
  },
  {
    args: `${run} --rebuild --keep-accounts`,
    says: "--rebuild with --keep-accounts: no password can be carried",
    advises: "Leave one of them out",
  },
  {
    args: "--mysql-instances b --s3-export s3://dumps --s3-format custom",
    says: "MySQL has no custom format",
    advises: "Choose sql.gz or sql.zst",
  },
  {
    args: `${run} --s3-export s3://dumps --s3-encryption AES256 --s3-kms-key alias/x`,
    says: "--s3-kms-key with --s3-encryption AES256",
    advises: "--s3-encryption aws:kms",
  },
  {
    args: `${run} --s3-export s3://dumps --s3-format tar`,
    says: '"tar" is not one of sql.gz',
    advises: "Choose one of",
  },
  { args: `${run} --icinga-config /y`, says: "--icinga-config without --icinga-host", advises: "Give --icinga-host" },
  { args: `${run} --icinga-host a:99999`, says: "is not HOST or HOST:PORT", advises: "monitoring.example:5667" },
  { args: `${run} --notify hooks.example/hunter2`, says: "is not an http or https URL", advises: "the whole URL" },
  { args: `${run} --report /gone/r.json`, says: "its folder does not exist", advises: "a folder that exists" },
  { args: `${run} --report-html /closed/r.html`, says: "is closed to this user", advises: "that you may write to" },
  { args: `${run} --metrics-file /folder`, says: "it is a folder", advises: "Name a file" },
  {
    args: `${run} --report r --report-html r`,
    says: '--report and --report-html together: both name "r"',
    advises: "two",
  },
];

/** Each state that a file can be in, with how it is said for a file that has to be text. */
const fileStates = [
  ["/gone/x", "does not exist", "Check the path"],
  ["/closed/x", "is closed to this user", "Let this user read it"],
  ["/folder", "is a folder", "Name a file in it"],
  ["/file/x", "has a file where a folder should be", "Name a readable file"],
] as const;

const files: readonly WrongInput[] = [
  ...fileStates.flatMap(([path, says, advises]): readonly WrongInput[] => [
    { args: `${run} --config ${path}`, says: `Cannot read --config: "${path}" ${says}`, advises },
    { args: "", environment: { DATASCRUBBER_CONFIG: path }, says: `DATASCRUBBER_CONFIG: "${path}" ${says}`, advises },
    { args: `${run} --tls-ca ${path}`, says: `Cannot read --tls-ca: "${path}" ${says}`, advises },
    { args: `${run} --reviewed ${path}`, says: `Cannot read --reviewed: "${path}" ${says}`, advises },
    { args: `${run} --pseudonym-key-file ${path}`, says: `"${path}" ${says}`, advises },
    { args: `config check ${path}`, says: `"${path}" ${says}`, advises },
    { args: `verify-report ${path} scrubbed-a`, says: `Cannot read the report: "${path}" ${says}`, advises },
    { args: [...at(local), "--reviewed", path], says: `Cannot read --reviewed: "${path}" ${says}`, advises },
  ]),
  { args: `${run} --config /binary`, says: "it is not text in UTF-8", advises: "saved as UTF-8" },
  { args: `${run} --config /latin1`, says: "it is not text in UTF-8", advises: "saved as UTF-8" },
  { args: `${run} --reviewed /binary`, says: "is not text in UTF-8", advises: "saved as UTF-8" },
  { args: `${run} --reviewed /latin1`, says: "is not text in UTF-8", advises: "saved as UTF-8" },
  { args: `${run} --reviewed /empty`, says: "is empty", advises: "Name another file" },
  { args: `${run} --tls-ca /empty`, says: "does not hold certificates in PEM", advises: "BEGIN CERTIFICATE" },
  { args: `${run} --tls-ca /binary`, says: "does not hold certificates in PEM", advises: "BEGIN CERTIFICATE" },
  { args: `${run} --pseudonym-key-file /empty`, says: "holds fewer than 32 bytes", advises: "/dev/urandom" },
  { args: `${run} --prices /empty`, says: '"/empty" is no table of prices', advises: '"regions": { "eu-west-1"' },
  { args: `${run} --prices run.json`, says: '"run.json" is no table of prices', advises: "Write JSON such as" },
  { args: "verify-report /empty scrubbed-a", says: "it is empty", advises: "that --report has written" },
  { args: "verify-report /binary scrubbed-a", says: "it is not a report of a run", advises: "whole and unchanged" },
  { args: "verify-report c.yaml scrubbed-a", says: "it is not a report of a run", advises: "whole and unchanged" },
];

const yaml = (config: string, says: string, advises: string): WrongInput => ({
  args: "--config c.yaml",
  config,
  says,
  advises,
});
const contents: readonly WrongInput[] = [
  yaml("mysql-host: a", 'line 1: there is no option "mysql-host"', "Did you mean mysql-hosts?"),
  yaml("--mysql-hosts: a", 'there is no option "--mysql-hosts"', "Did you mean mysql-hosts?"),
  yaml("region: [", "a bracket is not closed", "indent the values"),
  yaml("region: a\n  wait: true", "two colons with a space behind them", "into quotes"),
  yaml("region: a\nregion: b", "line 2: an option is set twice", "Set it once"),
  yaml("region: a\n\twait: true", "YAML", "s"),
  yaml('region: "a', "a quote, bracket, comma or colon is missing", "Close what is open"),
  yaml('region: "\\q"', "a backslash in double quotes", "single quotes"),
  yaml("region: @x", "a value begins with a character that means something else", "into quotes"),
  yaml("region: *x", "the value of region is not one value", "region: REGION"),
  yaml("region: !!binary aGk=", "a value begins with !", "into quotes"),
  yaml("region: a\n---\nregion: b", "--- begins a second document", "one document"),
  yaml("- region", "it is not a list of options with values", "one option: value a line"),
  yaml("region", "it is not a list of options with values", "one option: value a line"),
  yaml("dry-run: maybe", "the value of dry-run is neither true nor false", "dry-run: true"),
  yaml("region: [a, b]", "the value of region is not one value", "region: REGION"),
  yaml("mysql-hosts:", "neither one value nor a list of values", "mysql-hosts: [HOST]"),
  yaml("config: d.yaml", "--config can't be set in a file", "on the command line"),
  yaml("mysql-hosts: a\ntimeout: soon", 'timeout in "c.yaml": "soon" is not a duration', "such as 90m"),
  ...([
    ["{", "line 1: it is not JSON", "double quotes"],
    ['{\n  "whitehall": [],\n}', "line 3: it is not JSON", "none behind the last"],
    ["[1]", "it is no object of lists by scrubber", "reason"],
    ['{ "orders": [] }', 'has entries for "orders", and there is no such scrubber', "Name one of email-alert-api"],
    ['{ "whitehal": [] }', "there is no such scrubber", "Did you mean whitehall?"],
    ['{ "whitehall": {} }', '"whitehall": it is no list of entries', "reason"],
    ['{ "whitehall": [{ "table": "x", "column": "y" }] }', "entry 1", "reason"],
    ['{ "whitehall": [{ "table": "x", "reason": "", "by": "b", "source": "s" }] }', 'its "reason" is empty', "reason"],
    ['{ "whitehall": [{ "view": "x" }] }', 'it names no "table", "group" or "object"', "Each entry names"],
  ] as const).map(([reviewed, says, advises]): WrongInput => ({
    args: `${run} --reviewed reviewed.json`,
    reviewed,
    says,
    advises,
  })),
];

const variable = (name: string, value: string, says: string, advises: string): WrongInput => ({
  args: run,
  environment: { [`DATASCRUBBER_${name}`]: value },
  says,
  advises,
});
const environment: readonly WrongInput[] = [
  variable("DRYRUN", "true", 'variable "DATASCRUBBER_DRYRUN": there is no such option', "DATASCRUBBER_DRY_RUN"),
  variable("DRY_RUN", "maybe", '"maybe" is neither true nor false', "Write true or false"),
  variable("WAIT", "2", '"2" is neither true nor false', "Write true or false"),
  variable("SHARE_WITH", ",", '"," holds no value', "spaces or commas"),
  variable("SHARE_WITH", "12", 'DATASCRUBBER_SHARE_WITH: "12" is not an AWS', "12 digits"),
  variable("TIMEOUT", "5 minutes", 'DATASCRUBBER_TIMEOUT: "5 minutes" is not a duration', "such as 90m"),
  variable("LOG_LEVEL", "verbose", "DATASCRUBBER_LOG_LEVEL", "Choose one of DEBUG"),
  variable("REGION", '"eu-west-1"', "DATASCRUBBER_REGION", "Write a region's name"),
  variable("REGION", "eu-west-1 ", "DATASCRUBBER_REGION", "Write a region's name"),
  variable("CONCURRENCY", "many", 'DATASCRUBBER_CONCURRENCY: "many" is not a number', "from 1 to 64"),
  variable("KMS_KEY", "x", 'DATASCRUBBER_KMS_KEY: "x" can\'t be', "alias/NAME"),
  variable("NOTIFY", "hunter2", "DATASCRUBBER_NOTIFY: it is not an http or https URL", "the whole URL"),
  variable("REPORT", "/gone/r.json", "Cannot write DATASCRUBBER_REPORT", "a folder that exists"),
  variable("REVIEWED", "/gone/r.json", "Cannot read DATASCRUBBER_REVIEWED", "Check the path"),
];

const secret = "hunter2";
const inVariable = (url: string, says: string, advises: string): WrongInput => ({
  args: "review",
  environment: { DATASCRUBBER_URL: url },
  says: `DATASCRUBBER_URL: ${says}`,
  advises,
});
const urls: readonly WrongInput[] = [
  { args: "review", says: "no database is named", advises: "DATASCRUBBER_URL" },
  { args: "plan", says: "no source was named", advises: "--mysql-instances" },
  {
    args: at(`postgresql://me:${secret}@db.example/shop`),
    says: "everybody on this machine",
    advises: "DATASCRUBBER_URL",
  },
  inVariable(`localhost/${secret}`, "it is not the URL of a database: it has no scheme", "postgresql://USER@HOST"),
  inVariable(
    `https://me:${secret}@localhost/`,
    'it is not the URL of a database: its scheme is "https"',
    "postgresql://USER@HOST",
  ),
  inVariable(
    `oracle://me:${secret}@localhost/shop`,
    'it is not the URL of a database: its scheme is "oracle"',
    "mysql://USER@HOST",
  ),
  inVariable(`jdbc:postgresql://localhost/${secret}`, "it begins with jdbc:", "postgresql://USER@HOST"),
  inVariable(`postgresql:me:${secret}@localhost`, "it names no host", "postgresql://USER@HOST"),
  inVariable(`postgresql://me:${secret}@localhost:port/shop`, "its port is not a number", ":PORT"),
  inVariable(`postgresql://me:${secret}@localhost:70000/shop`, "its port is not a number up to 65535", ":PORT"),
  inVariable(`postgresql://me:${secret}@[::1]:x/shop`, "its port is not a number", ":PORT"),
  inVariable(`postgresql://me:${secret}@localhost:0/shop`, "its port is 0", "listens on"),
  inVariable(`postgresql://me:${secret}/1@localhost/shop`, "it is not a valid URL", "%2F"),
  inVariable(`postgresql://me:${secret}#1@localhost/shop`, "it is not a valid URL", "%23"),
  inVariable(`postgresql://me:${secret}@localhost/shop#x`, "it holds a #", "%23"),
  inVariable(`postgresql://me:%${secret}@localhost/shop`, "it has a stray %", "%25"),
  inVariable(`postgresql://me:${secret}%00@localhost/shop`, "it holds a NUL", "Leave it out"),
  inVariable(`postgresql://me:${secret}@/shop`, "it names no host", "Unix sockets"),
  inVariable(`postgresql:///shop`, "it names no host", "Unix sockets are not supported"),
  inVariable(`postgresql://me@%2Frun%2Fpostgresql/shop`, "it names no host", "Unix sockets are not supported"),
  inVariable(`${local}?host=/run/postgresql`, "it names no host", "Unix sockets are not supported"),
  inVariable(`mysql://me@localhost/shop?socket=/run/mysqld.sock`, "it names no host", "Unix sockets are not supported"),
  inVariable("postgresql://me@one.example,two.example/shop", "it names several hosts", "Name one"),
  inVariable("postgresql://me@dä.example/shop", "its host is not a host's name", "letters, digits"),
  inVariable("postgresql://me@a%20b/shop", "its host is not a host's name", "letters, digits"),
  inVariable(`mysql://me:${secret}@localhost`, "it names no database", "mysql://USER@HOST/DATABASE"),
  inVariable(`mysql://me:${secret}@localhost/a/b`, "it names no database", "mysql://USER@HOST/DATABASE"),
  inVariable("mysql://localhost/shop", "it names no user", "mysql://USER@HOST/DATABASE"),
  inVariable(`${local}?port=5433`, "its parameter port is not supported", "HOST:PORT"),
  inVariable(`${local}?user=x`, "its parameter user is not supported", "before the host"),
  inVariable(`${local}?password=${secret}`, "its parameter password is not supported", "environment"),
  inVariable(`${local}?service=x`, "its parameter service is not supported", "PGSERVICE"),
  inVariable(`${local}?sslrootcert=ca.pem`, "its parameter sslrootcert is not supported", "--tls-ca"),
  inVariable(`mysql://me@localhost/shop?ssl-ca=ca.pem`, "its parameter ssl-ca is not supported", "--tls-ca"),
  inVariable(`${local}?sslmode=yes`, "its sslmode is unknown", "sslmode=disable, allow, prefer, require, verify-ca"),
  inVariable(`${local}?sslmode=require&sslmode=disable`, "its sslmode is given twice", "verify-full"),
  inVariable("mysql://me@localhost/shop?ssl-mode=on", "its sslmode is unknown", "ssl-mode=DISABLED, PREFERRED"),
  inVariable("postgresql://me@db.example/shop?sslmode=disable", "it disables TLS to another machine", "--insecure"),
  inVariable("postgresql://me@192.0.2.1/shop", "it has an IP address", "host's name, or add --insecure"),
  inVariable("mysql://me@[2001:db8::1]/shop", "it has an IP address", "host's name, or add --insecure"),
  inVariable("postgresql://me@127.0.0.1/shop?sslmode=verify-full", "it has an IP address", "Write localhost"),
  inVariable("postgresql://me@[::1]/shop?sslmode=verify-ca", "it has an IP address", "Write localhost"),
  {
    args: ["plan", "--url", local, "--mysql-instances", "a"],
    says: "--url with --mysql-instances",
    advises: "Leave out",
  },
  { args: ["plan", "--url", local, "--wait"], says: "--url with --wait", advises: "Leave out" },
  { args: ["plan", "--mysql-instances", "a", "--insecure"], says: "--insecure with --mysql", advises: "Leave out" },
  { args: [...at(local), "--write"], says: "--reviewed names no file to write", advises: "Add --reviewed FILE" },
  { args: [...at(local), "--show-values"], says: "only review --write shows values", advises: "Add --write" },
  {
    args: [...at(local), "--write", "--reviewed", "/gone/x", "--format", "json"],
    says: "--write with --format json",
    advises: "Leave one of them out",
  },
  { args: [...at(local), "--insecure", "--tls-ca", "ca.pem"], says: "--tls-ca with --insecure", advises: "Leave" },
  {
    args: [...at("postgresql://me@db.example/shop?sslmode=verify-full"), "--insecure"],
    says: "--insecure: its sslmode asks for a verified server",
    advises: "Leave --insecure out",
  },
  {
    args: ["plan", "--url", local, "--format", "github"],
    says: '"github" is not one of table, json',
    advises: "Choose",
  },
];

const passwords: readonly WrongInput[] = [
  { args: at("postgresql://me@db.example/shop"), says: "no password was given", advises: "PGPASSWORD, ~/.pgpass" },
  { args: at("mysql://me@db.example/shop"), says: "no password was given", advises: "MYSQL_PWD or the client group" },
  {
    args: at("postgresql://me@db.example/shop?sslmode=verify-full"),
    says: "no password was given",
    advises: "or the whole URL into DATASCRUBBER_URL",
  },
  {
    args: at("postgresql://me@db.example/shop"),
    environment: { HOME: "/home/open" },
    says: "no password was given",
    advises: '"/home/open/.pgpass" is not used: others may read or change it: chmod 600 it.',
  },
  {
    args: at("mysql://me@db.example/shop"),
    environment: { HOME: "/home/open" },
    says: "no password was given",
    advises: '"/home/open/.my.cnf" is not used: everybody may change it',
  },
  {
    args: at("mysql://me@db.example/shop"),
    environment: { HOME: "/home/other" },
    says: "no password was given",
    advises: 'The client group of "/home/other/.my.cnf" is for another host.',
  },
  {
    args: at("postgresql://me@db.example/shop"),
    environment: { HOME: "/home/other", PGSERVICE: "shop" },
    says: "no password was given",
    advises: 'Service "shop" is for another host.',
  },
  {
    args: at("postgresql://me@db.example/shop"),
    environment: { HOME: "/home/other", PGSERVICE: "orders" },
    says: 'there is no service "orders" in "/home/other/.pg_service.conf"',
    advises: "PGSERVICEFILE",
  },
  {
    args: at("postgresql://me@db.example/shop"),
    environment: { HOME: "/home/other", PGSERVICE: "x", PGSERVICEFILE: "/closed/x", PGSYSCONFDIR: "/gone" },
    says: '"/closed/x" or "/gone/pg_service.conf"',
    advises: "unset PGSERVICE",
  },
];

/** Every row. */
export const wrongInputs: readonly WrongInput[] = [
  ...commandsAndWords,
  ...optionSpellings,
  ...sources,
  ...values,
  ...awsNames,
  ...outputs,
  ...files,
  ...contents,
  ...environment,
  ...urls,
  ...passwords,
];

/** What no message may repeat. */
export const secrets: readonly string[] = [secret];
