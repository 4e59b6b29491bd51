import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** Letters and digits of the first source's secret: 381 bits, more than the 256 that HMAC-SHA256 can use. */
const LENGTH = 64;

/** The source that there is from the start: whatever forwards bookings and signs them as FlightPulse documents. */
const FIRST_SOURCE = 'forwarder';

/**
 * Who may send bookings, and how each proves who it is: one JSON object, a source's name by what it proves itself with.
 *
 *     {"forwarder": "<secret>",
 *      "cdp": {"scheme": "flightpulse", "secrets": ["<new>", "<old>"]},
 *      "destination": {"scheme": "bearer", "secrets": ["<secret>"]},
 *      "adobe": {"scheme": "adobe-io", "client_id": "<id>"},
 *      "alloy": {"scheme": "adobe-io-legacy", "client_id": "<id>", "secrets": ["<secret>"]}}
 *
 * A text alone is short for `flightpulse` with that one secret. Two secrets of a source hold at once at most, and that is
 * how one is changed without a gap: write the new beside the old (`aws secretsmanager put-secret-value`), have the
 * sender change over, take the old one out. Functions that run read it again within five minutes. No schedule does it:
 * the other half of each secret is with somebody else.
 *
 * A secret and no SSM parameter: CloudFormation cannot make a SecureString, and a source belongs together with what it
 * proves itself with. It has no name of its own, for the reason that the cursors' secret has none.
 *
 * What follows is for its first value only, and must stay as it is: CloudFormation makes the value anew when it is
 * changed, and every source that was added by hand would be gone.
 */
export class BookingSources extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const secret = new Secret(this, 'Secret', {
      description: 'Who may send bookings to FlightPulse, and what each proves itself with',
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: FIRST_SOURCE,
        passwordLength: LENGTH,
        excludePunctuation: true,
      },
      removalPolicy: props.removalPolicy,
    });
    this.arn = secret.secretArn;
  }

  /** To read this secret and no other. */
  readGrant(): PolicyStatement {
    return new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] });
  }
}
