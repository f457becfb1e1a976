/** The configuration that every client of the AWS SDK is made with. @module */

/** Another endpoint than AWS's own, such as a local one, with credentials for it. */
export interface AwsEndpoint {
  readonly url: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the configurations of the SDK's clients have in common. */
export interface AwsClientConfig {
  /** Absent: the AWS configuration's. */
  readonly region: string | undefined;
  /** Attempts at a call in all; the SDK waits between them, up to 20 seconds. */
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
    readonly socketTimeout: number;
  };
  readonly endpoint?: string;
  readonly credentials?: Omit<AwsEndpoint, "url">;
}

/** Makes the configuration of a client. `requestTimeout`: milliseconds that one attempt may take; a connection, ten seconds at most. */
export function awsClientConfig(of: {
  readonly region: string | undefined;
  readonly maxAttempts: number;
  readonly requestTimeout: number;
  readonly endpoint: AwsEndpoint | undefined;
}): AwsClientConfig {
  const { region, maxAttempts, requestTimeout, endpoint } = of;
  return {
    region,
    maxAttempts,
    // By default none of these ends, and requestTimeout alone only prints a warning.
    requestHandler: {
      connectionTimeout: Math.min(10_000, requestTimeout),
      requestTimeout,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeout,
    },
    ...(endpoint && {
      endpoint: endpoint.url,
      credentials: { accessKeyId: endpoint.accessKeyId, secretAccessKey: endpoint.secretAccessKey },
    }),
  };
}
