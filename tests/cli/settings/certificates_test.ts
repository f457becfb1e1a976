/** The roots that the program carries. @module */

import { assert, assertEquals } from "@std/assert";
import { X509Certificate } from "node:crypto";
import { rdsRoots } from "../../../lib/cli/settings/tls_roots.ts";

const certificates = rdsRoots.split(/(?<=-----END CERTIFICATE-----\n)/).map((pem) => new X509Certificate(pem));

Deno.test("rdsRoots are certificates of Amazon RDS, all of them authorities", () => {
  assertEquals(
    certificates.filter(({ ca, subject }) => !ca || !subject.includes("Amazon RDS")).map(({ subject }) => subject),
    [],
  );
});

for (const region of ["eu-west-1", "eu-west-2", "us-east-1"]) {
  Deno.test(`rdsRoots hold one of ${region} that is good for the 2030s`, () => {
    const later = new Date("2040-01-01");
    assert(certificates.some(({ subject, validTo }) => subject.includes(region) && new Date(validTo) > later));
  });
}
