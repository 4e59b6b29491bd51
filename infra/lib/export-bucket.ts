import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EXPORT_FOLDERS, EXPORT_WRITERS_POLICY_NAME } from './names';

/**
 * Days that an export stays, and what was rejected of it. A run that failed is a dead letter for 14 days and reads the
 * export again when it is sent again; as many days more are for who mends the source and wants to see what it wrote. Both
 * name passengers, whose bookings are in the table by then.
 */
const EXPORT_DAYS = 30;

/** Days that a report stays: as long as the API shows its run. */
const REPORT_DAYS = 400;

/**
 * What an S3 destination does with objects, as Adobe lists it beside listing the bucket and asking where it is.
 * https://experienceleague.adobe.com/en/docs/experience-platform/destinations/catalog/cloud-storage/amazon-s3#required-s3-permission
 */
const WRITERS_ACTIONS = ['s3:DeleteObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'];

/**
 * The bucket that Experience Platform exports bookings to; what is made of these is beside them: the rows that could
 * not be read, and the reports. It tells EventBridge of every object.
 */
export class ExportBucket extends Construct {
  readonly bucket: s3.Bucket;
  /** For whom Experience Platform signs in as. */
  readonly writers: ManagedPolicy;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const kept = (prefix: string, days: number): s3.LifecycleRule => ({ prefix, expiration: Duration.days(days) });
    this.bucket = new s3.Bucket(this, 'Bucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        // Parts of an upload that was never finished are in no list of objects, and billed. An upload takes minutes.
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        kept(EXPORT_FOLDERS.exports, EXPORT_DAYS),
        kept(EXPORT_FOLDERS.rejected, EXPORT_DAYS),
        kept(EXPORT_FOLDERS.reports, REPORT_DAYS),
      ],
      removalPolicy: props.removalPolicy,
    });
    // Not `eventBridgeEnabled`, which is a custom resource with a function of its own; CloudFormation has a property.
    (this.bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    this.writers = new ManagedPolicy(this, 'Writers', {
      // IAM's names are global: the region keeps two stacks of one account apart.
      managedPolicyName: `${EXPORT_WRITERS_POLICY_NAME}-${Aws.REGION}`,
      description:
        'Lets Adobe Experience Platform export to FlightPulse; attach it to the user or role that its S3 destination signs in as',
      statements: [this.listGrant('s3:GetBucketLocation'), this.objectGrant('exports', ...WRITERS_ACTIONS)],
    });
  }

  /** What may be done with the objects of a folder. */
  objectGrant(folder: keyof typeof EXPORT_FOLDERS, ...actions: string[]): PolicyStatement {
    return new PolicyStatement({ actions, resources: [this.bucket.arnForObjects(`${EXPORT_FOLDERS[folder]}*`)] });
  }

  /**
   * To list the bucket. Not its exports alone: only to who may list does S3 say of an object that it is not there (to
   * others it says that they may not read it), and that question has no prefix which a condition could be on.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  listGrant(...more: string[]): PolicyStatement {
    return new PolicyStatement({ actions: ['s3:ListBucket', ...more], resources: [this.bucket.bucketArn] });
  }
}
