//! Kafka records in, routed events out.
