//! Where a partition starts of which the group has committed nothing.
//!
//! AWS: `StartingPosition` counts once; from then on the group's committed offsets do
//! (<https://docs.aws.amazon.com/lambda/latest/dg/kafka-starting-positions.html>).

/// Where reading starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartingPosition {
    /// At the oldest record that there is.
    #[default]
    TrimHorizon,
    /// With the first record written after the partition was first assigned.
    Latest,
    /// With the first record whose timestamp is not before this, in milliseconds since the epoch;
    /// at the end where there is none.
    AtTimestamp(i64),
}
