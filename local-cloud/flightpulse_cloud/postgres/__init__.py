"""PostgreSQL with TLS and passwords, in the place of Adobe's Query Service, for tests."""
