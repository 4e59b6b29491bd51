//! The port to the event bus, over EventBridge and in memory.
