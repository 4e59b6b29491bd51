"""FlightPulse's local cloud: MiniStack with the gaps closed that the CDK app meets, and what starts and stops it."""
