"""What a month costs before anything happens, by kind of deployment."""

from __future__ import annotations

from .counts import Counts
from .prices import Prices

# As AWS's calculator has it.
HOURS = 730
MINUTES = HOURS * 60
# Lambda asks a queue that is empty by five long polls of 20 seconds at once.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
IDLE_POLLS_A_MINUTE = 15
# Of the topic of a serverless cluster; what its owner makes of it. As many as the local one has.
PARTITIONS = 4
# Count, latency, integration latency, 4xx and 5xx of each method, where they are detailed.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
METRICS_OF_A_METHOD = 5

Lines = dict[str, float]


def own_metrics(counts: Counts) -> int:
    """Metrics that functions wrote in any load: each is billed for the hours in which it is written."""
    return len({name for load in counts.loads.values() for name in load.billed.get("cloudwatch.points", {})})


def lines(stack: dict[str, int], prices: Prices) -> Lines:
    """Dollars a month by what they are for, the dearest first, of one kind of deployment."""
    dollars = prices.dollars
    clusters, mappings = stack["serverless_clusters"], stack["provisioned_mappings"]
    found = {
        "pollers of Kafka, one unit each": dollars("lambda.poller_hours", mappings * HOURS),
        "the MSK Serverless cluster": dollars("msk.serverless_cluster_hours", clusters * HOURS),
        f"its topic, {PARTITIONS} partitions": dollars(
            "msk.serverless_partition_hours", clusters * PARTITIONS * HOURS
        ),
        "interface endpoints of its network": dollars("vpc.endpoint_hours", stack["endpoint_zones"] * HOURS),
        "alarms": dollars("cloudwatch.alarm_metrics", stack["alarm_metrics"]),
        "secrets": dollars("secretsmanager.secrets", stack["secrets"]),
        "polls of the empty queue": dollars("sqs.requests", stack["queue_mappings"] * IDLE_POLLS_A_MINUTE * MINUTES),
    }
    return dict(sorted(((name, cost) for name, cost in found.items() if cost), key=lambda line: -line[1]))


def once_used(stack: dict[str, int], counts: Counts, prices: Prices) -> Lines:
    """The API's metrics, and those that these loads write: if each is written in every hour of the month."""
    detailed = stack["detailed_methods"] * METRICS_OF_A_METHOD
    return {
        "API Gateway's detailed metrics": prices.dollars("cloudwatch.metrics", detailed),
        "our own metrics": prices.dollars("cloudwatch.metrics", own_metrics(counts)),
    }
