/** A path of the REST API and what it takes; `docs/openapi.json` has the same ones, which a test holds. */
export interface Route {
  readonly path: string;
  readonly methods: readonly Method[];
  /** Whether a request must be signed with AWS Signature Version 4, by someone whom IAM lets in. */
  readonly signed: boolean;
}

export type Method = 'GET' | 'HEAD' | 'POST';

const READ: readonly Method[] = ['GET', 'HEAD'];
const open = (path: string): Route => ({ path, methods: READ, signed: false });
const personal = (path: string): Route => ({ path, methods: READ, signed: true });
const admin = (path: string, ...methods: Method[]): Route => ({ path, methods, signed: true });

/** What `FlightPulse-APIHandlers` answers. What names a person is signed for; what airlines publish is open. */
export const READ_ROUTES: readonly Route[] = [
  open('/health'),
  open('/openapi.json'),
  open('/docs'),
  open('/flights'),
  open('/flights/{flight_id}'),
  personal('/flights/{flight_id}/bookings'),
  personal('/flights/{flight_id}/notifications'),
  personal('/flights/{flight_id}/operations'),
  personal('/passengers/{passenger_id}'),
  personal('/passengers/{passenger_id}/bookings'),
  personal('/bookings/{booking_id}'),
  personal('/bookings/{booking_id}/notifications'),
  personal('/reconciliations'),
  personal('/reconciliations/{reconciliation_id}'),
];

/** What `FlightPulse-OperatorAPI` answers: what operators do by hand. */
export const ADMIN_ROUTES: readonly Route[] = [
  admin('/admin/notifications', 'GET'),
  admin('/admin/notifications/hold', 'POST'),
  admin('/admin/notifications/release', 'POST'),
  admin('/admin/flights/{flight_id}/resend', 'POST'),
  admin('/admin/flights/{flight_id}/correction', 'POST'),
  admin('/admin/actions', 'GET'),
];

/** What `FlightPulse-AEPWebhook` answers: what other systems push. It is the function that makes sure who they are. */
export const WEBHOOK_ROUTES: readonly Route[] = [
  { path: '/webhooks/aep-booking', methods: ['GET', 'POST'], signed: false },
];

/** The path's variables as API Gateway names them; each is required, for without it the path is another. */
export function pathParameters({ path }: Route): Record<string, boolean> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `method.request.path.${name}`);
  return Object.fromEntries(names.map((name) => [name, true]));
}
