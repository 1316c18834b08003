"""Traces for OpenTelemetry: which endpoint was asked, how long it took, and how long each statement did.

Made here from names that the code gave, and not by the ready-made instrumentation: that writes down addresses, query
strings, browsers and the text of statements, and all of those can hold what people typed.
"""

import importlib
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import Engine, event

_KIND = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "COPY"}
_OTHER = "statement"


class Tracer:
    """Makes spans, once it was started."""

    def __init__(self) -> None:
        self._tracer: Any = None
        self._trace: Any = None
        self._parents: Any = None

    @property
    def is_on(self) -> bool:
        return self._tracer is not None

    def start(self, address: str, version: str) -> None:
        """Send spans to this OTLP address over HTTP, in the background.

        Raises:
            ModuleNotFoundError: the extra ``otel`` is not installed.
        """
        exporting: Any = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        batches: Any = importlib.import_module("opentelemetry.sdk.trace.export")
        resources: Any = importlib.import_module("opentelemetry.sdk.resources")
        sdk: Any = importlib.import_module("opentelemetry.sdk.trace")
        # Not Resource.create(): that adds the name of the machine, its processes and their command lines.
        about = resources.Resource({"service.name": "knelpunt", "service.version": version})
        provider = sdk.TracerProvider(resource=about)
        provider.add_span_processor(batches.BatchSpanProcessor(exporting.OTLPSpanExporter(endpoint=address)))
        self.use(provider)

    def use(self, provider: Any) -> None:
        """Make spans with this provider from now on; None makes none any more."""
        self._trace = importlib.import_module("opentelemetry.trace") if provider is not None else None
        self._tracer = provider.get_tracer("knelpunt") if provider is not None else None
        if provider is not None:
            context: Any = importlib.import_module("opentelemetry.trace.propagation.tracecontext")
            self._parents = context.TraceContextTextMapPropagator()

    def begin(self, name: str, parent: str | None, **about: str | int) -> Any:
        """The span of a request, to be given to ``end``; ``parent`` is the traceparent of a trusted proxy."""
        span = self._tracer.start_span(
            name,
            context=self._parents.extract({"traceparent": parent}) if parent else None,
            kind=self._trace.SpanKind.SERVER,
            attributes=about,
        )
        current = self._trace.use_span(span, True, record_exception=False, set_status_on_exception=False)
        current.__enter__()
        return span, current

    def end(self, begun: Any, status: int) -> None:
        """End the span of a request."""
        span, current = begun
        span.set_attribute("http.response.status_code", status)
        if status >= 500:
            span.set_status(self._trace.StatusCode.ERROR)
        current.__exit__(None, None, None)

    def inside(self, name: str) -> AbstractContextManager[Any]:
        """A span of a piece of work, for the length of a block."""
        if not self.is_on:
            return nullcontext()
        # What an exception says may be what somebody typed.
        span: AbstractContextManager[Any] = self._tracer.start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        )
        return span

    def note_statements(self, engine: Engine) -> None:
        """A span for each statement inside another span: what kind it is, and never its text or its values."""

        @event.listens_for(engine, "before_cursor_execute")
        def begin(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
            if self.is_on and context is not None and self._trace.get_current_span().is_recording():
                kind = statement.lstrip("( \n").partition(" ")[0].upper()
                name = kind if kind in _KIND else _OTHER
                context._knelpunt_span = self._tracer.start_span(
                    name,
                    kind=self._trace.SpanKind.CLIENT,
                    attributes={"db.system.name": "postgresql", "db.operation.name": name},
                )

        @event.listens_for(engine, "after_cursor_execute")
        def end(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
            _end_of(context)

        @event.listens_for(engine, "handle_error")
        def fail(failed: Any) -> None:
            _end_of(failed.execution_context)


def _end_of(context: Any) -> None:
    span = getattr(context, "_knelpunt_span", None)
    if span is not None:
        span.end()


tracer = Tracer()
