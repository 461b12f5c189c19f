"""Arrow schemas of the raw tables and fast builders for their columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from .settings import NEVER

_TEXT, _WHEN, _DATE = pa.string(), pa.timestamp("us"), pa.date32()
_NUMBER, _WHOLE, _FLAG = pa.float64(), pa.int64(), pa.bool_()


def _schema(**types: pa.DataType) -> pa.Schema:
    return pa.schema(list(types.items()))


# Tickets and invoices come as a text export would deliver them: their dates and numbers are text,
# which is the only way that an impossible date can reach a warehouse.
SCHEMAS: dict[str, pa.Schema] = {
    "accounts": _schema(
        account_id=_TEXT,
        created_at=_WHEN,
        account_name=_TEXT,
        segment=_TEXT,
        customer_since=_DATE,
        industry=_TEXT,
        region=_TEXT,
        csm_owner=_TEXT,
        parent_account_id=_TEXT,
        is_internal=_FLAG,
    ),
    "users": _schema(
        user_id=_TEXT,
        account_id=_TEXT,
        created_at=_WHEN,
        email=_TEXT,
        role=_TEXT,
        title=_TEXT,
        is_executive=_FLAG,
        deactivated_at=_WHEN,
    ),
    "contracts": _schema(
        contract_id=_TEXT,
        account_id=_TEXT,
        start_date=_DATE,
        end_date=_DATE,
        seats=_WHOLE,
        annual_value=_NUMBER,
        plan=_TEXT,
        currency=_TEXT,
        cancelled_at=_WHEN,
    ),
    "features": _schema(
        feature_id=_TEXT,
        feature_name=_TEXT,
        is_core=_FLAG,
        released_at=_WHEN,
    ),
    "usage_events": _schema(
        event_id=_TEXT,
        account_id=_TEXT,
        event_name=_TEXT,
        occurred_at=_WHEN,
        user_id=_TEXT,
        feature_id=_TEXT,
        event_count=_WHOLE,
        loaded_at=_WHEN,
    ),
    "tickets": _schema(
        ticket_id=_TEXT,
        account_id=_TEXT,
        created_at=_TEXT,
        requester_user_id=_TEXT,
        channel=_TEXT,
        subject=_TEXT,
        intent=_TEXT,
        issue_type=_TEXT,
        priority=_TEXT,
        solved_at=_TEXT,
        escalated_at=_TEXT,
        is_escalated=_FLAG,
        reopened_at=_TEXT,
        agent_reply_count=_TEXT,
        loaded_at=_WHEN,
    ),
    "conversations": _schema(
        conversation_id=_TEXT,
        account_id=_TEXT,
        started_at=_WHEN,
        channel=_TEXT,
        ticket_id=_TEXT,
        intent=_TEXT,
        sentiment=_NUMBER,
        is_escalated=_FLAG,
        resolution_outcome=_TEXT,
        loaded_at=_WHEN,
    ),
    "survey_responses": _schema(
        response_id=_TEXT,
        account_id=_TEXT,
        survey_type=_TEXT,
        score=_WHOLE,
        responded_at=_WHEN,
        user_id=_TEXT,
        ticket_id=_TEXT,
        loaded_at=_WHEN,
    ),
    "touchpoints": _schema(
        touchpoint_id=_TEXT,
        account_id=_TEXT,
        occurred_at=_WHEN,
        touchpoint_type=_TEXT,
        csm_owner=_TEXT,
        includes_executive=_FLAG,
    ),
    "invoices": _schema(
        invoice_id=_TEXT,
        account_id=_TEXT,
        amount=_TEXT,
        issued_on=_TEXT,
        due_on=_TEXT,
        paid_on=_TEXT,
        voided_on=_TEXT,
        currency=_TEXT,
    ),
    "churn_events": _schema(
        account_id=_TEXT,
        churned_on=_DATE,
        reactivated_on=_DATE,
        reason=_TEXT,
    ),
    "external_scores": _schema(
        account_id=_TEXT,
        scored_on=_DATE,
        system=_TEXT,
        score=_NUMBER,
    ),
}


def ids(prefix: str, numbers: np.ndarray, width: int) -> pa.Array:
    """Ids such as ``EV-000000042``: prefix and zero-padded number; null where it is negative.

    Written digit by digit into one byte buffer: Python strings would cost a second per million.
    """
    head = prefix.encode()
    size = len(head) + width
    letters = np.empty((len(numbers), size), dtype=np.uint8)
    letters[:, : len(head)] = np.frombuffer(head, dtype=np.uint8)
    rest = np.maximum(numbers, 0).astype(np.int64)
    for place in range(size - 1, len(head) - 1, -1):
        rest, digit = np.divmod(rest, 10)
        letters[:, place] = digit + ord("0")
    if rest.any():
        raise ValueError(f"a number does not fit into {width} digits after {prefix!r}")
    offsets = pa.py_buffer((np.arange(len(numbers) + 1) * size).astype(np.int32))
    validity = pa.array(numbers >= 0).buffers()[1] if (numbers < 0).any() else None
    buffers = [validity, offsets, pa.py_buffer(letters.reshape(-1))]
    return pa.Array.from_buffers(pa.string(), len(numbers), buffers)


def pick(words: Sequence[str] | pa.Array, index: np.ndarray) -> pa.Array:
    """Words by index; null where the index is negative."""
    return coded(words, index).dictionary_decode()


def coded(words: Sequence[str] | pa.Array, index: np.ndarray) -> pa.DictionaryArray:
    """The same, dictionary-encoded: what makes tens of millions of rows affordable."""
    indices = pa.array(index.astype(np.int32), mask=index < 0)
    dictionary = words if isinstance(words, pa.Array) else pa.array(list(words), pa.string())
    return pa.DictionaryArray.from_arrays(indices, dictionary)


def dates(days: np.ndarray) -> pa.Array:
    """Dates from day numbers; null where the day never comes."""
    return pa.array(days.astype(np.int32), mask=days >= NEVER).cast(pa.date32())


def stamps(micros: np.ndarray) -> pa.Array:
    """Timestamps from microseconds since 1970, UTC; null where negative."""
    return pa.array(micros.astype(np.int64), mask=micros < 0).cast(pa.timestamp("us"))


def stamp_texts(micros: np.ndarray) -> pa.Array:
    """Timestamps as ISO text with a Z (``2025-01-31T13:45:00Z``); null where negative."""
    texts = np.datetime_as_string((np.maximum(micros, 0) // 1_000_000).astype("datetime64[s]"))
    return pa.array(np.char.add(texts, "Z"), pa.string(), mask=micros < 0)


def date_texts(days: np.ndarray) -> pa.Array:
    """Dates as ISO text; null where the day never comes."""
    texts = np.datetime_as_string(np.where(days < NEVER, days, 0).astype("datetime64[D]"))
    return pa.array(texts, pa.string(), mask=days >= NEVER)


def table(name: str, **values: pa.Array | np.ndarray) -> pa.Table:
    """Build a raw table in its schema's column order and types."""
    schema = SCHEMAS[name]
    arrays = [pa.array(values[field.name]).cast(field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)
