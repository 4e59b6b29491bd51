import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** Letters and digits of the key: 64 of 62 kinds are 381 bits, more than the 256 that HMAC-SHA256 can use. */
const LENGTH = 64;

/**
 * The key that signs the cursors of the API's lists, so that nobody makes one up.
 *
 * It is not rotated by a schedule: it protects no secret, only that a cursor is one of ours, and a cursor lives as long
 * as someone turns pages. Who suspects that it is known gives it another value (`aws secretsmanager put-secret-value`);
 * functions that run read it again within five minutes. Whoever is turning pages then gets a 400 and begins again.
 *
 * It has no name of its own: a name is taken for a month after its secret was deleted, and a stack that is deployed
 * again in that month could not make it.
 */
export class CursorSecret extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const secret = new Secret(this, 'Secret', {
      description: "Signs the cursors of the FlightPulse API's lists",
      generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
      removalPolicy: props.removalPolicy,
    });
    this.arn = secret.secretArn;
  }

  /** To read this secret and no other. */
  readGrant(): PolicyStatement {
    return new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] });
  }
}
