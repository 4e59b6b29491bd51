import { App } from 'aws-cdk-lib';
import { readContext } from '../lib/context';
import { FlightPulseStack } from '../lib/flightpulse-stack';
import { STACK_NAME } from '../lib/names';
import { RefusedInput } from '../lib/refused-input';

// The built-in validation takes four times as long as the whole synthesis; `npm run lint:template` has cfn-lint look
// at the same template.
const app = new App({ builtinCloudFormationValidation: false });
try {
  // No fixed account or region: one template for every AWS account and for the local cloud.
  new FlightPulseStack(app, STACK_NAME, { context: readContext(app.node) });
} catch (error) {
  if (!(error instanceof RefusedInput)) throw error;
  console.error(error.message);
  process.exit(1);
}
