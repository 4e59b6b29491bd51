import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { INDEX_NAMES, TABLE_NAME } from './names';

/**
 * The single table: flights, passengers, bookings, and the claims that make repeats harmless.
 *
 * Only the keys and the two indexes are declared here; which item lives under which key is known to the Rust
 * store crate alone.
 */
export class OperationsTable extends Construct {
  readonly table: dynamodb.Table;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.table = new dynamodb.Table(this, 'Table', {
      tableName: TABLE_NAME,
      partitionKey: stringKey('PK'),
      sortKey: stringKey('SK'),
      // A disruption is a burst over a quiet base: provisioned capacity would be paid for all the quiet hours.
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      // Epoch seconds. Deletion may lag by days, so readers compare the value themselves.
      timeToLiveAttribute: 'expires_at',
      deletionProtection: props.removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy: props.removalPolicy,
    });
    // Flights by status and scheduled departure.
    this.table.addGlobalSecondaryIndex(index(INDEX_NAMES.flightsByStatus));
    // Bookings by status and creation; sparse, only statuses that are asked for by list carry its keys.
    this.table.addGlobalSecondaryIndex(index(INDEX_NAMES.bookingsByStatus));
  }
}

function stringKey(name: string): dynamodb.Attribute {
  return { name, type: dynamodb.AttributeType.STRING };
}

function index(indexName: string): dynamodb.GlobalSecondaryIndexProps {
  return {
    indexName,
    partitionKey: stringKey(`${indexName}PK`),
    sortKey: stringKey(`${indexName}SK`),
    projectionType: dynamodb.ProjectionType.ALL,
  };
}
