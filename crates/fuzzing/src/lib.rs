//! What a fuzzer calls: each parser of bytes from outside, with what must hold of its answer.
//!
//! **Invariants.** A target asserts what holds of any input, and not only that nothing panics. It does
//! no I/O of its own, reads no clock and is quick, so that a fuzzer tries thousands of inputs a second
//! and the same input always ends the same. `fuzz/` makes a binary of each for libFuzzer;
//! `tests/corpora.rs` replays what was found.

mod booking_events;
mod export_files;
mod export_rows;
mod messages;
mod operations_events;
mod requests;
mod signatures;
mod stored;

pub use booking_events::booking_events;
pub use export_files::export_files;
pub use export_rows::export_rows;
pub use messages::messages;
pub use operations_events::operations_events;
pub use requests::requests;
pub use signatures::signatures;
pub use stored::stored;

use jiff::Timestamp;

/// A target.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name: that of its binary, and of the folders of its inputs.
    pub name: &'static str,
    /// Tries an input. Panics where something does not hold.
    pub try_input: fn(&[u8]),
}

/// All of them, those that read the most dangerous bytes first.
pub const TARGETS: [Target; 8] = [
    Target { name: "export_rows", try_input: export_rows },
    Target { name: "booking_events", try_input: booking_events },
    Target { name: "operations_events", try_input: operations_events },
    Target { name: "signatures", try_input: signatures },
    Target { name: "requests", try_input: requests },
    Target { name: "messages", try_input: messages },
    Target { name: "export_files", try_input: export_files },
    Target { name: "stored", try_input: stored },
];

/// The time of all inputs: a fuzzer must find the same again tomorrow.
fn now() -> Timestamp {
    Timestamp::constant(1_796_083_200, 0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn now_is_the_first_of_december_2026() {
        assert_eq!(super::now().to_string(), "2026-12-01T00:00:00Z");
    }
}
