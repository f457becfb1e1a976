/** Errors as RDS puts them on the wire. @module */

/** Codes whose HTTP status is not 400. */
const statuses: Readonly<Record<string, number>> = {
  DBInstanceNotFound: 404,
  DBSnapshotNotFound: 404,
  DBClusterNotFoundFault: 404,
  DBClusterSnapshotNotFoundFault: 404,
  DBClusterQuotaExceededFault: 403,
  DBParameterGroupNotFound: 404,
  DBSubnetGroupNotFoundFault: 404,
  OptionGroupNotFoundFault: 404,
  AccessDenied: 403,
  ExpiredToken: 403,
  MissingAuthenticationToken: 403,
  InternalFailure: 500,
  ServiceUnavailable: 503,
};

/** What RDS answers instead of a result: code as on the wire (not as the SDK spells it) and a message. */
export class ApiError extends Error {
  readonly status: number;

  constructor(readonly code: string, message: string, status?: number) {
    super(message);
    this.status = status ?? statuses[code] ?? 400;
  }
}
