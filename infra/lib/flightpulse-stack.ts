import { join, resolve } from 'node:path';
import { CfnOutput, Stack, StackProps, Tags } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { Alarms } from './alarms';
import { DeployContext } from './context';
import { DeadLetters } from './dead-letters';
import { DelayWorkflow } from './delay-workflow';
import { EventRules } from './event-rules';
import { Functions } from './functions';
import { kafkaMapping } from './kafka';
import { BUS_NAME } from './names';
import { Notifications } from './notifications';
import { OperationsTable } from './operations-table';
import { RestApi } from './rest-api';
import { TextModel } from './text-model';

/** The delay workflow as the repository has it. */
export const DELAY_DEFINITION = join(resolve(__dirname, '..', '..'), 'statemachines', 'delay-notification.asl.json');

export interface FlightPulseStackProps extends StackProps {
  readonly context: DeployContext;
}

/** All of FlightPulse in one stack: the constructs, how they are joined, and what others need to know of it. */
export class FlightPulseStack extends Stack {
  constructor(scope: Construct, id: string, props: FlightPulseStackProps) {
    super(scope, id, { description: 'FlightPulse: flight disruptions to correct, personal messages', ...props });
    const { architecture, lambdaAssets, removalPolicy, modelId, kafkaSource, alarmTopicArn } = props.context;

    const { table } = new OperationsTable(this, 'Operations', { removalPolicy });
    const bus = new EventBus(this, 'Bus', { eventBusName: BUS_NAME, description: 'Flight events and notifications' });
    const deadLetters = new DeadLetters(this, 'DeadLetters', { removalPolicy });
    const textModel = new TextModel(this, 'TextModel', { modelId });
    const functions = new Functions(this, 'Functions', {
      table,
      bus,
      deadLetters,
      textModel,
      assets: lambdaAssets,
      architecture,
      removalPolicy,
    });
    const { stateMachine: delayWorkflow } = new DelayWorkflow(this, 'DelayWorkflow', {
      definitionFile: DELAY_DEFINITION,
      table,
      functions,
      deadLetterQueue: deadLetters.deadLetters,
      removalPolicy,
    });
    new EventRules(this, 'Rules', { bus, deadLetters, delayWorkflow });
    new Notifications(this, 'Notifications', { bus, ruleDeadLetters: deadLetters.ruleDeadLetters, removalPolicy });
    const { api } = new RestApi(this, 'Rest', { handlers: functions.apiHandlers, removalPolicy });
    const { kafkaConsumer } = functions;
    kafkaMapping(this, kafkaSource, { consumer: kafkaConsumer, failures: deadLetters.bucket, removalPolicy });
    new Alarms(this, 'Alarms', { deadLetters, delayWorkflow, kafkaConsumer, topicArn: alarmTopicArn });

    Tags.of(this).add('application', 'flightpulse');
    this.output('TableName', table.tableName, 'Flights, passengers, bookings and claims');
    this.output('EventBusName', bus.eventBusName, 'Bus of every flight event and notification');
    this.output('ApiUrl', api.url, 'Base address of the REST API, with its stage');
    this.output('DelayStateMachineArn', delayWorkflow.stateMachineArn, 'Workflow that a delay starts');
    this.output('DeadLetterQueueUrl', deadLetters.deadLetters.queueUrl, 'Where what failed for good ends');
    this.output('KafkaConsumerName', kafkaConsumer.functionName, 'Function that takes the Kafka batches');
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
