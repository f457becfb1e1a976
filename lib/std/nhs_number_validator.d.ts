/** Types of the package `nhs-number-validator`, which brings none. @module */

declare const nhs: {
  /** Whether ten digits end in the check digit that the others have. */
  validate(nhsNumber: string): boolean;
};
export default nhs;
