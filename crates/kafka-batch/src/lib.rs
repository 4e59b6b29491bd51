//! What functions behind a Kafka event source mapping share: its batches of records, and the
//! answer to one.
//!
//! An event of which one record has not the documented form is read record by record: one with an odd
//! header would else fail its whole batch, for ever. All others are read as one typed whole.
//! Shapes: <https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html>

mod answer;
mod aside;
mod invocation;
mod record;

pub use answer::partial_answer;
pub use aside::keep_dead_letters;
pub use invocation::Invocation;
pub use record::{Record, Undecodable};
