//! Checks of who was told before whom.

use super::Check;
use crate::scenario::expectations::Expectations;
use crate::scenario::observation::{Line, Observation};
use flightpulse_domain::notification::Channel;
use flightpulse_domain::passenger::Tier;

fn times(observed: &Observation, is: impl Fn(&Line) -> bool) -> impl Iterator<Item = i64> {
    observed.seen.notifications.iter().filter(move |line| is(line)).map(|line| line.at_ms)
}

// How many milliseconds the last of one kind comes after the first of another.
fn late(before: impl Iterator<Item = i64>, mut after: impl Iterator<Item = i64>) -> Option<i64> {
    let first = after.next()?;
    let first = after.fold(first, i64::min);
    let last = before.max()?;
    (last > first).then(|| last - first)
}

/// Every text message before every email.
pub(super) fn sms_first(observed: &Observation) -> Check {
    let by = |channel| times(observed, move |line| line.notification.channel == channel);
    let wrong = late(by(Channel::Sms), by(Channel::Email))
        .map(|late| format!("the last SMS comes {late} ms after the first email"));
    let (sms, emails) = (by(Channel::Sms).count(), by(Channel::Email).count());
    Check::new(
        "every SMS goes before every email",
        wrong.as_slice(),
        format!("{sms} SMS before {emails} emails"),
    )
}

/// Higher tiers first; where text messages go before emails, by each channel.
pub(super) fn of_tiers(expected: &Expectations, observed: &Observation) -> Check {
    let passes: &[&[Channel]] = if expected.sms_before_emails {
        &[&[Channel::Sms], &[Channel::Email]]
    } else {
        &[&[Channel::Sms, Channel::Email]]
    };
    let mut wrong = Vec::new();
    for channels in passes {
        let of = |tier: Tier| {
            times(observed, move |line| {
                line.notification.tier == tier && channels.contains(&line.notification.channel)
            })
        };
        for (at, before) in expected.order_of_tiers.iter().enumerate() {
            for after in &expected.order_of_tiers[at + 1..] {
                wrong.extend(late(of(*before), of(*after)).map(|late| {
                    format!("{} ends {late} ms after {} begins", before.name(), after.name())
                }));
            }
        }
    }
    let order = expected.order_of_tiers.iter().map(|tier| tier.name()).collect::<Vec<_>>();
    Check::new("higher tiers are told first", &wrong, order.join(" before "))
}
