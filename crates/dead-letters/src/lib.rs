//! The port for what cannot be processed, over SQS and S3 and in memory.
