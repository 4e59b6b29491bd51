"""Apache Kafka on a laptop: one KRaft node, for whatever must outlive a process or carry a load."""
