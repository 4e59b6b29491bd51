import type { Node } from 'constructs';
import { RefusedInput } from './refused-input';

/** The sentence for a value that cannot be used; always names what can. */
export function reject(key: string, value: unknown, allowed: string): RefusedInput {
  return new RefusedInput(`Context ${key} is ${JSON.stringify(value)}: it must be ${allowed}.`);
}

/** A value out of a closed list, with a default. */
export function oneOf<T extends string>(node: Node, key: string, allowed: readonly T[], fallback: T): T {
  const value: unknown = node.tryGetContext(key) ?? fallback;
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw reject(key, value, `one of ${allowed.join(', ')}`);
  return found;
}

/** A value that may be absent; where it is present and not empty it has to match. */
export function optional(node: Node, key: string, pattern: RegExp, allowed: string): string | undefined {
  const value: unknown = node.tryGetContext(key);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || !pattern.test(value)) throw reject(key, value, allowed);
  return value;
}

/** A comma list; an absent key is an empty list. */
export function list(node: Node, key: string, item: RegExp, allowed: string): string[] {
  const value: unknown = node.tryGetContext(key);
  if (value === undefined || value === '') return [];
  if (typeof value !== 'string') throw reject(key, value, allowed);
  const items = value.split(',').map((part) => part.trim());
  if (items.some((part) => !item.test(part))) throw reject(key, value, allowed);
  return items;
}

/** A whole number in a range, with a default. */
export function whole(node: Node, key: string, least: number, most: number, fallback: number): number {
  const value: unknown = node.tryGetContext(key) ?? fallback;
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most) {
    throw reject(key, value, `a whole number from ${least} to ${most}`);
  }
  return number;
}

/** A whole number in a range that may be absent. */
export function optionalWhole(node: Node, key: string, least: number, most: number): number | undefined {
  const value: unknown = node.tryGetContext(key);
  return value === undefined || value === null || value === '' ? undefined : whole(node, key, least, most, least);
}

/** A full ARN of one service, with region and account. */
export const REGION_ARN = (service: string): RegExp => new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:.+$`);
