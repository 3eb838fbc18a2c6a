// The report as src/report/model.rs writes it. The two change together.

export type Lang = "en" | "es";
export type InputKind =
  | "dsn" | "ndr" | "delay" | "trace" | "queue" | "alert" | "validation" | "headers" | "smtp_reply" | "code"
  | "arf" | "auto_reply" | "text" | "empty";
export type Verdict = "failed" | "delayed" | "delivered" | "not_a_bounce" | "unrecognised";
export type Confidence = "possible" | "likely" | "certain";
export type Stage = "lookup" | "connection" | "encryption" | "conversation" | "mailbox" | "none";
export type SmtpStage = "connect" | "ehlo" | "starttls" | "auth" | "mail" | "rcpt" | "data";
export type Outcome = "retrying" | "returned" | "delivered" | "relayed" | "unknown";
export type Actor = "sender" | "admin" | "recipient_admin" | "nobody";
export type Standing = "indicated" | "possible" | "ruled_out";
export type ExpiresFrom = "stated" | "policy";

/** Everything there is to say about one input, in one language. */
export interface Report {
  schema: number;
  lang: Lang;
  input: Input;
  verdict: Verdict;
  answer: Answer;
  findings: Finding[];
  hops: Hop[];
  headers: Header[];
  terms: Term[];
  notes: Note[];
  parts: Part[];
  evidence: Evidence[];
}

export interface Input {
  kind: InputKind;
  truncated: boolean;
}

export interface Answer {
  id: string;
  title: string;
  text: string;
  advice: string[];
}

export interface Finding {
  recipients: Recipient[];
  section: string;
  title: string;
  meaning: string;
  detail: string;
  confidence: Confidence;
  category: string;
  stage: Stage;
  smtp_stage: SmtpStage | null;
  outcome: Outcome;
  acts: Actor;
  status: string | null;
  reply: number | null;
  cause_status: string | null;
  cause_reply: number | null;
  chain: ChainLink[];
  attempts: Attempt[];
  remote: Remote;
  reporting_mta: string | null;
  generating_server: string | null;
  dialect: string;
  times: Times;
  causes: Cause[];
  questions: Question[];
  steps: Step[];
  notes: Note[];
  confirm: string;
  sources: Source[];
  because: number[];
}

export interface Recipient {
  original: string | null;
  final: string;
}

export interface ChainLink {
  reply: number | null;
  status: string | null;
  text: string;
}

export interface Attempt {
  at: string | null;
  host: string | null;
  ip: string | null;
  reply: number | null;
  status: string | null;
}

export interface Remote {
  host: string | null;
  ip: string | null;
  port: number | null;
}

/** RFC 3339 times. */
export interface Times {
  arrived: string | null;
  last_attempt: string | null;
  expires: string | null;
  expires_from: ExpiresFrom | null;
}

export interface Cause {
  id: string;
  text: string;
  standing: Standing;
  because: number[];
}

export interface Question {
  id: string;
  text: string;
  answers: AnswerChoice[];
  answered_by: number[];
  answer: string | null;
}

export interface AnswerChoice {
  id: string;
  text: string;
}

export interface Step {
  id: string;
  who: Actor;
  text: string;
  only_if: string[];
  dropped: boolean;
  link: Link | null;
  steps: Step[];
  commands: Command[];
}

export interface Link {
  title: string;
  url: string;
}

export interface Command {
  shell: string;
  text: string;
  good: string;
  bad: string;
  changes_state: boolean;
  undo: string | null;
}

export interface Source {
  title: string;
  url: string;
  read: string;
}

export interface Hop {
  from: string | null;
  by: string | null;
  with: string | null;
  at: string | null;
  delay_s: number | null;
  longest: boolean;
  loops: boolean;
}

export interface Header {
  name: string;
  value: string;
  text: string;
}

export interface Term {
  term: string;
  text: string;
  cites: number[];
}

export interface Note {
  id: string;
  text: string;
}

export interface Part {
  kind: string;
  runs: Run[];
}

export interface Run {
  text: string;
  cites: number[];
}

export interface Evidence {
  n: number;
  kind: string;
  says: string;
  witness: string;
}

/** One form of the input: a file's bytes, or a clipboard's text and HTML. */
export interface Form {
  kind: "text" | "html" | "file";
  name?: string;
  text?: string;
  bytes?: Uint8Array;
}

export interface Options {
  lang: Lang;
  answers: string[];
}

export type What = "ticket" | "partner" | "to_it" | "report" | "wrong_answer";
export type Written = "markdown" | "plain" | "html" | "json";
export type Reader = "own_it" | "partner" | "public";
export type MaskKind =
  | "recipient" | "sender" | "address" | "name" | "subject" | "message_id" | "remote_domain" | "own_domain"
  | "remote_host" | "service_host" | "own_host" | "remote_ip" | "own_ip" | "text";

/** What the user takes along. */
export interface Wish {
  what: What;
  form: Written;
  reader: Reader;
  finding: number | null;
  shown: string[];
  hidden: string[];
  ticked: string[];
  note: string;
}

/** The runs, joined, are the text to copy or to save. */
export interface Handover {
  title: string;
  file_name: string;
  media_type: string;
  runs: MaskedRun[];
  masks: Mask[];
}

export interface MaskedRun {
  text: string;
  mask: string | null;
}

export interface Mask {
  id: string;
  kind: MaskKind;
  label: string;
  value: string;
  hidden: boolean;
}
