"""Counts requests for Prometheus: by endpoint, method and status, never by address, person or case."""

import time

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

# Not in the library's own registry: `knelpunt metrics` reads what all web processes wrote.
REQUESTS = Counter("knelpunt_requests", "Requests that were answered.", ["endpoint", "method", "status"], registry=None)
SECONDS = Histogram(
    "knelpunt_request_seconds",
    "How long an answer took.",
    ["endpoint"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=None,
)
UNKNOWN = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def init_app(app: Flask) -> None:
    """Count, where the operator named a folder for it (PROMETHEUS_MULTIPROC_DIR)."""
    if app.config["KNELPUNT"].metrics_dir is not None:
        app.after_request(_count)


def _count(response: Response) -> Response:
    endpoint = request.endpoint or UNKNOWN
    method = request.method if request.method in METHODS else UNKNOWN  # a visitor may send any word
    REQUESTS.labels(endpoint, method, str(response.status_code)).inc()
    SECONDS.labels(endpoint).observe(time.perf_counter() - g.get("request_started", time.perf_counter()))
    return response
