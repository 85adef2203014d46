"""Case folders: loading and checking, origins of values, published facts, recorded values."""

from crmlib.extras import extra

with extra("tables"):
    from crmlib.cases.case import Case, load_case
    from crmlib.cases.entries import ParameterEntry
    from crmlib.cases.experts import read_experts
    from crmlib.cases.orders import read_orders
    from crmlib.cases.origins import Origin
    from crmlib.cases.published import (
        Comparison,
        Fact,
        Kind,
        Published,
        as_text,
        compare,
        complete,
        read_expected,
        read_published,
    )
    from crmlib.cases.recording import Recorded, record, recorded_values
    from crmlib.cases.speed import Speed, read_speed

__all__ = [
    "Case",
    "Comparison",
    "Fact",
    "Kind",
    "Origin",
    "ParameterEntry",
    "Published",
    "Recorded",
    "Speed",
    "as_text",
    "compare",
    "complete",
    "load_case",
    "read_expected",
    "read_experts",
    "read_orders",
    "read_published",
    "read_speed",
    "record",
    "recorded_values",
]
