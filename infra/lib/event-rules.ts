import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters';
import { EVENT_SOURCE_PREFIX } from './names';
import { Workflows } from './notification-workflow';
import { QueueTarget, RULE_DELIVERY } from './rule-targets';

/** A pattern on our own events only: `flightpulse.<component>` is the source of each. */
export function pattern(detailType: string[]): events.EventPattern {
  return { source: events.Match.prefix(EVENT_SOURCE_PREFIX), detailType };
}

/**
 * Those of them that are still to be dealt with. The Kafka consumer names the outcome of an event that it has done with,
 * because nobody need be told of it; others may read that event, but no workflow starts.
 */
function undone(detailType: string[]): events.EventPattern {
  return { ...pattern(detailType), detail: { outcome: events.Match.doesNotExist() } };
}

export interface EventRulesProps {
  readonly bus: events.IEventBus;
  readonly deadLetters: DeadLetters;
  readonly workflows: Workflows;
}

/**
 * Who gets which event, other than the notifications, which have a construct of their own.
 *
 * Each rule lists its detail types in full. A prefix would start a workflow on the day somebody publishes a type that
 * this workflow has never heard of.
 */
export class EventRules extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EventRulesProps,
  ) {
    super(scope, id);
    const { deadLetters, workflows } = props;

    this.toWorkflow('Delays', workflows.delay, 'Delays start the delay workflow', [
      'flight.delay.minor',
      'flight.delay.major',
      'flight.delay.severe',
      'flight.resend.schedule',
    ]);
    this.toWorkflow('Cancellations', workflows.cancellation, 'Whether a flight operates starts its workflow', [
      'flight.cancelled',
      'flight.reinstated',
      'flight.resend.status',
    ]);
    this.toWorkflow('GateChanges', workflows.gateChange, 'Gate changes start the gate change workflow', [
      'flight.gate_change',
      'flight.resend.gate',
    ]);
    this.toQueue('UnknownFlights', deadLetters.unknownFlights, 'Events of unknown flights wait for the flight', [
      'flight.unknown',
    ]);
    this.toQueue('RebookingNeeded', deadLetters.rebookingNeeded, 'Bookings wait for another flight', [
      'rebooking.needed',
    ]);
  }

  private toWorkflow(id: string, workflow: IStateMachine, description: string, detailTypes: string[]): void {
    const deadLetterQueue = this.props.deadLetters.ruleDeadLetters;
    const target = new SfnStateMachine(workflow, { ...RULE_DELIVERY, deadLetterQueue });
    this.rule(id, description, undone(detailTypes), target);
  }

  private toQueue(id: string, queue: Queue, description: string, detailTypes: string[]): void {
    this.rule(id, description, pattern(detailTypes), new QueueTarget(queue, this.props.deadLetters.ruleDeadLetters));
  }

  private rule(id: string, description: string, eventPattern: events.EventPattern, target: events.IRuleTarget): void {
    const eventBus = this.props.bus;
    new events.Rule(this, id, { eventBus, description, eventPattern }).addTarget(target);
  }
}
