/** RDS's rule for names of instances. @module */

/** In lower case, as RDS keeps it. */
export const instancePattern = /^[a-z](?:-?[a-z0-9])*$/;

/** Whether this can be an instance's identifier, in upper or lower case. */
export function isInstanceIdentifier(text: string): boolean {
  return text.length <= 63 && instancePattern.test(text.toLowerCase());
}
