// Errors as RFC 9457 problem details.
const KINDS = {
  400: ['invalid', 'Invalid request'],
  403: ['forbidden', 'Forbidden'],
  404: ['not-found', 'Not found'],
  500: ['internal', 'Internal error'],
  503: ['unavailable', 'Unavailable'],
};

/** What a client gets instead of an answer. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }

  /** The problem as an HTTP response, that nobody may keep. */
  response() {
    const { status, message: detail } = this;
    const [kind, title] = KINDS[status];
    const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
    return { statusCode: status, headers, body: JSON.stringify({ type: `/problems/${kind}`, title, status, detail }) };
  }
}

export const unavailable = () => new Problem(503, 'The data cannot be read just now. Try again in a moment.');

/** Enough of what a client sent to recognise it by. */
export function shown(text) {
  return [...text.replace(/\p{Cc}/gu, '')].slice(0, 100).join('');
}
