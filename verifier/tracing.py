"""Spans for OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT names a collector and the extra `otel`
is installed.

Whose work something is, here and in other processes, is known by the words that lines of its log
have (`verifier.logs.about`): `trace` and `span`. No span holds anything of a rollout.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

UNSAMPLED = "no"
"""What `sampled` says of a trace that nobody records."""

logger = logging.getLogger(__name__)
_tracer = trace.get_tracer("verifier")


def export(service: str) -> None:
    """Send the spans of this process, as part of that `service`, from now on. Starts a thread: what
    forks comes first."""
    endpoints = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    if not any(os.environ.get(name) for name in endpoints):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - likewise
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - likewise
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - likewise
    except ImportError:
        logger.warning("no spans are sent: install the extra, pip install 'grpo-verifier[otel]'")
        return
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": service}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def words_for(context: SpanContext) -> dict[str, str]:
    """What lines of the log say of it; nothing where there is no trace."""
    if not context.is_valid:
        return {}
    sampled = {} if context.trace_flags.sampled else {"sampled": UNSAMPLED}
    return {
        "trace": trace.format_trace_id(context.trace_id),
        "span": trace.format_span_id(context.span_id),
        **sampled,
    }


@contextmanager
def span(name: str, words: Mapping[str, str], **attributes: str) -> Iterator[None]:
    """Of work for the request that these words name; none where they name none."""
    try:
        trace_id, span_id = int(words["trace"], 16), int(words["span"], 16)
    except (KeyError, ValueError):
        yield
        return
    is_sampled = words.get("sampled") != UNSAMPLED
    flags = TraceFlags(TraceFlags.SAMPLED if is_sampled else TraceFlags.DEFAULT)
    parent = NonRecordingSpan(SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags))
    with _tracer.start_as_current_span(
        name,
        trace.set_span_in_context(parent),
        attributes=attributes,
        record_exception=False,  # what an exception says may be of a completion
        set_status_on_exception=False,
    ):
        yield
