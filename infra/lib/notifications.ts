import { Construct } from 'constructs';
import { deliveryPolicy, loggedEvents, LoggedEventsProps } from './logged-events';
import { LOG_GROUPS } from './names';

/** The finished notifications: each `notification.<channel>` event becomes one entry of that channel's log group. */
export class Notifications extends Construct {
  constructor(scope: Construct, id: string, props: LoggedEventsProps) {
    super(scope, id);
    deliveryPolicy(this, 'FlightPulse-NotificationDelivery', [
      loggedEvents(this, 'Email', ['notification.email'], LOG_GROUPS.email, props),
      loggedEvents(this, 'Sms', ['notification.sms'], LOG_GROUPS.sms, props),
    ]);
  }
}
