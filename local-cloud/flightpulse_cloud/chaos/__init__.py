"""Chaos against the deployed local stack: a proxy of faults before AWS, kills, seeded histories, and more load than it
can take. `python -m flightpulse_cloud.chaos` is what scripts/chaos.sh runs."""

# The name of the proxy's process.
PROXY = "fault-proxy"
