import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters';
import { EVENT_SOURCE_PREFIX } from './names';
import { QueueTarget, RULE_DELIVERY } from './rule-targets';

/** A pattern on our own events only: `flightpulse.<component>` is the source of each. */
export function pattern(detailType: string[]): events.EventPattern {
  return { source: events.Match.prefix(EVENT_SOURCE_PREFIX), detailType };
}

export interface EventRulesProps {
  readonly bus: events.IEventBus;
  readonly deadLetters: DeadLetters;
  readonly delayWorkflow: IStateMachine;
}

/** Who gets which event, other than the notifications, which have a construct of their own. */
export class EventRules extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EventRulesProps,
  ) {
    super(scope, id);
    const { bus, deadLetters, delayWorkflow } = props;

    const delays = new events.Rule(this, 'Delays', {
      eventBus: bus,
      description: 'flight.delay.minor, .major and .severe start the delay workflow',
      eventPattern: pattern(events.Match.prefix('flight.delay.')),
    });
    delays.addTarget(
      new SfnStateMachine(delayWorkflow, { ...RULE_DELIVERY, deadLetterQueue: deadLetters.ruleDeadLetters }),
    );

    this.toQueue('UnknownFlights', deadLetters.unknownFlights, 'Events of unknown flights wait for the flight', [
      'flight.unknown',
    ]);
    this.toQueue('PendingEvents', deadLetters.pendingEvents, 'Events without a workflow yet wait for it', [
      'flight.cancelled',
      'flight.gate_change',
      'flight.reinstated',
    ]);
  }

  private toQueue(id: string, queue: Queue, description: string, detailTypes: string[]): void {
    const { bus, deadLetters } = this.props;
    const rule = new events.Rule(this, id, { eventBus: bus, description, eventPattern: pattern(detailTypes) });
    rule.addTarget(new QueueTarget(queue, deadLetters.ruleDeadLetters));
  }
}
