import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Aspects } from 'aws-cdk-lib';
import { AwsSolutionsChecks, INagLogger, NagLoggerNonComplianceData } from 'cdk-nag';
import { ACCEPTED_RISKS, AcceptedRisk } from './expected/accepted-risks';
import { Context, LOCAL, synthAfresh } from './support/synth';
import { FEED_VARIANTS, KAFKA_VARIANTS, PRODUCER_VARIANTS } from './support/variants';

interface Finding {
  readonly finding: string;
  readonly where: string;
}

/** Takes down what the rules find; a rule that fails to run is a finding too. */
class Collector implements INagLogger {
  readonly findings: Finding[] = [];
  checked = 0;

  onCompliance(): void {
    this.checked += 1;
  }
  onNonCompliance({ ruleId, findingId, resource }: NagLoggerNonComplianceData): void {
    this.findings.push({
      // Logical ids end with a hash of the construct's path.
      finding: findingId === '' ? ruleId : `${ruleId}[${findingId.replace(/<(\w+?)[0-9A-F]{8}([.>])/g, '<$1$2')}]`,
      where: resource.node.path.replace(/^FlightPulseStack\//, ''),
    });
  }
  onError({ ruleId, errorMessage, resource }: any): void {
    this.findings.push({ finding: `${ruleId} did not run: ${errorMessage}`, where: resource.node.path });
  }
  onNotApplicable(): void {}
  onSuppressed(): void {
    assert.fail('risks are accepted in expected/accepted-risks.ts, not by suppression');
  }
  onSuppressedError(): void {
    this.onSuppressed();
  }
}

/** The rules with our collector alone: the stock logger would print every accepted finding again. */
class QuietChecks extends AwsSolutionsChecks {
  constructor(collector: Collector) {
    super({ reports: false });
    this.loggers = [collector];
  }
}

function inspect(context: Context): Collector {
  const collector = new Collector();
  const { app } = synthAfresh(context, (stack) => Aspects.of(stack).add(new QuietChecks(collector)));
  app.synth();
  return collector;
}

function accepts(risk: AcceptedRisk, { finding, where }: Finding): boolean {
  return risk.finding === finding && risk.where.test(where);
}

describe('cdk-nag AwsSolutions', () => {
  const all: Finding[] = [];
  for (const [name, context] of Object.entries({
    local: LOCAL,
    aws: {},
    ...KAFKA_VARIANTS,
    ...PRODUCER_VARIANTS,
    ...FEED_VARIANTS,
  })) {
    test(`finds nothing that is not accepted: ${name}`, () => {
      const { findings, checked } = inspect(context);
      assert.ok(checked > 30, `${checked} checks passed`);
      all.push(...findings);
      assert.deepEqual(
        findings.filter((finding) => !ACCEPTED_RISKS.some((risk) => accepts(risk, finding))),
        [],
      );
    });
  }

  test('still finds everything that is accepted', () => {
    const stale = ACCEPTED_RISKS.filter((risk) => !all.some((finding) => accepts(risk, finding)));
    assert.deepEqual(stale, []);
  });

  test('each acceptance gives its reason', () => {
    for (const { finding, reason } of ACCEPTED_RISKS) assert.match(reason, /^\p{Lu}.{30,}\.$/u, finding);
  });
});
