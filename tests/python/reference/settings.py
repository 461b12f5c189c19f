"""The vars that scoring uses, with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Settings:
    """Vars of one run; see section 1 of the interface page. Days unless named otherwise."""

    absent_sources: frozenset[str] = frozenset()
    contract_end_is_inclusive: bool = True
    overdue_grace_days: int = 7
    payment_terms_days: int = 30
    renewal_grace_days: int = 30
    source_timezone: str = "UTC"
    date_formats: Mapping[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of timestamps without an offset."""
        return ZoneInfo(self.source_timezone)


def settings_from(given: Mapping[str, Any]) -> Settings:
    """The settings of the given vars; vars that scoring does not use are left aside."""
    known = {name: given[name] for name in Settings.__dataclass_fields__ if name in given}
    if "absent_sources" in known:
        known["absent_sources"] = frozenset(known["absent_sources"] or ())
    if "date_formats" in known:
        known["date_formats"] = dict(known["date_formats"] or {})
    return Settings(**known)
