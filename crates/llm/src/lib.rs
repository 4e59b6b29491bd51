//! The port to the text writer, over Bedrock Converse and in memory.
