/** A deployment that cannot go on for something the deployer gave; its message is the whole answer, without a trace. */
export class RefusedInput extends Error {
  override readonly name = 'RefusedInput';
}
