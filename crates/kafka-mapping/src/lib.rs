//! A Kafka event source mapping for Lambda, as AWS documents it, for use on one machine.
