"""The deployed API."""

from conftest import Cloud


def test_health(cloud: Cloud) -> None:
    status, content_type, body = cloud.get("/health")
    assert (status, content_type, body["status"]) == (200, "application/json", "healthy")


def test_a_flight(cloud: Cloud) -> None:
    status, content_type, body = cloud.get("/flights/SW5678")
    assert (status, content_type) == (200, "application/json")
    assert (body["flight_id"], body["status"], body["origin"]) == ("SW5678", "SCHEDULED", "DEN")


def test_an_unknown_flight_is_a_404_problem(cloud: Cloud) -> None:
    status, content_type, body = cloud.get("/flights/SW0000")
    assert (status, content_type) == (404, "application/problem+json")
    assert body["detail"] == "There is no flight SW0000."


def test_an_unknown_path_is_a_404_problem(cloud: Cloud) -> None:
    status, content_type, body = cloud.get("/nothing/here")
    assert (status, content_type, body["status"]) == (404, "application/problem+json", 404)
