"""What the peer of FlightPulse-S3Reconciliation is made of."""
