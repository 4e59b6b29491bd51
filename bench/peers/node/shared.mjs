// What the functions have in common.
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

export const ID = /^[A-Za-z0-9._:-]{1,128}$/;
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;
// EventBridge's limit of entries in one PutEvents.
export const ENTRIES_PER_CALL = 10;

/** Connections are kept by default since version 3; as many as calls under way. */
export function settings(connections) {
  const agent = { maxSockets: connections };
  return { maxAttempts: 3, requestHandler: { httpAgent: agent, httpsAgent: agent } };
}

/** Metrics of a function, which are written once an invocation. */
export function counting(serviceName) {
  const metrics = new Metrics({ namespace: 'FlightPulse', serviceName });
  return (counts) => {
    const seen = counts.filter(([, count]) => count > 0);
    for (const [name, count] of seen) metrics.addMetric(name, MetricUnit.Count, count);
    if (seen.length > 0) metrics.publishStoredMetrics();
  };
}

/** Entries as they go in calls. */
export function calls(entries) {
  const chunks = [];
  for (let at = 0; at < entries.length; at += ENTRIES_PER_CALL) chunks.push(entries.slice(at, at + ENTRIES_PER_CALL));
  return chunks;
}
