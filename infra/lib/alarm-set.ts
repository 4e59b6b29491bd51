import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/** One alarm: what is measured, and above what somebody has to look. */
export interface AlarmOptions {
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  /** What has happened, in words for whoever is woken up by it. */
  readonly alarmDescription: string;
  readonly evaluationPeriods?: number;
}

/**
 * Alarms that tell the same people. Each goes off above a threshold; where nothing is measured, nothing happened, and
 * that is no reason to wake anybody.
 */
export abstract class AlarmSet extends Construct {
  /** @param topicArn SNS topic to notify; none means that the alarms are only shown. */
  constructor(
    scope: Construct,
    id: string,
    private readonly topicArn: string | undefined,
  ) {
    super(scope, id);
  }

  protected alarm(id: string, options: AlarmOptions): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      evaluationPeriods: 1,
      ...options,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const alarmActionArn = this.topicArn;
    if (alarmActionArn !== undefined) alarm.addAlarmAction({ bind: () => ({ alarmActionArn }) });
  }

  /** More than none, in each of so many periods on end. */
  protected any(id: string, metric: cloudwatch.IMetric, alarmDescription: string, evaluationPeriods = 1): void {
    this.alarm(id, { metric, threshold: 0, alarmDescription, evaluationPeriods });
  }

  /** Executions of a workflow that did not come to an end of their own. */
  protected unfinished(id: string, workflow: StateMachine, which: string): void {
    this.any(`${id}Failed`, workflow.metricFailed(every(1)), `${which} failed`);
    this.any(`${id}TimedOut`, workflow.metricTimedOut(every(1)), `${which} timed out`);
    this.any(`${id}Aborted`, workflow.metricAborted(every(1)), `${which} was ended by hand`);
  }

  protected notEmpty(id: string, queue: IQueue, alarmDescription: string): void {
    const options = { period: Duration.minutes(1), statistic: cloudwatch.Stats.MAXIMUM };
    this.any(id, queue.metricApproximateNumberOfMessagesVisible(options), alarmDescription);
  }
}

/** A metric that a function of ours writes to its log. */
export function ownMetric(
  metricName: string,
  { functionName }: IFunction,
  options: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'FlightPulse',
    metricName,
    dimensionsMap: { Function: functionName },
    ...options,
  });
}

/** How much there was of it in so many minutes. */
export function every(minutes: number): cloudwatch.MetricOptions {
  return { period: Duration.minutes(minutes), statistic: cloudwatch.Stats.SUM };
}
