//! Booking events from Adobe Experience Platform: who sent them is verified, and they are put into a
//! queue. What is in them is judged by whoever takes them out.

mod accept;
mod envelope;
mod keys;
pub mod router;
pub mod webhook;
