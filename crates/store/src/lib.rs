//! The ports to the operation's records, over DynamoDB and in memory.
