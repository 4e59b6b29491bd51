// Items as clients see them. What is not known is null.

export function flight(item, byFeed = 0) {
  return {
    flight_id: item.flight_id.S,
    origin: item.origin.S,
    destination: item.destination.S,
    scheduled_departure: moment(item.scheduled_departure.S),
    scheduled_arrival: moment(item.scheduled_arrival.S),
    actual_departure: moment(item.actual_departure?.S),
    actual_arrival: moment(item.actual_arrival?.S),
    status: item.status.S,
    gate: item.gate?.S ?? null,
    aircraft: item.aircraft?.S ?? null,
    capacity: Number(item.capacity?.N ?? 0) || null,
    delay_minutes: Number(item.delay_minutes?.N ?? 0),
    delay_reason: item.delay_reason?.S ?? null,
    cancellation_reason: item.cancellation?.M.reason.S ?? null,
    booked_passengers: Number(item.booked_passengers?.N ?? 0) + byFeed,
  };
}

export function booking(item) {
  return {
    booking_id: item.booking_id.S,
    confirmation_number: item.confirmation_number.S,
    passenger_id: item.passenger_id.S,
    flight_id: item.flight_id.S,
    seat: item.seat?.S ?? null,
    fare_class: item.fare_class?.S ?? null,
    booking_status: item.booking_status.S,
    checked_in: item.checked_in?.BOOL ?? false,
    bags_checked: Number(item.bags_checked?.N ?? 0),
    special_requests: (item.special_requests?.L ?? []).map(({ S }) => S),
    passenger_count: Number(item.passenger_count?.N ?? 1),
    created_at: moment(item.created_at.S),
  };
}

export function notification(item) {
  return {
    notification_id: item.PK.S.slice('NOTIFICATION#'.length),
    event_id: item.event_id.S,
    resend_id: item.resend_id?.S ?? null,
    kind: item.kind?.S ?? null,
    nature: item.nature?.S ?? null,
    flight_id: item.flight_id.S,
    booking_id: item.booking_id.S,
    passenger_id: item.passenger_id?.S ?? null,
    channel: item.channel.S,
    language: item.language?.S ?? null,
    author: item.author?.S ?? null,
    headline: item.headline?.S ?? null,
    sent_at: moment(item.sent_at.S),
  };
}

/** A time of the table, without zeros at the end of its fraction. */
function moment(text = null) {
  return text?.includes('.') ? text.replace(/\.?0*Z$/, 'Z') : text;
}

/** What can be read of items. Of what cannot, the log has the key alone: items have personal data. */
export function readable(items, view) {
  const views = [];
  for (const item of items) {
    try {
      views.push(view(item));
    } catch {
      console.warn(JSON.stringify({ message: 'an unreadable item is left out', key: item.PK?.S }));
    }
  }
  return views;
}
