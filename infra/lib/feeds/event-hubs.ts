import { Duration } from 'aws-cdk-lib';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { networkInterfaces, readSecret } from '../kafka/grants';
import { selfManagedConnection } from '../kafka';
import { KafkaMapping } from '../kafka/mapping';
import { BOOKINGS_CONSUMER_GROUP } from '../names';
import { RustFunction } from '../rust-function';
import { BookingsKafka } from './context';
import type { FeedProps } from './index';

/**
 * Bookings from a topic: the function that takes them, and the mapping that calls it.
 *
 * Azure Event Hubs is reached at `<namespace>.servicebus.windows.net:9093` with BASIC_AUTH, user `$ConnectionString`, and
 * a connection string that may only listen as the password. A group of Kafka's is made there by its first member, apart
 * from the consumer groups that Azure knows:
 * https://learn.microsoft.com/azure/event-hubs/apache-kafka-frequently-asked-questions
 */
export class EventHubsFeed extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, source: BookingsKafka, props: FeedProps) {
    super(scope, id);
    const { bookingFeed, deadLetters, assets, architecture, removalPolicy } = props;
    this.function = new RustFunction(this, 'Function', {
      functionName: 'FlightPulse-BookingConsumer',
      description: 'Kafka records of bookings to the queue of booking events',
      environment: { BOOKING_QUEUE_URL: bookingFeed.events.queueUrl, ...deadLetters.environment() },
      grants: [bookingFeed.sendGrant(), ...deadLetters.writeGrants()],
      timeout: Duration.seconds(60),
      memorySize: 512,
      assets,
      architecture,
      removalPolicy,
    }).function;
    const { brokers, secret, network, topic } = source;
    new KafkaMapping(this, 'Kafka', {
      consumer: this.function,
      failures: deadLetters.bucket,
      topic,
      connection: selfManagedConnection({ brokers, secret, network }, BOOKINGS_CONSUMER_GROUP),
      grants: [...(secret ? [readSecret(secret)] : []), ...(network ? [networkInterfaces()] : [])],
    });
  }
}
