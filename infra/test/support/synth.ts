import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readContext } from '../../lib/context';
import { FlightPulseStack } from '../../lib/flightpulse-stack';
import { ALL_BINARIES, STACK_NAME } from '../../lib/names';

export type Context = Record<string, string>;

export interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
}

export interface Synthesis {
  readonly app: App;
  readonly stack: FlightPulseStack;
  readonly template: Template;
  /** Every resource by its logical id. */
  readonly resources: Record<string, Resource>;
  readonly outputs: Record<string, { Value: unknown }>;
}

/** What the local cloud is deployed with. */
export const LOCAL: Context = { removalPolicy: 'destroy', architecture: 'x86_64' };

const workspace = mkdtempSync(join(tmpdir(), 'flightpulse-infra-'));
process.on('exit', () => rmSync(workspace, { recursive: true, force: true }));

/** Stand-ins for the Rust binaries, so that the tests of the stack need no cargo build. */
export const ASSETS = join(workspace, 'lambda');
for (const binary of Object.values(ALL_BINARIES)) writeBootstrap(ASSETS, binary, '#!/bin/sh\nexit 1\n');

export function writeBootstrap(assets: string, binary: string, content: string | Buffer): void {
  const folder = join(assets, binary);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bootstrap'), content);
  chmodSync(join(folder, 'bootstrap'), 0o755);
}

/** A directory of its own, gone when the process ends. */
export function scratch(name: string): string {
  return mkdtempSync(join(workspace, name));
}

/** The app's own context from cdk.json, so that the tests see the feature flags of a deployment. */
const FLAGS = JSON.parse(readFileSync(join(__dirname, '..', '..', 'cdk.json'), 'utf8')).context;

/** An app without a stack, for tests of what the context refuses. */
export function appWith(context: Context): App {
  return new App({
    context: { ...FLAGS, lambdaAssets: ASSETS, ...context },
    outdir: scratch('out-'),
    builtinCloudFormationValidation: false,
  });
}

const cache = new Map<string, Synthesis>();

/** The synthesised stack for a context; the same context is synthesised once per test file. */
export function synth(context: Context = {}): Synthesis {
  const key = JSON.stringify(context);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const fresh = synthAfresh(context);
  cache.set(key, fresh);
  return fresh;
}

/** As `synth`, but for a test that adds aspects or metadata of its own. */
export function synthAfresh(context: Context, prepare: (stack: FlightPulseStack) => void = () => undefined): Synthesis {
  const app = appWith(context);
  const stack = new FlightPulseStack(app, STACK_NAME, { context: readContext(app.node) });
  prepare(stack);
  const template = Template.fromStack(stack);
  const { Resources, Outputs } = template.toJSON();
  return { app, stack, template, resources: Resources, outputs: Outputs };
}

/** The resources of one type, as [logical id, resource]. */
export function ofType({ resources }: Synthesis, type: string): [string, Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/** The one resource of a type whose property has a value. */
export function named(synthesis: Synthesis, type: string, property: string, value: string): Resource {
  const found = ofType(synthesis, type).filter(([, { Properties }]) => Properties[property] === value);
  if (found.length !== 1) throw new Error(`${found.length} resources of ${type} with ${property} ${value}`);
  return found[0]![1];
}
