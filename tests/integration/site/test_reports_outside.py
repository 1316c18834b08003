"""Faults and traces go where the operator wants them, and nothing that anybody typed goes along."""

import json

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sentry_sdk import get_global_scope
from sentry_sdk.transport import Transport
from sqlalchemy import text
from sqlalchemy.exc import DataError

from knelpunt.adapters import fault_reports, log_lines
from knelpunt.adapters.log_lines import describe
from knelpunt.adapters.tracing import tracer
from knelpunt.extensions import db
from knelpunt.web.shared.requests import metrics

PLANTED = "geheim-7f3a"


@pytest.fixture
def sent(app):
    """What would go to a Sentry, as text, while the log writes to it."""
    envelopes = []

    class Kept(Transport):
        def capture_envelope(self, envelope):
            envelopes.append(envelope.serialize().decode())

    fault_reports.start(f"https://{'a' * 32}@faults.example/1", "0.0.0", "test", transport=Kept)
    log_lines.configure(fault_reports.report)
    yield envelopes
    log_lines.configure()
    get_global_scope().client.close()
    get_global_scope().set_client(None)


def test_a_fault_is_reported_by_its_kind_and_place_without_what_was_typed(app, sent):
    typed = {"name": PLANTED}
    try:
        with app.test_request_context(f"/zoeken?q={PLANTED}", headers={"User-Agent": PLANTED, "Cookie": PLANTED}):
            raise ValueError(f"cannot read {typed}")
    except ValueError as error:
        structlog.get_logger().error("fault", request_id="r1", endpoint="search.page", name=PLANTED, **describe(error))
    structlog.get_logger().warning("mail not delivered", mail_id=1)
    [report] = sent
    event = json.loads(report.splitlines()[-1])
    assert PLANTED not in report
    assert event["exception"]["values"][0]["type"] == "ValueError"
    assert "test_reports_outside.py" in event["exception"]["values"][0]["stacktrace"]["frames"][-1]["filename"]
    assert event["tags"] == {"request_id": "r1", "endpoint": "search.page"}
    assert not {"user", "request", "breadcrumbs", "modules", "extra"} & event.keys()


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ValueError):
        fault_reports.start("no address", "0.0.0", "test")


def test_a_trace_tells_of_the_endpoint_and_its_statements_without_their_text(app, session):
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer.use(provider)
    try:
        tracer.note_statements(db.engine)
        with app.test_request_context(f"/zoeken?q={PLANTED}", headers={"traceparent": PLANTED}):
            metrics._begin_span()
            db.session.execute(text("SELECT :typed"), {"typed": PLANTED})
            with pytest.raises(DataError), db.session.begin_nested():
                db.session.execute(text(f"SELECT CAST('{PLANTED}' AS integer)"))
            metrics._end_span(None)
        with pytest.raises(ValueError), tracer.inside("job proef"):
            raise ValueError(PLANTED)
    finally:
        tracer.use(None)
    spans = exporter.get_finished_spans()
    assert PLANTED not in " ".join(span.to_json() for span in spans)
    request = next(span for span in spans if span.name == "GET search.search")
    statement = next(span for span in spans if span.name == "SELECT")
    assert statement.parent.span_id == request.context.span_id
    assert request.attributes["http.response.status_code"] == 500
    assert "job proef" in {span.name for span in spans}
