"""Counts requests for Prometheus and traces them: by endpoint, method and status, never by address, person or case."""

import time

from flask import Flask, Response, current_app, g, request
from prometheus_client import Counter, Histogram

from knelpunt.adapters.tracing import tracer

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
    if tracer.is_on:
        app.before_request(_begin_span)
        app.after_request(_note_status)
        app.teardown_request(_end_span)


def _method() -> str:
    """A visitor may send any word."""
    return request.method if request.method in METHODS else UNKNOWN


def _begin_span() -> None:
    is_behind_proxy = current_app.config["KNELPUNT"].trusted_proxies > 0
    about = {"http.request.method": _method(), "http.route": request.endpoint or UNKNOWN}
    parent = request.headers.get("traceparent") if is_behind_proxy else None
    g.span = tracer.begin(f"{_method()} {request.endpoint or UNKNOWN}", parent, **about)


def _note_status(response: Response) -> Response:
    g.span_status = response.status_code
    return response


def _end_span(_error: BaseException | None) -> None:
    begun = g.pop("span", None)
    if begun is not None:
        tracer.end(begun, g.get("span_status", 500))


def _count(response: Response) -> Response:
    endpoint = request.endpoint or UNKNOWN
    REQUESTS.labels(endpoint, _method(), str(response.status_code)).inc()
    SECONDS.labels(endpoint).observe(time.perf_counter() - g.get("request_started", time.perf_counter()))
    return response
