import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { lambdaCode } from '../lib/lambda-assets';
import { scratch, writeBootstrap } from './support/synth';

/** The first 20 bytes of an ELF file for a machine. */
function elf(machine: number): Buffer {
  const header = Buffer.alloc(20);
  header.write('\x7fELF', 'latin1');
  header.writeUInt16LE(machine, 18);
  return header;
}

describe('lambda assets', () => {
  const assets = scratch('assets-');
  writeBootstrap(assets, 'intel', elf(0x3e));
  writeBootstrap(assets, 'arm', elf(0xb7));
  writeBootstrap(assets, 'riscv', elf(0xf3));
  writeBootstrap(assets, 'script', '#!/bin/sh\n');

  test('takes a binary of the architecture asked for, and a script for any', () => {
    lambdaCode(assets, 'intel', Architecture.X86_64);
    lambdaCode(assets, 'arm', Architecture.ARM_64);
    lambdaCode(assets, 'script', Architecture.ARM_64);
  });

  test('refuses a binary of the other architecture and says both ways out', () => {
    assert.throws(() => lambdaCode(assets, 'intel', Architecture.ARM_64), {
      message:
        `${join(assets, 'intel', 'bootstrap')} is built for x86_64, but the context asks for arm64: ` +
        'build it with scripts/build-lambdas.sh --target-arch arm64, or deploy with -c architecture=x86_64.',
    });
    assert.throws(() => lambdaCode(assets, 'arm', Architecture.X86_64), /is built for arm64/);
    assert.throws(() => lambdaCode(assets, 'riscv', Architecture.X86_64), /is built for ELF machine 243/);
  });

  test('says how to build what is missing', () => {
    assert.throws(() => lambdaCode(assets, 'absent', Architecture.ARM_64), {
      message: `${join(assets, 'absent', 'bootstrap')} is missing: build it with scripts/build-lambdas.sh --target-arch arm64.`,
    });
  });
});
