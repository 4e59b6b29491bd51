import { Construct } from 'constructs';
import { deliveryPolicy, loggedEvents, LoggedEventsProps } from './logged-events';
import { LOG_GROUPS } from './names';

/** What became of flights and bookings, whoever changed them: each change of a status is one entry of the audit log. */
export class Audit extends Construct {
  constructor(scope: Construct, id: string, props: LoggedEventsProps) {
    super(scope, id);
    deliveryPolicy(this, 'FlightPulse-AuditDelivery', [
      loggedEvents(this, 'StatusChanges', ['flight.status_changed', 'booking.status_changed'], LOG_GROUPS.audit, props),
    ]);
  }
}
