import { RemovalPolicy } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Architecture, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BookingFeed } from '../booking-feed';
import { DeadLetters } from '../dead-letters';
import { BookingsKafka, QueryServiceContext } from './context';
import { EventHubsFeed } from './event-hubs';
import { QueryServiceFeed } from './query-service';

export interface FeedProps {
  readonly bookingFeed: BookingFeed;
  readonly deadLetters: DeadLetters;
  readonly assets: string;
  readonly architecture: Architecture;
  readonly removalPolicy: RemovalPolicy;
}

export interface FeedsProps extends FeedProps {
  readonly table: Table;
  readonly kafka: BookingsKafka | undefined;
  readonly queryService: QueryServiceContext | undefined;
}

/** The functions of the feeds that there are beside the webhook. */
export interface Feeds {
  readonly bookingConsumer: LambdaFunction | undefined;
  readonly queryService: { readonly function: LambdaFunction; readonly scheduleMinutes: number } | undefined;
}

/** Makes the feeds that the context asks for. Each ends in the queue of booking events, as the webhook does. */
export function bookingFeeds(scope: Construct, props: FeedsProps): Feeds {
  const { kafka, queryService } = props;
  return {
    bookingConsumer: kafka && new EventHubsFeed(scope, 'EventHubs', kafka, props).function,
    queryService: queryService && {
      function: new QueryServiceFeed(scope, 'QueryService', queryService, props).function,
      scheduleMinutes: queryService.scheduleMinutes,
    },
  };
}
