/** What a column may hold about a person, as far as discovery tells kinds apart. @module */

/** The classes, each with what it says to people. */
export const personalClasses = {
  mailAddress: "a mail address",
  personName: "a person's name",
  organisation: "a name of an organisation",
  phone: "a telephone number",
  postalAddress: "a postal address or a part of one",
  postcode: "a postcode",
  geolocation: "a geographic position",
  birthDate: "a date of birth",
  ipAddress: "an IP address",
  macAddress: "a MAC address",
  paymentCard: "a payment card or a part of its number",
  iban: "an IBAN",
  bankAccount: "a bank account or a part of its number",
  nationalInsurance: "a National Insurance number",
  nhsNumber: "an NHS number",
  taxNumber: "a tax or social security number",
  vehicle: "a vehicle's number",
  governmentId: "a number of an official document or a file on a person",
  passwordHash: "a password or what checks one",
  token: "a token or secret",
  userName: "a user name or an identifier of a person elsewhere",
  url: "a web address of a person",
  device: "a browser or device of a person",
  file: "a file about a person, or its name",
  sensitive: "a fact about a person",
  json: "a document with personal data in it",
  freeText: "text that people write",
} as const;

/** A class of personal data. */
export type PersonalClass = keyof typeof personalClasses;

/** How sure a finding is: `certain` by check digits, type or an unmistakable name, `likely` by the name, `possible` by its surroundings. */
export type Confidence = "certain" | "likely" | "possible";

/** What a column holds, and why that is thought. */
export interface Finding {
  readonly holds: PersonalClass;
  readonly confidence: Confidence;
  /** For people: `its name says "phone"`. It quotes names of the catalogue, never values. */
  readonly evidence: string;
}
