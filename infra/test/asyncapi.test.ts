import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import specs from '@asyncapi/specs';
import Ajv, { ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { BUS_NAME, KAFKA_TOPIC } from '../lib/names';
import { LOCAL, ofType, synth } from './support/synth';

const REPOSITORY = join(__dirname, '..', '..');
const read = (path: string): any => JSON.parse(readFileSync(join(REPOSITORY, path), 'utf8'));

const document = read('docs/asyncapi.json');
const { messages, schemas } = document.components;

/** Asserts that a value is valid, and says where it is not. */
function valid(validate: ValidateFunction, value: unknown, what: string): void {
  assert.ok(validate(value), `${what}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
}

/** An unknown keyword or format is an error; the formats of Rust's integers say no more than their bounds do. */
const STRICT = {
  strict: true,
  strictTypes: false,
  allowUnionTypes: true,
  formats: { uint32: true, uint64: true },
} as const;

/** A validator of payloads. */
function payloads(): Ajv {
  const ajv = addFormats(new Ajv({ ...STRICT, keywords: ['components'] }));
  ajv.addSchema({ $id: 'asyncapi.json', components: { schemas } });
  return ajv;
}

describe('docs/asyncapi.json', () => {
  test('is an AsyncAPI 3.0 document', () => {
    // The schema brings the metaschema of draft 7 along, which must not be there twice.
    const ajv = addFormats(new Ajv({ strict: false, meta: false, validateSchema: false }));
    valid(ajv.compile((specs as any).schemas['3.0.0']), document, 'the document');
    assert.equal(document.asyncapi, '3.0.0');
  });

  test('breaks no reference', () => {
    const seen: string[] = [];
    const follow = (value: any): void => {
      if (typeof value !== 'object' || value === null) return;
      if (typeof value.$ref === 'string') {
        seen.push(value.$ref);
        const found = value.$ref
          .replace('#/', '')
          .split('/')
          .reduce((at: any, name: string) => at?.[name], document);
        assert.notEqual(found, undefined, value.$ref);
      }
      Object.values(value).forEach(follow);
    };
    follow(document);
    assert.ok(seen.length > 50);
  });

  for (const [name, message] of Object.entries<any>(messages)) {
    test(`has a valid example of ${name}`, () => {
      const validate = payloads().compile({ $ref: `asyncapi.json${message.payload.$ref}` });
      assert.ok(message.examples.length > 0);
      for (const { payload } of message.examples) valid(validate, payload, name);
    });
  }

  test('has the topic and the bus of this stack, and every message in one of them', () => {
    const { operations, bus } = document.channels;
    assert.deepEqual([operations.address, bus.address], [KAFKA_TOPIC, BUS_NAME]);
    const there = [...Object.keys(operations.messages), ...Object.keys(bus.messages)];
    assert.deepEqual(there.sort(), Object.keys(messages).sort());
  });

  test('has every event that a rule of this stack listens to, from a source that it does', () => {
    const ours = ofType(synth(LOCAL), 'AWS::Events::Rule').filter(([, { Properties }]) => Properties.EventBusName);
    const rules = ours.map(([, { Properties }]) => Properties.EventPattern);
    const listened = rules.flatMap((pattern) => pattern['detail-type']);
    assert.deepEqual(listened.sort(), Object.keys(document.channels.bus.messages).sort());
    for (const name of listened) {
      for (const source of messages[name].headers.properties.source.enum)
        assert.match(source, /^flightpulse\.[a-z-]+$/);
    }
  });
});

describe('docs/schemas', () => {
  const corpus: any[] = read('crates/contracts/testdata/operations-events.json');
  const compiled = (name: string): ValidateFunction =>
    addFormats(new Ajv2020(STRICT)).compile(read(`docs/schemas/${name}.json`));

  test('accept and refuse what the parser of the consumer does', () => {
    const validate = compiled('operations-event');
    for (const { about, accepted, event, only_the_parser_refuses: beyond } of corpus) {
      assert.equal(validate(event), accepted || beyond !== undefined, `${about}: ${JSON.stringify(validate.errors)}`);
    }
    assert.equal(corpus.filter(({ only_the_parser_refuses: beyond }) => beyond !== undefined).length, 2);
  });

  for (const [name, of] of Object.entries({
    'flight-event': /^flight\.(delay\..+|cancelled|reinstated|gate_change|unknown)$/,
    'flight-resend-event': /^flight\.resend\./,
    'flight-status-changed': /^flight\.status_changed$/,
    'booking-status-changed': /^booking\.status_changed$/,
    'rebooking-event': /^rebooking\.needed$/,
    'notification-event': /^notification\./,
  })) {
    test(`${name}.json accepts the examples of its events, and not those of others`, () => {
      const validate = compiled(name);
      const own = Object.entries<any>(messages).filter(([event]) => of.test(event));
      assert.ok(own.length > 0);
      for (const [event, { examples }] of own) valid(validate, examples[0].payload, event);
      assert.ok(!validate(messages.FLIGHT_DELAY.examples[0].payload));
      for (const missing of ['event_id', 'correlation_id', 'schema_version']) {
        const { [missing]: _, ...rest } = own[0]![1].examples[0].payload;
        assert.ok(!validate(rest), missing);
      }
    });
  }
});
