//! What operators do: hold and release all notifications, tell passengers again, correct a wrong
//! broadcast. Who did it, when and why is kept.

pub mod actions;
pub mod commands;
pub mod router;
mod views;
