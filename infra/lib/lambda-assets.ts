import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Architecture, Code } from 'aws-cdk-lib/aws-lambda';
import { RefusedInput } from './refused-input';

/** `e_machine` of the ELF header (offset 18, little endian) for the two architectures Lambda runs. */
const ELF_MACHINES: ReadonlyMap<number, string> = new Map([
  [0x3e, Architecture.X86_64.name],
  [0xb7, Architecture.ARM_64.name],
]);

/**
 * The asset of one function: the folder `<assets>/<binary>`, which holds the executable `bootstrap`.
 *
 * An executable of the wrong architecture deploys without complaint and then fails every invocation with an
 * exec format error, so the ELF header is compared at synth.
 */
export function lambdaCode(assets: string, binary: string, architecture: Architecture): Code {
  const folder = join(assets, binary);
  const bootstrap = join(folder, 'bootstrap');
  if (!existsSync(bootstrap)) {
    throw new RefusedInput(
      `${bootstrap} is missing: build it with scripts/build-lambdas.sh --target-arch ${architecture.name}.`,
    );
  }
  const built = elfArchitecture(bootstrap);
  if (built !== undefined && built !== architecture.name) {
    throw new RefusedInput(
      `${bootstrap} is built for ${built}, but the context asks for ${architecture.name}: ` +
        `build it with scripts/build-lambdas.sh --target-arch ${architecture.name}, or deploy with -c architecture=${built}.`,
    );
  }
  return Code.fromAsset(folder);
}

/** The architecture an ELF file is for; undefined for anything that is not ELF (a script is a valid bootstrap). */
function elfArchitecture(file: string): string | undefined {
  const header = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  if (header.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  const machine = header.readUInt16LE(18);
  return ELF_MACHINES.get(machine) ?? `ELF machine ${machine}`;
}
