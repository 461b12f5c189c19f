"""Reading single delivered values: text, codes, numbers, booleans, timestamps and dates.

Source: "Reading values" in the interface page, and sections A1 and A2 of the decision log.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

BLANKS = " \t\r\n"
NUMBER_LIMIT = 1e15

_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_BOOLEANS = {
    **dict.fromkeys(["true", "t", "yes", "y", "1"], True),
    **dict.fromkeys(["false", "f", "no", "n", "0"], False),
}
_TIME_DIRECTIVE = re.compile(r"%-?[HIMSpfXcTz]")


class Unreadable(ValueError):
    """A value that is not blank and cannot be read as what its column holds."""


def ascii_lower(text: str) -> str:
    """The text with A to Z lowered and every other character kept."""
    return "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in text)


def delivered_text(value: Any) -> str | None:
    """The value as trimmed text; null when blank. Typed whole numbers become integers."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip(BLANKS) or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        is_whole = math.isfinite(value) and value == int(value)
        return str(int(value)) if is_whole else str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def read_text(value: Any) -> str | None:
    """Text or id, case kept."""
    return delivered_text(value)


def read_code(value: Any) -> str | None:
    """A code value in lower case (A to Z)."""
    text = delivered_text(value)
    return None if text is None else ascii_lower(text)


def read_number(value: Any) -> float | None:
    """A finite number below 1e15 in size.

    Raises:
        Unreadable: the text does not have the pattern, or the number is too large or not finite.
    """
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = float(value)
    else:
        text = delivered_text(value)
        if text is None:
            return None
        if not _NUMBER.fullmatch(text):
            raise Unreadable(text)
        number = float(text)
    if not math.isfinite(number) or abs(number) >= NUMBER_LIMIT:
        raise Unreadable(str(value))
    return number


def read_boolean(value: Any) -> bool | None:
    """A boolean from true/false, t/f, yes/no, y/n, 1/0 in any case.

    Raises:
        Unreadable: anything else that is not blank.
    """
    text = delivered_text(value)
    if text is None:
        return None
    if ascii_lower(text) not in _BOOLEANS:
        raise Unreadable(text)
    return _BOOLEANS[ascii_lower(text)]


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """A wall-clock time of the zone as naive UTC; a time with its own offset keeps that."""
    aware = local if local.tzinfo is not None else local.replace(tzinfo=zone)
    try:
        return aware.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise Unreadable(str(local)) from error


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 15 or minutes > 59:
        raise Unreadable(text)
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _parse_iso(text: str) -> tuple[datetime, bool]:
    """The written time (aware where it has an offset) and whether it has a time of day."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise Unreadable(text)
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    micros = int((fraction or "").ljust(6, "0")[:6])
    try:
        written = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            micros,
        )
    except ValueError as error:
        raise Unreadable(text) from error
    if offset is not None:
        written = written.replace(tzinfo=_offset(offset))
    return written, hour is not None


def _parse_declared(text: str, declared: str) -> tuple[datetime, bool]:
    try:
        written = datetime.strptime(text, declared)
    except ValueError as error:
        raise Unreadable(text) from error
    return written, _TIME_DIRECTIVE.search(declared) is not None


def _parse(text: str, declared: str | None) -> tuple[datetime, bool]:
    return _parse_iso(text) if declared is None else _parse_declared(text, declared)


def read_timestamp(value: Any, zone: ZoneInfo, declared: str | None = None) -> datetime | None:
    """A moment as naive UTC.

    A time without an offset is in `zone`; a bare date is midnight UTC of that date, never shifted.

    Raises:
        Unreadable: not a timestamp of the pattern (or of the declared format).
    """
    if isinstance(value, datetime):
        return to_utc(value, zone)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = delivered_text(value)
    if text is None:
        return None
    written, has_time = _parse(text, declared)
    return to_utc(written, zone) if has_time else written


def read_date(value: Any, declared: str | None = None) -> date | None:
    """A date as written: the first ten characters of a readable timestamp, never shifted.

    Raises:
        Unreadable: not a timestamp of the pattern (or of the declared format).
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = delivered_text(value)
    if text is None:
        return None
    written, has_time = _parse(text, declared)
    if has_time:
        to_utc(written, ZoneInfo("UTC"))
    return written.date()
