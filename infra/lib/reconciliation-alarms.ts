import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AlarmSet, every, ownMetric } from './alarm-set';

export interface ReconciliationAlarmsProps {
  readonly workflow: StateMachine;
  readonly worker: IFunction;
  /** SNS topic to notify; none means the alarms are only shown. */
  readonly topicArn: string | undefined;
}

/** Reservations an hour that exports and table may disagree on: a few are bookings on their way at that moment. */
const DISCREPANCIES = 10;

/** What an operator must be told of the reconciliation: the stream loses bookings, or nobody knows whether it does. */
export class ReconciliationAlarms extends AlarmSet {
  constructor(scope: Construct, id: string, { workflow, worker, topicArn }: ReconciliationAlarmsProps) {
    super(scope, id, topicArn);
    this.alarm('Discrepancies', {
      metric: ownMetric('reconciliation.discrepancies', worker, every(60)),
      threshold: DISCREPANCIES,
      alarmDescription: `Exports had more than ${DISCREPANCIES} reservations in an hour that the table lacked or had otherwise: bookings get lost on their way`,
    });
    this.unfinished('Workflow', workflow, 'A reconciliation');
    const errors = worker.metricErrors(every(1));
    this.any('WorkerErrors', errors, 'A file could not be planned, read or reported: the workflow tries it again');
  }
}
