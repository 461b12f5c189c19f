"""The reference calculation against figures worked out by hand.

Every company here is a few rows; the date of view is 30 June 2025 unless a test says otherwise, so
the 90 days begin on 2 April, the last 30 on 1 June and the 60 days' half of 30 on 2 May. The seeds
are this file's own: a change of the project's seeds breaks no figure here.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import reference
import worlds
from reference.config import read_seeds
from reference.contacts import has_keyword
from reference.scoring import round_half_up
from reference.values import (
    Unreadable,
    read_boolean,
    read_code,
    read_date,
    read_number,
    read_text,
    read_timestamp,
)

D = date(2025, 6, 30)
UTC_ZONE = ZoneInfo("UTC")
Rows = list[dict[str, Any]]

SEEDS = {
    "score_models": """
score_model,label,min_coverage,min_model_coverage,min_tenure_days,is_default,is_published
main,Main,0.4,0.25,30,true,true
""",
    "signals": """
signal_id,bucket,label,description,unit,reads,needs_days,min_evidence,normalization,worst_value,best_value
login_frequency,usage,Logins,,per week,logins,90,,linear,0,3
feature_adoption_rate,usage,Features,,,feature_events,90,,linear,0,1
seat_utilization_rate,usage,Seats,,,user_events,30,,linear,0,1
usage_trend_ratio,usage,Trend,,times,usage_events,90,10,linear,0.4,1.1
admin_login_change,usage,Admins,,,logins,60,10,,,
csat_average,support,CSAT,,of 5,csat_responses,,,linear,1,5
contact_rate,support,Contacts,,,tickets conversations,90,,steps,,
contact_trend_ratio,support,Contact trend,,,tickets conversations,90,3,steps,,
escalation_rate,support,Escalations,,,escalations,,2,linear,0.3,0
first_contact_resolution_rate,support,FCR,,,tickets conversations,,2,linear,0.3,0.9
repeat_contact_rate,support,Repeats,,,contact_topics,,2,linear,0.5,0
churn_signal_count,support,Churn,,,contact_intents,,,steps,,
sentiment_average,support,Sentiment,,,sentiments,,2,linear,-0.6,0.6
sentiment_change,support,Sentiment change,,,sentiments,,4,,,
nps_average,relationship,NPS,,of 10,nps_responses,,,linear,0,10
nps_category,relationship,NPS category,,,nps_responses,,,steps,,
executive_touchpoints,relationship,Executives,,,attendances,90,,linear,0,2
days_since_touchpoint,relationship,Touchpoint,,days ago,touchpoints,,,linear,90,14
on_time_payment_rate,financial,On time,,,payments,,,linear,0.5,1
overdue_share,financial,Overdue,,,payments,,,linear,0.25,0
renewal_rate,financial,Renewals,,,contracts,,,linear,0,1
arr_trend_ratio,financial,ARR trend,,,contracts,,,linear,0.7,1.1
""",
    "signal_steps": """
signal_id,lower_bound,normalized_score
contact_rate,0,60
contact_rate,0.0001,100
contact_rate,0.2,70
contact_rate,0.5,40
contact_rate,1,0
contact_trend_ratio,0,100
contact_trend_ratio,0.8,75
contact_trend_ratio,1.25,0
churn_signal_count,0,100
churn_signal_count,1,20
churn_signal_count,2,0
nps_category,0,0
nps_category,7,50
nps_category,9,100
""",
    "score_weights": """
score_model,segment,score_group,signal_id,weight
main,*,support,csat_average,30
main,*,support,escalation_rate,30
main,*,relationship,nps_average,25
main,*,relationship,days_since_touchpoint,15
main,vip,support,csat_average,100
""",
    "score_thresholds": """
score_model,segment,band,band_label,min_score
main,*,green,Green,80
main,*,yellow,Yellow,40
main,*,red,Red,0
main,vip,green,Fine,90
main,vip,yellow,So so,50
main,vip,red,Bad,0
""",
    "band_rules": """
rule_id,score_model,signal_id,operator,value,only_when_silent,best_band
low_nps,main,nps_average,<=,2,false,red
churny,main,churn_signal_count,>=,2,false,yellow
quiet,main,usage_trend_ratio,<,0.8,true,yellow
""",
    "churn_intents": """
intent,keyword
data_export,export our data
Competitor,switching to
,cancel
""",
    "manual_overrides": "score_model,account_id,band,reason,author,starts_on,expires_on",
    "source_freshness": """
stream,stale_after_days,ended_on
usage_events,4,
logins,4,
tickets,21,
conversations,21,
""",
}

# an old and a fresh row of every stream, of an account of its own, so that no feed is new or broken
BACKGROUND: dict[str, Rows] = {
    "usage_events": [
        {"event_id": f"bg{on}", "account_id": "bg", "event_name": "login", "occurred_at": on,
         "user_id": "bg-user", "feature_id": "bg-feature"}
        for on in ("2024-01-01", "2025-06-30")
    ],
    "tickets": [
        {"ticket_id": f"bg{on}", "account_id": "bg", "created_at": on, "intent": "other",
         "is_escalated": "true"}
        for on in ("2024-01-01", "2025-06-30")
    ],
    "conversations": [
        {"conversation_id": f"bg{on}", "account_id": "bg", "started_at": on, "intent": "other",
         "sentiment": 0, "is_escalated": "false"}
        for on in ("2024-01-01", "2025-06-30")
    ],
    "survey_responses": [
        {"response_id": f"bg{kind}", "account_id": "bg", "survey_type": kind, "score": 5,
         "responded_at": "2024-01-01"}
        for kind in ("csat", "nps")
    ],
    "touchpoints": [
        {"touchpoint_id": "bg", "account_id": "bg", "occurred_at": "2024-01-01",
         "includes_executive": "no"}
    ],
    "invoices": [
        {"invoice_id": "bg", "account_id": "bg", "amount": 1, "issued_on": "2024-01-01",
         "paid_on": "2024-01-02"}
    ],
    "contracts": [{"contract_id": "bg", "account_id": "bg", "start_date": "2023-01-01"}],
}  # fmt: skip
ACCOUNTS = [
    {"account_id": "a", "created_at": "2023-01-01"},
    {"account_id": "bg", "created_at": "2023-01-01"},
]


def back(days: int, clock: str = "12:00:00") -> str:
    """A moment so many days before the date of view, as text."""
    return f"{(D - timedelta(days=days)).isoformat()} {clock}"


def back_on(days: int) -> str:
    """A date so many days before the date of view, as text."""
    return (D - timedelta(days=days)).isoformat()


def write_csv(folder: Path, table: str, rows: Rows) -> None:
    """Writes rows as a CSV file with every column that any of them has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as lines:
        out = csv.DictWriter(lines, columns, restval="")
        out.writeheader()
        out.writerows(rows)


class Company:
    """A little company in a folder, to be scored."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.seeds = folder / "raw", folder / "seeds"
        self.raw.mkdir()
        self.seeds.mkdir()
        self.seed()

    def seed(self, **changed: str) -> None:
        """Writes the seed files, some with other text."""
        for name, text in (SEEDS | changed).items():
            (self.seeds / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")

    def run(
        self,
        *,
        on: date | list[date] = D,
        accounts: Rows = ACCOUNTS,
        background: bool = True,
        vars: Mapping[str, Any] | None = None,
        **tables: Rows,
    ) -> reference.Result:
        """Scores the given rows, keys filled in where a row has none."""
        shutil.rmtree(self.raw)
        self.raw.mkdir()
        write_csv(self.raw, "accounts", accounts)
        names = {*tables, *(BACKGROUND if background else ())}
        for name in names:
            key = {
                "usage_events": "event_id", "tickets": "ticket_id",
                "conversations": "conversation_id", "survey_responses": "response_id",
                "touchpoints": "touchpoint_id", "invoices": "invoice_id",
                "contracts": "contract_id", "users": "user_id",
            }.get(name)  # fmt: skip
            rows = [
                ({key: f"{name}-{number:03}"} if key else {}) | {"account_id": "a"} | row
                for number, row in enumerate(tables.get(name, []))
            ]
            if name == "features":
                rows = tables[name]
            rows += BACKGROUND.get(name, []) if background else []
            if rows:
                write_csv(self.raw, name, rows)
        dates = on if isinstance(on, list) else [on]
        return reference.run(self.raw, self.seeds, dates, vars or {})


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """An empty company."""
    return Company(tmp_path)


def signal(result: reference.Result, signal_id: str, account_id: str = "a") -> dict[str, Any]:
    """The one row of a signal."""
    (row,) = [
        r for r in result.signals if (r["signal_id"], r["account_id"]) == (signal_id, account_id)
    ]
    return row


def found(result: reference.Result, signal_id: str) -> tuple[Any, Any]:
    """Value and evidence count of a signal, the reason in place of a missing value."""
    row = signal(result, signal_id)
    assert row["is_missing"] == (row["signal_value"] is None)
    return row["missing_reason"] or row["signal_value"], row["evidence_count"]


def history(result: reference.Result, account_id: str = "a") -> dict[str, Any]:
    """The one row of history."""
    (row,) = [r for r in result.history if r["account_id"] == account_id]
    return row


# ---- reading values


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-01-31", datetime(2025, 1, 31)),
        (" 2025-01-31 13:45\t", datetime(2025, 1, 31, 12, 45)),
        ("2025-01-31T13:45:00Z", datetime(2025, 1, 31, 13, 45)),
        ("2025-01-31 13:45:00+02:00", datetime(2025, 1, 31, 11, 45)),
        ("2025-01-31 13:45:00-0530", datetime(2025, 1, 31, 19, 15)),
        ("2025-01-31 13:45:00.1234569", datetime(2025, 1, 31, 12, 45, 0, 123456)),
        ("2025-07-01 00:30:00", datetime(2025, 6, 30, 22, 30)),
    ],
)
def test_a_timestamp_is_converted_to_utc(text: str, moment: datetime) -> None:
    """Without an offset it is in the source's zone; a bare date is never shifted."""
    assert read_timestamp(text, ZoneInfo("Europe/Berlin")) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2025-1-5", "epoch", "infinity", "2025-02-30", "2025-01-01 24:00:00", "2025-01-01t10:00",
        "2025-01-01 10:00:60", "2025-01-01 10:00 +02:00", "2025-01-01 10:00:00+16", "0000-01-01",
        "2025-01-01  10:00", "2025-01-01Z", "2025-01-01 10:00:00.", "20250101", "31/01/2025",
    ],
)  # fmt: skip
def test_other_timestamps_are_unreadable(text: str) -> None:
    """Neither as a moment nor as a date."""
    with pytest.raises(Unreadable):
        read_timestamp(text, UTC_ZONE)
    with pytest.raises(Unreadable):
        read_date(text)


def test_a_date_is_taken_as_written() -> None:
    """No shift, whatever the offset."""
    assert read_date("2025-01-31T23:30:00-05:00") == date(2025, 1, 31)
    assert read_date("03/04/2025", "%d/%m/%Y") == date(2025, 4, 3)
    assert read_timestamp("03.04.2025 01:00", ZoneInfo("Asia/Tokyo"), "%d.%m.%Y %H:%M") == (
        datetime(2025, 4, 2, 16)
    )
    with pytest.raises(Unreadable):
        read_date("2025-04-03", "%d/%m/%Y")


def test_typed_values_skip_the_pattern() -> None:
    """A typed zone converts, a typed whole number is that integer in text and boolean columns."""
    aware = datetime(2025, 1, 31, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert read_timestamp(aware, UTC_ZONE) == datetime(2025, 1, 30, 16)
    assert read_timestamp(datetime(2025, 1, 31, 1), ZoneInfo("Asia/Tokyo")) == (
        datetime(2025, 1, 30, 16)
    )
    assert read_timestamp(date(2025, 1, 31), ZoneInfo("Asia/Tokyo")) == datetime(2025, 1, 31)
    assert read_text(1001.0) == "1001"
    assert read_text("1001.0") == "1001.0"
    assert read_boolean(1.0) is True
    assert read_boolean(False) is False


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("-1.5", -1.5), ("+.5", 0.5), ("5.", 5), ("1e2", 100)]
)
def test_numbers(text: str, number: float) -> None:
    """Point, sign and exponent."""
    assert read_number(text) == number


@pytest.mark.parametrize(
    "value", ["1_000", "nan", "1e999", "1e15", "12,5", "0x1", "٣", float("nan")]
)
def test_other_numbers_are_unreadable(value: Any) -> None:
    """Also those that an engine would accept."""
    with pytest.raises(Unreadable):
        read_number(value)


def test_text_codes_and_booleans() -> None:
    """Only blanks, tabs and line ends are trimmed, only A to Z are lowered."""
    assert read_text(" \tA b\r\n") == "A b"
    assert read_text("\u00a0x") == "\u00a0x"
    assert read_text(" \n") is None
    assert read_code(" ÀLogin ") == "Àlogin"
    assert [read_boolean(t) for t in ("Yes", "N", "1", "f", " ")] == [
        True,
        False,
        True,
        False,
        None,
    ]
    with pytest.raises(Unreadable):
        read_boolean("maybe")


# ---- accepting and rejecting


def reasons(result: reference.Result, table: str) -> list[tuple[str, str]]:
    """Row key and reason of each rejected row of a table."""
    rows = [r for r in result.rejected_rows if r["source_table"] == table]
    return sorted((r["row_key"], r["reason"]) for r in rows)


def test_each_reason_to_reject(company: Company) -> None:
    """The first reason that applies, once per row."""
    day = "2025-06-01"
    result = company.run(
        background=False,
        survey_responses=[
            {"response_id": " ", "survey_type": "csat", "score": 9, "responded_at": "x"},
            {"response_id": "blank", "survey_type": "csat", "score": "", "responded_at": "x"},
            {"response_id": "text", "survey_type": "csat", "score": "five", "responded_at": day},
            {"response_id": "low", "survey_type": "csat", "score": 0.5, "responded_at": day},
            {"response_id": "high", "survey_type": "nps", "score": 10.5, "responded_at": day},
            {"response_id": "lone", "survey_type": "nps", "score": 1, "responded_at": day,
             "account_id": "nobody"},
            {"response_id": "edge", "survey_type": "NPS", "score": 10, "responded_at": day},
            {"response_id": "ces", "survey_type": "ces", "score": 99, "responded_at": day},
        ],
        contracts=[
            {"contract_id": "early", "start_date": day, "end_date": "2025-05-31"},
            {"contract_id": "equal", "start_date": day, "end_date": day},
            {"contract_id": "date", "start_date": day, "end_date": "2025-6-1"},
        ],
        churn_events=[{"churned_on": day, "reactivated_on": "2025-05-31"}, {"churned_on": "soon"}],
    )  # fmt: skip
    assert reasons(result, "survey_responses") == [
        ("", "missing_key"),
        ("blank", "missing_value"),
        ("high", "out_of_range"),
        ("lone", "unknown_account"),
        ("low", "out_of_range"),
        ("text", "unreadable_value"),
    ]
    assert reasons(result, "contracts") == [
        ("date", "unreadable_value"),
        ("early", "end_before_start"),
    ]
    assert reasons(result, "churn_events") == [
        ("a|2025-06-01", "end_before_start"),
        ("a|soon", "unreadable_value"),
    ]
    counts = {r["source_table"]: r for r in result.row_counts}
    assert counts["survey_responses"]["rows_in"] == 8
    assert counts["survey_responses"]["rows_accepted"] == 2
    assert counts["survey_responses"]["rows_rejected"] == 6


def test_which_row_of_a_key_stays(company: Company) -> None:
    """The later load, then the greater text; a broken newer version supersedes nothing."""

    def event(count: Any, loaded_at: str = "", at: str = "2025-06-01") -> dict[str, Any]:
        return {"event_name": "login", "occurred_at": at, "event_count": count,
                "loaded_at": loaded_at, "user_id": "u"}  # fmt: skip

    result = company.run(
        background=False,
        usage_events=[
            {"event_id": "load"} | event(1, "2025-06-02"),
            {"event_id": "load"} | event(2, "2025-06-03"),
            {"event_id": "load"} | event(3),
            {"event_id": "load"} | event(4, "2025-06-09", at="never"),
            {"event_id": "text"} | event(9),
            {"event_id": "text"} | event(10),
            {"event_id": "same"} | event(5),
            {"event_id": "same"} | event("5.0"),
        ],
    )
    assert reasons(result, "usage_events") == [
        ("load", "superseded"),
        ("load", "superseded"),
        ("load", "unreadable_value"),
        ("same", "superseded"),
        ("text", "superseded"),
    ]
    numbers = [r["reject_number"] for r in result.rejected_rows if r["reason"] == "superseded"]
    assert sorted(numbers) == [1, 1, 1, 2]
    # 2 by the later load, "9.000000" above "10.000000", 5: all of them recent
    data = reference.reading.read_raw(company.raw, reference.settings.Settings())
    assert sorted(row.event_count for row in data.rows("usage_events")) == [2.0, 5.0, 9.0]


def test_optional_values_become_null_and_defaults_apply(company: Company) -> None:
    """Out of range or unreadable, then the default; forgiving tables lose a date, not the row."""
    result = company.run(
        background=False,
        accounts=[
            {"account_id": "a", "created_at": "2023-01-01", "segment": " ", "customer_since": "x"}
        ],
        usage_events=[
            {"event_name": "x", "occurred_at": "2025-06-01", "event_count": -5},
            {"event_name": "x", "occurred_at": "2025-06-02", "event_count": "many"},
        ],
        conversations=[{"started_at": "2025-06-01", "sentiment": 1.1}],
        users=[{"created_at": "2023-01-01", "deactivated_at": "gone", "is_executive": "perhaps"}],
        features=[{"feature_id": "f", "is_core": "", "released_at": "soon"}],
        invoices=[{"amount": 1, "issued_on": "2025-06-01", "voided_on": "no"}],
    )
    warned = {(w["source_table"], w["column_name"], w["warning"]): w for w in result.data_warnings}
    assert {key: w["row_count"] for key, w in warned.items()} == {
        ("accounts", "customer_since", "unreadable_value"): 1,
        ("usage_events", "event_count", "out_of_range"): 1,
        ("usage_events", "event_count", "unreadable_value"): 1,
        ("conversations", "sentiment", "out_of_range"): 1,
        ("users", "deactivated_at", "unreadable_value"): 1,
        ("users", "is_executive", "unreadable_value"): 1,
    }
    assert warned["conversations", "sentiment", "out_of_range"]["examples"] == "conversations-000"
    assert reasons(result, "features") == [("f", "unreadable_value")]
    assert reasons(result, "invoices") == [("invoices-000", "unreadable_value")]
    assert history(result)["segment"] == "unknown"
    assert history(result)["seats"] == 1.0
    data = reference.reading.read_raw(company.raw, reference.settings.Settings())
    assert [row.event_count for row in data.rows("usage_events")] == [1.0, 1.0]


def test_warnings_about_time_users_and_terms(company: Company) -> None:
    """Rows outside of the account's life, users nobody knows, gaps of one day."""
    result = company.run(
        background=False,
        users=[{"user_id": "u", "created_at": "2022-12-31"}],
        tickets=[
            {"ticket_id": "t1", "created_at": "2025-01-10", "requester_user_id": "ghost"},
            {"ticket_id": "t2", "created_at": "2025-01-09 23:59:59", "requester_user_id": "u"},
        ],
        churn_events=[
            {"churned_on": "2025-01-01", "reactivated_on": "2025-01-10"},
            {"churned_on": "2025-06-01"},
        ],
        usage_events=[{"event_name": "x", "occurred_at": "2025-06-02", "user_id": "ghost"}],
        contracts=[
            {"contract_id": "c1", "start_date": "2024-01-01", "end_date": "2024-06-29"},
            {"contract_id": "c2", "start_date": "2024-07-01", "end_date": "2024-12-31"},
            {"contract_id": "c3", "start_date": "2025-01-01", "end_date": "2025-01-31"},
        ],
        survey_responses=[{"survey_type": "CES", "score": 3, "responded_at": "2024-03-01"}],
        conversations=[{"started_at": "2024-03-01", "resolution_outcome": "Abandoned"}],
    )
    assert [tuple(w.values()) for w in result.data_warnings] == [
        ("churn_events", "churned_on", "activity_after_churn", 1, "a|2025-06-01"),
        ("contracts", "end_date", "one_day_gap", 1, "c1"),
        ("conversations", "resolution_outcome", "unknown_outcome", 1, "conversations-000"),
        ("survey_responses", "survey_type", "unknown_survey_type", 1, "survey_responses-000"),
        ("tickets", "created_at", "after_account_churned", 1, "t2"),
        ("tickets", "requester_user_id", "unknown_user", 1, "t1"),
        ("usage_events", "occurred_at", "after_account_churned", 1, "a|ghost"),
        ("usage_events", "user_id", "unknown_user", 1, "a|ghost"),
        ("users", "created_at", "before_account_created", 1, "u"),
    ]  # c3 starts on the day of the churn, which is not after it


def test_parquet_and_csv_give_the_same(company: Company, tmp_path: Path) -> None:
    """Typed columns in a folder of files against text; ids written as decimals stay those ids."""
    rows = [{"account_id": "1001", "created_at": back(200)}]
    answers = [
        {"response_id": str(n), "account_id": "1001", "survey_type": "csat", "score": n,
         "responded_at": back(n)} for n in (1, 5)
    ]  # fmt: skip
    text = company.run(accounts=rows, background=False, survey_responses=answers)
    (company.raw / "survey_responses.csv").unlink()
    (company.raw / "survey_responses").mkdir()
    for row in answers:
        table = pa.table(
            {
                "response_id": pa.array([float(row["response_id"])], pa.float64()),
                "account_id": pa.array([1001.0], pa.float64()),
                "survey_type": ["CSAT"],
                "score": pa.array([row["score"]], pa.int64()),
                "responded_at": pa.array(
                    [datetime.fromisoformat(row["responded_at"]).replace(tzinfo=UTC)],
                    pa.timestamp("ns", tz="UTC"),
                ),
            }
        )
        pq.write_table(table, company.raw / "survey_responses" / f"{row['response_id']}.parquet")
    typed = reference.run(company.raw, company.seeds, [D], {})
    assert found_value(text, "csat_average", "1001") == 3.0
    assert typed.signals == text.signals


def found_value(result: reference.Result, signal_id: str, account_id: str) -> float | None:
    """The value of a signal of some account."""
    return signal(result, signal_id, account_id)["signal_value"]


def test_a_missing_required_column_or_two_currencies_stop_the_run(company: Company) -> None:
    """With a sentence that names them."""
    with pytest.raises(ValueError, match="tickets lacks its column created_at"):
        company.run(background=False, tickets=[{"ticket_id": "t"}])
    with pytest.raises(ValueError, match="EUR, USD"):
        company.run(
            background=False,
            contracts=[{"start_date": "2025-01-01", "currency": "USD"}],
            invoices=[{"amount": 1, "issued_on": "2025-01-01", "currency": "EUR"}],
        )


# ---- scope, tenure and terms


def scope(company: Company, dates: list[str], **tables: Any) -> dict[str, int]:
    """Tenure by date, for the dates on which account a is in scope."""
    days = [date.fromisoformat(text) for text in dates]
    result = company.run(on=days, background=False, **tables)
    return {
        row["as_of_date"].isoformat(): row["tenure_days"]
        for row in result.history
        if row["account_id"] == "a"
    }


def test_churn_and_reactivation(company: Company) -> None:
    """Out from the day of the churn on, in from the day of the return, with a new tenure."""
    dates = ["2022-12-31", "2023-01-01", "2024-02-29", "2024-03-01", "2024-03-09", "2024-03-10"]
    churn = [{"churned_on": "2024-03-01", "reactivated_on": "2024-03-10"}]
    assert scope(company, dates, churn_events=churn) == {
        "2023-01-01": 0,
        "2024-02-29": 424,
        "2024-03-10": 0,
    }


def test_churn_and_reactivation_on_one_day(company: Company) -> None:
    """Of one row: ignored whole. Of two rows: the churn outranks the reactivation."""
    dates = ["2024-03-01", "2024-03-10"]
    same = [{"churned_on": "2024-03-01", "reactivated_on": "2024-03-01"}]
    assert scope(company, dates, churn_events=same) == {"2024-03-01": 425, "2024-03-10": 434}
    two = [
        {"churned_on": "2024-02-01", "reactivated_on": "2024-03-01"},
        {"churned_on": "2024-03-01", "reactivated_on": "2024-03-09"},
    ]
    assert scope(company, dates, churn_events=two) == {"2024-03-10": 1}


def test_lifecycle_events_before_the_start_are_ignored(company: Company) -> None:
    """Each by itself: the reactivation after the start remains."""
    churn = [{"churned_on": "2022-12-01", "reactivated_on": "2023-02-01"}]
    dates = ["2023-01-15", "2023-02-02"]
    assert scope(company, dates, churn_events=churn) == {"2023-01-15": 14, "2023-02-02": 1}


def test_customer_since_and_prospects(company: Company) -> None:
    """Without the date, an account is only a prospect from the first customer on."""
    accounts = [
        {"account_id": "a", "created_at": "2023-01-01", "customer_since": ""},
        {"account_id": "b", "created_at": "2023-01-01", "customer_since": "2023-03-01"},
        {"account_id": "c", "created_at": "2023-01-01", "is_internal": "yes"},
    ]
    days = [date(2023, 2, 28), date(2023, 3, 1)]
    result = company.run(on=days, accounts=accounts, background=False)
    seen = [(r["account_id"], r["as_of_date"], r["tenure_days"]) for r in result.history]
    assert seen == [("a", days[0], 58), ("b", days[1], 0)]


def terms(company: Company, contracts: Rows, on: str, **vars: Any) -> tuple[Any, ...]:
    """arr, seats, renewal_date and is_past_due_renewal on a date."""
    result = company.run(
        on=date.fromisoformat(on), background=False, contracts=contracts, vars=vars
    )
    row = history(result)
    renewal = None if row["renewal_date"] is None else row["renewal_date"].isoformat()
    return row["arr"], row["seats"], renewal, row["is_past_due_renewal"]


def test_overlapping_terms_add_up(company: Company) -> None:
    """Missing values count as nothing; open-ended terms have no renewal date."""
    contracts = [
        {"start_date": "2024-01-01", "end_date": "2024-12-31", "seats": 5, "annual_value": 100,
         "plan": "basic"},
        {"start_date": "2024-06-01", "seats": "", "annual_value": 50, "plan": "pro"},
        {"start_date": "2024-06-02", "end_date": "9999-12-31", "seats": 2.5},
    ]  # fmt: skip
    assert terms(company, contracts, "2023-12-31") == (None, None, None, False)
    assert terms(company, contracts, "2024-12-31") == (150.0, 7.5, "2025-01-01", False)
    assert terms(company, contracts[:1], "2025-01-31") == (100.0, 5.0, "2025-01-01", True)
    # another term that starts before this one's end is no successor unless within 30 days
    assert terms(company, contracts, "2025-01-31") == (150.0, 7.5, "2025-01-01", True)


def test_days_of_grace(company: Company) -> None:
    """A term that ran out counts for 30 days more, unless another one follows."""
    old = {"start_date": "2024-01-01", "end_date": "2024-12-31", "annual_value": 100}
    assert terms(company, [old], "2025-01-31")[0] == 100.0
    assert terms(company, [old], "2025-02-01")[0] == 0.0
    assert terms(company, [old], "2025-01-02", contract_end_is_inclusive=False)[2] == "2024-12-31"
    assert terms(company, [old], "2025-01-01", renewal_grace_days=0)[0] == 100.0
    assert terms(company, [old], "2025-01-02", renewal_grace_days=0)[0] == 0.0
    follows = {"start_date": "2025-01-10", "annual_value": 70}
    assert terms(company, [old, follows], "2025-01-09")[0] == 100.0
    assert terms(company, [old, follows], "2025-01-10")[0] == 70.0
    before = {"start_date": "2024-12-02", "annual_value": 7}
    assert terms(company, [old, before], "2025-01-01")[0] == 7.0
    long_before = {"start_date": "2024-12-01", "annual_value": 7}
    assert terms(company, [old, long_before], "2025-01-01")[0] == 107.0


def test_cancelled_terms(company: Company) -> None:
    """Live until the day of the cancellation; cancelled by its start, a term is no term at all."""
    cut = {"start_date": "2024-01-01", "end_date": "2024-12-31", "annual_value": 100,
           "cancelled_at": "2024-05-01 10:00:00"}  # fmt: skip
    assert terms(company, [cut], "2024-04-30")[0] == 100.0
    assert terms(company, [cut], "2024-05-01")[0] == 0.0
    late = cut | {"cancelled_at": "2025-01-10"}
    assert terms(company, [late], "2025-01-09")[0] == 100.0
    assert terms(company, [late], "2025-01-10")[0] == 0.0
    never = {"start_date": "2025-01-05", "annual_value": 9, "cancelled_at": "2025-01-05"}
    kept = cut | {"cancelled_at": ""}
    assert terms(company, [kept, never], "2025-01-20")[0] == 100.0


def test_seats_fall_back_to_users(company: Company) -> None:
    """Users there on the day; zero seats stay zero, no user is null."""
    users = [
        {"created_at": "2025-06-30 23:59:59"},
        {"created_at": "2025-07-01"},
        {"created_at": "2025-01-01", "deactivated_at": "2025-06-30"},
        {"created_at": "2025-01-01", "deactivated_at": "2025-07-01"},
    ]
    assert history(company.run(background=False, users=users))["seats"] == 2.0
    zero = [{"start_date": "2025-01-01", "seats": 0}]
    assert history(company.run(background=False, users=users, contracts=zero))["seats"] == 0.0
    gone = [users[1], users[2]]
    result = company.run(background=False, users=gone, contracts=[])
    assert history(result)["seats"] is None


# ---- usage signals


def logins(days: list[int], user: str = "u1", **more: Any) -> Rows:
    """A login per entry."""
    return [{"event_name": "LOGIN", "occurred_at": back(n), "user_id": user} | more for n in days]


SEATS_10 = [{"start_date": "2023-01-01", "seats": 10}]


def test_login_frequency_and_the_edges_of_the_window(company: Company) -> None:
    """Day 89 counts and day 90 does not; a user counts once a day; zero events are none."""
    events = (
        logins([0, 0, 89, 90])
        + logins([0], "u2")
        + logins([5], event_count=0)
        + logins([6], user="")
        + [{"event_name": "login", "occurred_at": "2025-07-01", "user_id": "u1"}]
    )
    result = company.run(contracts=SEATS_10, usage_events=events)
    value, evidence = found(result, "login_frequency")
    assert (value, evidence) == (pytest.approx(3 * 7 / (10 * 90)), 3)


def test_login_frequency_of_a_young_account(company: Company) -> None:
    """Counted in the days that the account was there: ten days of tenure are eleven days."""
    accounts = [ACCOUNTS[1], {"account_id": "a", "created_at": back(10)}]
    contracts = [{"start_date": back_on(10), "seats": 2}]
    result = company.run(accounts=accounts, contracts=contracts, usage_events=logins([0, 10, 11]))
    assert found(result, "login_frequency") == (pytest.approx(2 * 7 / (2 * 11)), 2)


def test_no_seats_no_rate(company: Company) -> None:
    """Null or zero seats leave the three rates without evidence, but count what there is."""
    result = company.run(usage_events=logins([0]), tickets=[{"created_at": back(0)}])
    assert found(result, "login_frequency") == ("no_evidence", 1)
    assert found(result, "seat_utilization_rate") == ("no_evidence", 1)
    assert found(result, "contact_rate") == ("no_evidence", 1)


def test_feature_adoption(company: Company) -> None:
    """Core features released by the date, used in the window by anybody."""
    features = [
        {"feature_id": "f1"},
        {"feature_id": "f2", "released_at": "2025-06-30 23:00:00"},
        {"feature_id": "f3", "released_at": "2025-07-01"},
        {"feature_id": "f4", "is_core": "no"},
        {"feature_id": "f5"},
        {"feature_id": "f6"},
    ]
    events = [
        {"event_name": "use", "occurred_at": back(n), "feature_id": f, "event_count": count}
        for n, f, count in [(89, "f1", 1), (0, "f3", 1), (0, "f4", 1), (90, "f5", 1), (0, "f6", 0)]
    ]
    result = company.run(features=features, usage_events=events)
    assert found(result, "feature_adoption_rate") == (0.25, 1)


def test_seat_utilization(company: Company) -> None:
    """Distinct users in 30 days with any event, at most 1."""
    events = logins([0, 29]) + logins([29], "u2") + logins([30], "u3")
    events += [{"event_name": "x", "occurred_at": back(1), "user_id": "of another account"}]
    result = company.run(contracts=SEATS_10, usage_events=events)
    assert found(result, "seat_utilization_rate") == (0.3, 3)
    full = company.run(contracts=[{"start_date": "2023-01-01", "seats": 2}], usage_events=events)
    assert found(full, "seat_utilization_rate") == (1.0, 3)


def test_usage_trend(company: Company) -> None:
    """Event counts of the last 30 days against the 60 before: 24 per 30 to 60 per 60."""
    events = [
        {"event_name": "x", "occurred_at": back(n), "event_count": count}
        for n, count in [(0, 20), (29, 4), (30, 59.5), (89, 0.5), (90, 100)]
    ]
    result = company.run(usage_events=events)
    assert found(result, "usage_trend_ratio") == (0.8, 60)
    young = [ACCOUNTS[1], {"account_id": "a", "created_at": back(89)}]
    assert found(company.run(accounts=young, usage_events=events), "usage_trend_ratio") == (
        "no_evidence",
        60,
    )
    old = [ACCOUNTS[1], {"account_id": "a", "created_at": back(90)}]
    assert found(company.run(accounts=old, usage_events=events), "usage_trend_ratio")[0] == 0.8


def test_usage_trend_needs_enough_evidence(company: Company) -> None:
    """Nine earlier events are too few, ten are enough."""
    event = {"event_name": "x", "occurred_at": back(40)}
    few = company.run(usage_events=[event | {"event_count": 9}])
    assert found(few, "usage_trend_ratio") == ("too_few", 9)
    enough = company.run(usage_events=[event | {"event_count": 10}])
    assert found(enough, "usage_trend_ratio") == (0.0, 10)


def test_admin_login_change(company: Company) -> None:
    """Logins of admins, whatever account they belong to, 6 after 10: a drop of 0.4."""
    users = [
        {"user_id": "u1", "role": "Admin", "created_at": "2023-01-01"},
        {"user_id": "u2", "role": "admin", "created_at": "2023-01-01", "account_id": "bg"},
        {"user_id": "u3", "role": "member", "created_at": "2023-01-01"},
        {"user_id": "u4", "role": "admin", "created_at": "2025-07-01"},
    ]
    events = (
        logins([29], "u1", event_count=4)
        + logins([0], "u2", event_count=2)
        + logins([30], "u1", event_count=7)
        + logins([59], "u2", event_count=3)
        + logins([60], "u1", event_count=50)
        + logins([0, 40], "u3", event_count=50)
        + logins([0, 40], "u4", event_count=50)
    )
    result = company.run(users=users, usage_events=events)
    assert found(result, "admin_login_change") == (-0.4, 10)
    assert signal(result, "admin_login_change")["normalized_score"] is None


# ---- support signals


def test_csat_average(company: Company) -> None:
    """Answers of that type in the window."""
    answers = [
        {"survey_type": kind, "score": score, "responded_at": back(n)}
        for n, kind, score in [(0, "csat", 5), (89, "CSAT", 2), (90, "csat", 1), (0, "nps", 0)]
    ]
    result = company.run(survey_responses=answers)
    assert found(result, "csat_average") == (3.5, 2)
    assert signal(result, "csat_average")["normalized_score"] == 62.5


CONTACTS = {
    "tickets": [
        {"ticket_id": "t1", "created_at": back(0)},
        {"ticket_id": "t2", "created_at": back(89)},
        {"ticket_id": "t3", "created_at": back(90)},
        {"ticket_id": "bg-ticket", "created_at": back(200), "account_id": "bg"},
    ],
    "conversations": [
        {"started_at": back(1), "ticket_id": "t1"},
        {"started_at": back(2), "ticket_id": "bg-ticket"},
        {"started_at": back(3), "ticket_id": "unknown"},
        {"started_at": back(30)},
    ],
}


def test_contact_rate(company: Company) -> None:
    """A conversation counts by itself unless its ticket is one of its account's."""
    result = company.run(contracts=SEATS_10, **CONTACTS)
    value, evidence = found(result, "contact_rate")
    assert (value, evidence) == (pytest.approx(5 * 30 / (10 * 90)), 5)
    assert signal(result, "contact_rate")["normalized_score"] == 100


def test_a_conversation_is_a_contact_until_its_ticket_exists(company: Company) -> None:
    """The ticket is created after the conversation has started."""
    tables = {
        "tickets": [{"ticket_id": "t", "created_at": back(2)}],
        "conversations": [{"started_at": back(5), "ticket_id": "t"}],
    }
    on = [D - timedelta(days=3), D - timedelta(days=2)]
    result = company.run(on=on, background=False, **tables)
    counts = [
        (r["as_of_date"], r["evidence_count"])
        for r in result.signals
        if r["signal_id"] == "escalation_rate" and r["account_id"] == "a"
    ]
    assert counts == [(on[0], 1), (on[1], 1)]


def test_contact_trend(company: Company) -> None:
    """(3 + 1) / (8 / 2 + 1) = 0.8, which opens the step of stable."""
    days = [0, 10, 29] + [30, 31, 40, 50, 60, 70, 80, 89]
    result = company.run(tickets=[{"created_at": back(n)} for n in [*days, 90]])
    assert found(result, "contact_trend_ratio") == (0.8, 11)
    assert signal(result, "contact_trend_ratio")["normalized_score"] == 75


def test_escalation_rate(company: Company) -> None:
    """By the date: a time, a flag without a time, a conversation's flag; 3 of 10."""
    tickets: Rows = [{"created_at": back(n), "ticket_id": f"t{n}"} for n in range(9)]
    tickets[0] |= {"escalated_at": "2025-06-30 23:00:00"}
    tickets[1] |= {"escalated_at": "2025-07-01 00:00:00", "is_escalated": "true"}
    tickets[2] |= {"is_escalated": "Y"}
    conversations = [
        {"started_at": back(1), "ticket_id": "t3", "is_escalated": "1"},
        {"started_at": "2025-07-01", "ticket_id": "t4", "is_escalated": "1"},
        {"started_at": back(1), "is_escalated": "0"},
    ]
    result = company.run(tickets=tickets, conversations=conversations)
    assert found(result, "escalation_rate") == (0.3, 10)
    one = company.run(tickets=tickets[:1], conversations=[])
    assert found(one, "escalation_rate") == ("too_few", 1)


def test_first_contact_resolution(company: Company) -> None:
    """Tickets solved in the window with one reply at most, conversations with an outcome."""
    good = {"created_at": back(200), "solved_at": back(89), "agent_reply_count": 1}
    tickets = [
        good,
        good | {"agent_reply_count": 0, "reopened_at": "2025-07-01"},
        good | {"agent_reply_count": 2},
        good | {"agent_reply_count": ""},
        good | {"reopened_at": back(0)},
        good | {"escalated_at": back(0)},
        good | {"solved_at": back(90)},
        good | {"solved_at": "2025-07-01"},
    ]
    conversations = [
        {"started_at": back(89), "resolution_outcome": "Resolved"},
        {"started_at": back(1), "resolution_outcome": "abandoned"},
        {"started_at": back(1), "resolution_outcome": "resolved", "is_escalated": "yes"},
        {"started_at": back(1)},
        {"started_at": back(90), "resolution_outcome": "resolved"},
    ]
    result = company.run(tickets=tickets, conversations=conversations)
    assert found(result, "first_contact_resolution_rate") == (0.375, 8)


def test_repeat_contacts(company: Company) -> None:
    """Same topic at most 30 days before, also outside of the window; an intent is a topic too."""
    tickets = [
        {"created_at": back(119), "issue_type": "billing"},
        {"created_at": back(89), "issue_type": "Billing", "intent": "other"},
        {"created_at": back(58), "issue_type": "billing"},
        {"created_at": back(20), "issue_type": "login"},
        {"created_at": back(10)},
    ]
    conversations = [
        {"started_at": back(28), "intent": "BILLING"},
        {"started_at": back(27), "intent": "billing", "account_id": "bg"},
    ]
    result = company.run(tickets=tickets, conversations=conversations)
    # day 89 repeats day 119; day 58 is 31 days after day 89; day 28 repeats day 58; login is new
    assert found(result, "repeat_contact_rate") == (0.5, 4)


def test_of_a_ticket_and_a_conversation_of_equal_time_and_id_one_repeats_the_other(
    company: Company,
) -> None:
    """Which of them does makes no difference to the rate; both or none would."""
    at = back(10)
    result = company.run(
        tickets=[{"ticket_id": "x", "created_at": at, "issue_type": "billing"}],
        conversations=[{"conversation_id": "x", "started_at": at, "intent": "billing"}],
    )
    assert found(result, "repeat_contact_rate") == (0.5, 2)


def test_a_ticket_inherits_the_earliest_intent(company: Company) -> None:
    """The earliest conversation by the date that has one; ids break ties."""
    result = company.run(
        tickets=[
            {"ticket_id": "t", "created_at": back(40)},
            {"ticket_id": "u", "created_at": back(10), "issue_type": "late"},
        ],
        conversations=[
            {"conversation_id": "c9", "started_at": back(20), "ticket_id": "t", "intent": "b"},
            {"conversation_id": "c10", "started_at": back(20), "ticket_id": "t", "intent": "late"},
            {"conversation_id": "c0", "started_at": back(30), "ticket_id": "t"},
        ],
    )
    # "c10" is before "c9" in bytes, so t's topic is "late", and u repeats it
    assert found(result, "repeat_contact_rate") == (0.5, 2)


def test_churn_signals(company: Company) -> None:
    """Own intent, a conversation's intent, or the subject where there is no own intent."""
    tickets = [
        {"ticket_id": "t1", "created_at": back(0), "intent": "DATA_EXPORT"},
        {"ticket_id": "t2", "created_at": back(0), "subject": "Please CANCEL!"},
        {"ticket_id": "t3", "created_at": back(0), "subject": "cancel", "intent": "how_to"},
        {"ticket_id": "t4", "created_at": back(0), "subject": "cancellation"},
        {"ticket_id": "t5", "created_at": back(300), "intent": "how_to"},
        {"ticket_id": "t6", "created_at": back(300), "intent": "data_export"},
        {"ticket_id": "t7", "created_at": back(0), "subject": "cancel"},
        {"ticket_id": "t8", "created_at": back(0)},
    ]
    conversations = [
        {"started_at": back(89), "ticket_id": "t5", "intent": "competitor"},
        {"started_at": back(1), "intent": "competitor"},
        {"started_at": back(1), "intent": "how_to"},
        {"started_at": "2025-07-01", "ticket_id": "t8", "intent": "competitor"},
        {"started_at": back(1), "ticket_id": "t7", "intent": "how_to"},
    ]
    result = company.run(tickets=tickets, conversations=conversations)
    # t1, t2, t5 (by its conversation), t7 (an inherited intent does not hide the subject) and the
    # lone conversation; t3 has an intent of its own, t6 is old, t8 has nothing to look at
    assert found(result, "churn_signal_count") == (5.0, 8)
    assert signal(result, "churn_signal_count")["normalized_score"] == 0
    nothing = company.run(tickets=[{"created_at": back(0)}], conversations=[])
    assert found(nothing, "churn_signal_count") == ("no_evidence", 0)


@pytest.mark.parametrize(
    ("subject", "is_hit"),
    [
        ("EXPORT--our\tData?", True),
        ("export of our data", False),
        ("our data export", False),
        ("reexport our data", False),
        ("export our data", True),
        ("exportour data", False),
        ("Grüße:cancel", True),
        ("cancelé", True),
        ("!!!", False),
        (None, False),
    ],
)
def test_keywords_are_whole_words_in_order(subject: str | None, is_hit: bool) -> None:
    """Everything but a-z and 0-9 separates words."""
    assert has_keyword(subject, ("Export our-data", "cancel")) is is_hit


def test_sentiment(company: Company) -> None:
    """Means of 90 days, and of 30 against the 60 before; a ticket does not matter."""
    stated = [(0, 0.5), (29, -0.5), (30, 0.25), (89, 0.75), (90, -1), (1, "")]
    conversations = [
        {"started_at": back(n), "sentiment": score, "ticket_id": "t"} for n, score in stated
    ]
    tickets = [{"ticket_id": "t", "created_at": back(300)}]
    result = company.run(tickets=tickets, conversations=conversations)
    assert found(result, "sentiment_average") == (0.25, 4)
    assert found(result, "sentiment_change") == (-0.5, 4)
    recent = company.run(tickets=tickets, conversations=conversations[:2])
    assert found(recent, "sentiment_average") == (0.0, 2)
    assert found(recent, "sentiment_change") == ("no_evidence", 2)


# ---- relationship and financial signals


def test_nps_counts_each_respondent_once(company: Company) -> None:
    """The latest answer by time, then id; without a user each answer is a respondent."""
    answers = [
        {"response_id": "r9", "user_id": "u1", "score": 2, "responded_at": back(10)},
        {"response_id": "r10", "user_id": "u1", "score": 10, "responded_at": back(10)},
        {"response_id": "r1", "user_id": "u1", "score": 9, "responded_at": back(11)},
        {"response_id": "r2", "score": 9, "responded_at": back(89)},
        {"response_id": "r3", "score": 10, "responded_at": back(89)},
        {"response_id": "r4", "user_id": "u2", "score": 0, "responded_at": back(90)},
    ]
    answers = [row | {"survey_type": "nps"} for row in answers]
    result = company.run(survey_responses=answers)
    assert found(result, "nps_average") == (7.0, 3)
    assert signal(result, "nps_average")["normalized_score"] == 70
    assert found(result, "nps_category") == (7.0, 3)
    assert signal(result, "nps_category")["normalized_score"] == 50


def test_touchpoints(company: Company) -> None:
    """Executives in 90 days; days since the latest; null without any ever."""
    rows = [
        {"occurred_at": back(52, "00:00:00"), "includes_executive": "true"},
        {"occurred_at": back(89), "includes_executive": "yes"},
        {"occurred_at": back(60), "includes_executive": "no"},
        {"occurred_at": back(60)},
        {"occurred_at": back(90), "includes_executive": "true"},
        {"occurred_at": "2025-07-01", "includes_executive": "true"},
    ]
    result = company.run(touchpoints=rows)
    assert found(result, "executive_touchpoints") == (2.0, 4)
    assert found(result, "days_since_touchpoint") == (52.0, 1)
    assert signal(result, "days_since_touchpoint")["normalized_score"] == 50
    old = company.run(touchpoints=rows[4:5])
    assert found(old, "executive_touchpoints") == (0.0, 0)
    assert found(company.run(touchpoints=rows[5:]), "executive_touchpoints") == ("no_evidence", 0)


def invoice(due: int, paid: int | None, amount: float = 100, **more: Any) -> dict[str, Any]:
    """An invoice due and paid so many days before the date of view."""
    return {
        "amount": amount,
        "issued_on": back_on(due + 30),
        "due_on": back_on(due),
        "paid_on": "" if paid is None else back_on(paid),
    } | more


def test_on_time_payment(company: Company) -> None:
    """Due from D-365 to D-1; paid on the due date is on time; voided and credit notes are out."""
    invoices = [
        invoice(1, 1),
        invoice(365, 364),
        invoice(366, 366),
        invoice(0, 0),
        invoice(10, None),
        invoice(10, 12, voided_on=back_on(0)),
        invoice(10, 12, voided_on="2025-07-01"),
        invoice(10, 10, amount=-50),
    ]
    assert found(company.run(invoices=invoices), "on_time_payment_rate") == (0.5, 4)


def test_an_invoice_without_a_due_date_is_due_after_the_payment_terms(company: Company) -> None:
    """30 days after its issue, or as the var says."""
    rows = [{"amount": 5, "issued_on": back_on(30), "paid_on": back_on(1)}]
    assert found(company.run(invoices=rows), "on_time_payment_rate") == ("no_evidence", 0)
    result = company.run(invoices=rows, vars={"payment_terms_days": 29})
    assert found(result, "on_time_payment_rate") == (1.0, 1)
    result = company.run(invoices=rows, vars={"payment_terms_days": 28})
    assert found(result, "on_time_payment_rate") == (0.0, 1)


def test_overdue_share(company: Company) -> None:
    """Due more than the days of grace ago and unpaid: 100 of 400, also when due long ago."""
    invoices = [invoice(8, None), invoice(7, None, 200), invoice(300, 290)]
    assert found(company.run(invoices=invoices), "overdue_share") == (0.25, 3)
    assert found(company.run(invoices=[*invoices, invoice(900, None)]), "overdue_share") == (0.4, 4)
    late = [invoice(8, None) | {"paid_on": "2025-07-01"}, invoice(300, 300, 300)]
    assert found(company.run(invoices=late), "overdue_share") == (0.25, 2)
    graceless = company.run(invoices=invoices, vars={"overdue_grace_days": 6})
    assert found(graceless, "overdue_share") == (0.75, 3)


def test_open_credit_notes_lower_the_overdue_amount(company: Company) -> None:
    """Unpaid and of the last 365 days only, and to no less than zero."""
    invoices = [invoice(8, None), invoice(300, 300)]
    credit = {"amount": -40, "issued_on": back_on(364)}
    result = company.run(invoices=[*invoices, credit])
    assert found(result, "overdue_share") == (0.3, 2)
    for more in ({"issued_on": back_on(365)}, {"paid_on": back_on(1)}, {"voided_on": back_on(1)}):
        result = company.run(invoices=[*invoices, credit | more])
        assert found(result, "overdue_share") == (0.5, 2)
    much = company.run(invoices=[*invoices, credit | {"amount": -400}])
    assert found(much, "overdue_share") == (0.0, 2)
    nothing = company.run(invoices=[invoice(8, None, 0)])
    assert found(nothing, "overdue_share") == ("no_evidence", 1)


def renewal(company: Company, *contracts: tuple[str, str, str]) -> tuple[Any, Any]:
    """renewal_rate of terms given as start, end and cancellation."""
    rows = [{"start_date": s, "end_date": e, "cancelled_at": c} for s, e, c in contracts]
    return found(company.run(contracts=rows), "renewal_rate")


def test_renewal_rate(company: Company) -> None:
    """Renewed within 30 days around the end, lost after 30 more, unknown in between."""
    first = ("2024-01-01", "2024-12-31", "")
    assert renewal(company, first, ("2025-01-31", "", "")) == (1.0, 1)
    assert renewal(company, first, ("2025-02-01", "", "")) == (0.0, 1)
    assert renewal(company, first, ("2024-12-02", "", "")) == (1.0, 1)
    assert renewal(company, first, ("2024-12-01", "", "")) == (0.0, 1)
    # ended on 30 May + 1: 30 days before the date of view, the outcome is not yet known
    assert renewal(company, ("2025-01-01", "2025-05-30", "")) == ("no_evidence", 0)
    assert renewal(company, ("2025-01-01", "2025-05-29", "")) == (0.0, 1)
    assert renewal(company, first, ("2025-01-01", "2025-03-31", "")) == (0.5, 2)
    assert renewal(company, ("2024-01-01", "", "2025-03-01"), ("2025-03-31", "", "")) == (1.0, 1)
    assert renewal(company, first, ("2025-01-10", "", "2025-01-10")) == (0.0, 1)
    # a term that starts with this one does not renew it
    assert renewal(company, ("2025-01-01", "2025-01-05", ""), ("2025-01-01", "", "")) == (0.0, 1)


def test_arr_trend(company: Company) -> None:
    """Today against 365 days ago, in which it must not have been 0."""
    contracts = [
        {"start_date": "2024-01-01", "annual_value": 100, "end_date": "2024-06-30"},
        {"start_date": "2024-07-01", "annual_value": 90},
    ]
    assert found(company.run(contracts=contracts), "arr_trend_ratio") == (0.9, 1)
    assert found(company.run(contracts=contracts[1:]), "arr_trend_ratio") == ("no_evidence", 0)
    lost = company.run(contracts=contracts[:1])
    assert found(lost, "arr_trend_ratio") == (0.0, 1)


# ---- evidence in the company


def test_no_source(company: Company) -> None:
    """No row by the date, or a table named absent, is no evidence for anybody."""
    tickets = [{"created_at": "2025-07-01", "is_escalated": "yes"}]
    result = company.run(background=False, tickets=tickets, contracts=SEATS_10)
    assert found(result, "contact_rate") == ("no_source", 0)
    assert found(result, "login_frequency") == ("no_source", 0)
    present = company.run(tickets=[{"created_at": back(0)}], contracts=SEATS_10)
    assert found(present, "contact_rate")[0] == pytest.approx(1 / 30)
    absent = company.run(
        tickets=[{"created_at": back(0)}], vars={"absent_sources": ["tickets", "conversations"]}
    )
    assert found(absent, "contact_rate") == ("no_source", 0)


def test_young_streams(company: Company) -> None:
    """The oldest row must lie on the first day needed; each stream that is read counts."""
    ticket = [{"created_at": back(0)}]
    old = company.run(
        background=False, contracts=SEATS_10, tickets=[*ticket, {"created_at": back(89)}]
    )
    assert found(old, "contact_rate")[0] == pytest.approx(2 * 30 / 900)
    new = company.run(
        background=False, contracts=SEATS_10, tickets=[*ticket, {"created_at": back(88)}]
    )
    assert found(new, "contact_rate") == ("young", 2)
    mixed = company.run(
        background=False,
        contracts=SEATS_10,
        tickets=[*ticket, {"created_at": back(89)}],
        conversations=[{"started_at": back(5)}],
    )
    assert found(mixed, "contact_rate") == ("young", 3)


def test_stale_streams(company: Company) -> None:
    """Newest row more than four days ago; what is cut from a stale table is stale too."""
    events = logins([4, 200]) + [{"event_name": "x", "occurred_at": back(4), "feature_id": "f"}]
    fresh = company.run(background=False, contracts=SEATS_10, usage_events=events)
    assert history(fresh)["stale_sources"] == ""
    assert found(fresh, "login_frequency")[0] == pytest.approx(7 / 900)
    events = logins([5, 200]) + [{"event_name": "x", "occurred_at": back(0)}]
    partly = company.run(background=False, contracts=SEATS_10, usage_events=events)
    assert history(partly)["stale_sources"] == "logins"
    assert found(partly, "login_frequency") == ("stale", 1)
    assert found(partly, "seat_utilization_rate") == (0.1, 1)
    wholly = company.run(background=False, contracts=SEATS_10, usage_events=events[:2])
    assert history(wholly)["stale_sources"] == "logins,usage_events"
    assert found(wholly, "seat_utilization_rate") == ("stale", 1)
    assert found(wholly, "feature_adoption_rate") == ("no_source", 0)


def test_ended_streams(company: Company) -> None:
    """A retired feed is empty, not stale, from the day after its end on, as is what is cut."""
    ended = "stream,stale_after_days,ended_on\nconversations,4,{}\ntickets,400,"
    rows = [{"started_at": back(100), "sentiment": 1}, {"started_at": back(30), "sentiment": 1}]
    tickets = [{"created_at": back(100)}]
    company.seed(source_freshness=ended.format(back_on(1)))
    gone = company.run(background=False, conversations=rows, tickets=tickets, contracts=SEATS_10)
    assert found(gone, "sentiment_average") == ("no_source", 1)
    assert found(gone, "contact_rate")[0] == pytest.approx(30 / 900)
    assert history(gone)["stale_sources"] == ""
    company.seed(source_freshness=ended.format(back_on(0)))
    stays = company.run(background=False, conversations=rows, tickets=tickets, contracts=SEATS_10)
    assert found(stays, "sentiment_average") == ("stale", 1)
    assert history(stays)["stale_sources"] == "conversations"


def test_rows_count_in_a_stream_from_when_they_are_visible(company: Company) -> None:
    """A payment made before the invoice was issued speaks from the issue on."""
    company.seed(source_freshness="stream,stale_after_days,ended_on\npayments,4,")
    row = {"amount": 1, "issued_on": back_on(4), "due_on": back_on(8), "paid_on": back_on(9)}
    result = company.run(background=False, invoices=[row])
    assert found(result, "on_time_payment_rate") == (1.0, 1)
    row |= {"issued_on": "2025-07-01"}
    result = company.run(background=False, invoices=[row])
    assert found(result, "on_time_payment_rate") == ("no_source", 0)


# ---- scores and bands


def surveys(csat: float | None = None, nps: float | None = None) -> Rows:
    """One answer of each type that is given."""
    given = [("csat", csat), ("nps", nps)]
    return [
        {"survey_type": kind, "score": score, "responded_at": back(1)}
        for kind, score in given
        if score is not None
    ]


def test_score_coverage_and_explanation(company: Company) -> None:
    """A missing signal's weight goes to its own group; the points lost add up to the score."""
    result = company.run(
        survey_responses=surveys(csat=4, nps=3), touchpoints=[{"occurred_at": back(52)}]
    )
    row = history(result)
    # support: csat 75 alone at 60; relationship: (25 * 30 + 15 * 50) / 40 = 37.5 at 40
    assert row["score_exact"] == pytest.approx(0.6 * 75 + 0.4 * 37.5)
    assert row["health_score"] == 60.0
    assert row["band"] == "yellow"
    # the background has escalations, so that account a is missing them
    assert signal(result, "escalation_rate")["missing_reason"] == "no_evidence"
    assert row["coverage"] == 0.7
    lost = {r["signal_id"]: r for r in result.signals if r["account_id"] == "a"}
    assert lost["csat_average"]["effective_weight"] == pytest.approx(60)
    assert lost["csat_average"]["points_lost"] == pytest.approx(15)
    assert lost["nps_average"]["points_lost"] == pytest.approx(17.5)
    assert lost["escalation_rate"]["effective_weight"] == 0
    assert lost["login_frequency"]["score_group"] is None
    total = sum(r["points_lost"] for r in lost.values())
    assert 100 - total == pytest.approx(row["score_exact"])
    assert (row["support_score"], row["relationship_score"]) == (75.0, 37.5)
    assert row["usage_score"] is None
    (drivers,) = [d for d in result.drivers if d["account_id"] == "a"]
    assert drivers["driver_1"] == "NPS: 3.00 of 10, 17.5 points lost"
    assert drivers["driver_2"] == "CSAT: 4.00 of 5, 15.0 points lost"
    assert drivers["driver_3"] == "Touchpoint: 52.00 days ago, 7.5 points lost"


def book(count: int) -> Rows:
    """Accounts a and b1, b2, … : so many in all."""
    others = [{"account_id": f"b{n}", "created_at": "2023-01-01"} for n in range(1, count)]
    return [{"account_id": "a", "created_at": "2023-01-01"}, *others]


def test_missing_and_absent_evidence(company: Company) -> None:
    """Under 5 % having it, a signal is absent and held against nobody; at 5 % it is missing."""
    answers = [row | {"account_id": "b1"} for row in surveys(nps=10)] + surveys(csat=5)
    missing = company.run(background=False, accounts=book(20), survey_responses=answers)
    row = history(missing)
    # csat 30 known, nps 25 missing; escalations and touchpoints absent
    assert row["coverage"] == round(30 / 55, 6)
    assert row["model_coverage"] == 0.55
    assert (row["score_floor"], row["score_ceiling"]) == (60.0, 100.0)
    assert row["band_is_certain"] is False
    absent = company.run(background=False, accounts=book(21), survey_responses=answers)
    row = history(absent)
    assert (row["coverage"], row["model_coverage"]) == (1.0, 0.0)
    assert row["band"] == "insufficient_data"
    assert (row["score_floor"], row["score_ceiling"]) == (100.0, 100.0)
    assert row["band_is_certain"] is True
    other = history(absent, "b2")
    assert (other["coverage"], other["score_floor"], other["band_is_certain"]) == (0.0, None, False)


def test_a_stale_signal_is_missing_not_absent(company: Company) -> None:
    """It lowers the coverage, where an absent one would not."""
    company.seed(source_freshness="stream,stale_after_days,ended_on\nnps_responses,0,")
    result = company.run(background=False, survey_responses=surveys(csat=5, nps=10))
    row = history(result)
    assert row["coverage"] == round(30 / 55, 6)
    assert row["stale_sources"] == "nps_responses"
    assert found(result, "nps_average") == ("stale", 1)


def test_onboarding_and_insufficient_data(company: Company) -> None:
    """Below the model's tenure or coverage there is no score, but bounds and rules are shown."""
    answers = surveys(csat=1, nps=2)
    for days, band in [(29, "onboarding"), (30, "red")]:
        accounts = [{"account_id": "a", "created_at": back(days)}]
        row = history(company.run(background=False, accounts=accounts, survey_responses=answers))
        assert (row["tenure_days"], row["computed_band"]) == (days, band)
        assert row["fired_rules"] == "low_nps"
        assert row["health_score"] == (None if days == 29 else 8.0)
        assert row["score_floor"] == 8.0
    # csat 30 of 70 is 0.43; with escalations that others have it is 30 of 100
    accounts = book(2)
    others = [{"survey_type": "nps", "score": 9, "responded_at": back(1), "account_id": "b1"}]
    touch = [{"occurred_at": back(1), "account_id": "b1"}]
    tickets = [{"created_at": back(n), "account_id": "b1", "is_escalated": "no"} for n in (0, 1)]
    csat = surveys(csat=5)
    row = history(
        company.run(
            background=False, accounts=accounts, survey_responses=csat + others, touchpoints=touch
        )
    )
    assert (row["coverage"], row["band"]) == (round(30 / 70, 6), "green")
    tickets[0] |= {"is_escalated": "yes"}
    row = history(
        company.run(
            background=False, accounts=accounts, survey_responses=csat + others,
            touchpoints=touch, tickets=tickets,
        )
    )  # fmt: skip
    assert (row["coverage"], row["band"]) == (0.3, "insufficient_data")
    assert row["band_label"] == "Insufficient data"


def test_a_coverage_on_the_bound_is_enough(company: Company) -> None:
    """25 + 15 of 100 known is exactly 0.4."""
    others = [
        {"survey_type": "csat", "score": 5, "responded_at": back(1), "account_id": "b1"},
        {"survey_type": "nps", "score": 9, "responded_at": back(1)},
    ]
    tickets = [{"created_at": back(n), "account_id": "b1", "is_escalated": "yes"} for n in (0, 1)]
    row = history(
        company.run(
            background=False,
            accounts=book(2),
            survey_responses=others,
            tickets=tickets,
            touchpoints=[{"occurred_at": back(1)}],
        )
    )
    assert (row["coverage"], row["computed_band"]) == (0.4, "green")


@pytest.mark.parametrize(
    ("csat", "nps", "score", "band"),
    [
        # (60 * csat + 40 * nps) / 100, nps at 10 * its answer
        (5, 5, 80.0, "green"),
        (4.99, 5, 79.9, "yellow"),
        (4.9985, 5, 80.0, "green"),
        (1, 10, 40.0, "yellow"),
        (1, 9.98, 39.9, "red"),
    ],
)
def test_bands_are_decided_on_the_rounded_score(
    company: Company, csat: float, nps: float, score: float, band: str
) -> None:
    """A score on the edge goes to the upper band."""
    row = history(company.run(background=False, survey_responses=surveys(csat, nps)))
    assert (row["health_score"], row["computed_band"]) == (score, band)


def test_weights_and_thresholds_of_a_segment(company: Company) -> None:
    """The segment's own rows replace the default's; ids of segments are case-sensitive."""
    for segment, label, score in [("vip", "So so", 87.5), ("VIP", "Yellow", 68.5)]:
        accounts = [{"account_id": "a", "created_at": "2023-01-01", "segment": segment}]
        answers = surveys(csat=4.5, nps=4)
        row = history(company.run(background=False, accounts=accounts, survey_responses=answers))
        assert (row["health_score"], row["band_label"]) == (score, label)


def rules_text(*rules: str) -> str:
    """A band_rules file."""
    header = "rule_id,score_model,signal_id,operator,value,only_when_silent,best_band"
    return "\n".join([header, *rules])


@pytest.mark.parametrize(
    ("operator", "value", "fires"),
    [
        ("<", 7, False), ("<", 7.1, True), ("<=", 7, True), ("<=", 6.9, False), ("=", 7, True),
        ("=", 7.0000000001, True), ("=", 7.1, False), (">=", 7, True), (">=", 7.1, False),
        (">", 7, False), (">", 6.9, True), (">", 7.0000000001, False), (">=", 7.0000000001, True),
    ],
)  # fmt: skip
def test_rule_operators(company: Company, operator: str, value: float, fires: bool) -> None:
    """A value within 1e-9 of a bound has reached it."""
    company.seed(band_rules=rules_text(f"r,main,nps_average,{operator},{value},no,red"))
    row = history(company.run(background=False, survey_responses=surveys(5, 7)))
    assert row["health_score"] == 88.0
    assert (row["fired_rules"], row["computed_band"]) == (("r", "red") if fires else ("", "green"))


def test_the_worst_rule_wins_and_none_improves_a_band(company: Company) -> None:
    """The score stays as computed."""
    company.seed(
        band_rules=rules_text(
            "z,main,nps_average,>,0,no,yellow",
            "b,main,nps_average,>,0,no,red",
            "a,main,nps_average,>,0,no,green",
            "other,main,csat_average,>,9,no,red",
        )
    )
    row = history(company.run(background=False, survey_responses=surveys(5, 7)))
    assert (row["fired_rules"], row["computed_band"]) == ("a,b,z", "red")
    assert (row["health_score"], row["band_label"]) == (88.0, "Red")


def test_override(company: Company) -> None:
    """It sets the band on its days, and leaves the score and the computed band."""
    rows = f"main,a,red,They told us,kim,{back_on(1)},{back_on(0)}"
    company.seed(manual_overrides=f"{SEEDS['manual_overrides']}\n{rows}")
    days = [D - timedelta(days=n) for n in (2, 1, 0, -1)]
    answers = [row | {"responded_at": back(20)} for row in surveys(5, 10)]
    result = company.run(on=days, background=False, accounts=book(1), survey_responses=answers)
    shown = [
        (r["as_of_date"], r["band"], r["computed_band"], r["override_reason"], r["band_since"])
        for r in result.history
    ]
    told = "They told us"
    assert shown == [
        (days[0], "green", "green", None, days[0]),
        (days[1], "red", "green", told, days[1]),
        (days[2], "red", "green", told, days[1]),
        (days[3], "green", "green", None, days[3]),
    ]
    assert {r["health_score"] for r in result.history} == {100.0}


def test_silence(company: Company) -> None:
    """Nothing heard in 90 days; false for young accounts, new feeds and broken ones."""
    quiet = company.run()
    assert history(quiet)["is_silent"] is True
    for table in (
        {"tickets": [{"created_at": back(89)}]},
        {"conversations": [{"started_at": back(89), "ticket_id": "t"}]},
        {"survey_responses": [{"survey_type": "x", "score": 1, "responded_at": back(89)}]},
        {"touchpoints": [{"occurred_at": back(89)}]},
    ):
        assert history(company.run(**table))["is_silent"] is False
    assert history(company.run(tickets=[{"created_at": back(90)}]))["is_silent"] is True
    for days, silent in [(89, False), (90, True)]:
        accounts = [ACCOUNTS[1], {"account_id": "a", "created_at": back(days)}]
        assert history(company.run(accounts=accounts))["is_silent"] is silent
    for days, silent in [(88, False), (89, True)]:
        touch = [{"occurred_at": back(days), "account_id": "bg"}]
        assert history(company.run(background=False, touchpoints=touch, **{
            t: [] for t in ("tickets", "conversations", "survey_responses")
        }))["is_silent"] is silent  # fmt: skip


def test_a_feed_that_has_ended_does_not_tell_who_is_silent(company: Company) -> None:
    """Its rows do not count as the oldest; those of another feed do."""
    old = [{"occurred_at": back(200), "account_id": "bg"}]
    answer = [{"survey_type": "ces", "score": 1, "responded_at": back(89), "account_id": "bg"}]
    header = "stream,stale_after_days,ended_on"
    for ended_on, answers, silent in [
        (back_on(0), [], True),
        (back_on(1), [], False),
        (back_on(1), answer, True),
    ]:
        company.seed(source_freshness=f"{header}\ntouchpoints,,{ended_on}")
        result = company.run(background=False, touchpoints=old, survey_responses=answers)
        assert history(result)["is_silent"] is silent


def test_silent_decline(company: Company) -> None:
    """A rule for silent accounts fires for them alone."""
    events = [
        {"event_name": "x", "occurred_at": back(n), "event_count": count}
        for n, count in [(0, 23), (40, 60)]
    ]
    assert history(company.run(usage_events=events))["fired_rules"] == "quiet"
    heard = company.run(usage_events=events, tickets=[{"created_at": back(1)}])
    assert history(heard)["fired_rules"] == ""


def test_movement(company: Company) -> None:
    """Changes against the stored dates only; a day without a row breaks the run of a band."""
    days = [D - timedelta(days=n) for n in (30, 8, 7, 6, 1, 0)]
    answers = [
        {"survey_type": kind, "score": score, "responded_at": back(n)}
        for n, kind, score in [(31, "csat", 5), (31, "nps", 10), (7, "csat", 4)]
    ]
    result = company.run(on=days, background=False, accounts=book(1), survey_responses=answers)
    rows = {r["as_of_date"]: r for r in result.history}
    assert [rows[day]["health_score"] for day in days] == [100.0, 100.0, 92.5, 92.5, 92.5, 92.5]
    assert rows[days[5]]["score_change_7d"] == 0.0
    assert rows[days[5]]["score_change_30d"] == -7.5
    assert rows[days[4]]["score_change_7d"] == -7.5
    assert rows[days[3]]["score_change_7d"] is None
    assert [rows[day]["band_since"] for day in days] == [
        days[0], days[1], days[1], days[1], days[4], days[4],
    ]  # fmt: skip
    assert {r["as_of_date"] for r in result.drivers} == {D}


def test_rounding() -> None:
    """Half up, with a nudge against the last bit."""
    assert round_half_up(0.25, 1) == 0.3
    assert round_half_up(79.949999999999, 1) == 80.0
    assert round_half_up(79.9499, 1) == 79.9
    assert round_half_up(-0.25, 1) == -0.2
    assert round_half_up(None, 1) is None


# ---- laws in random worlds


@pytest.fixture(scope="module", params=range(6))
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[worlds.WorldSpec, reference.Result]:
    """A random world and its scores."""
    folder = tmp_path_factory.mktemp("world")
    spec = worlds.make_world(request.param, folder, scored_days=45)
    return spec, reference.run(spec.raw, spec.seeds, spec.as_of_dates, spec.vars)


World = tuple[worlds.WorldSpec, reference.Result]


def test_every_row_is_accepted_or_rejected(world: World) -> None:
    """In every table."""
    _, result = world
    assert sum(row["rows_in"] for row in result.row_counts) > 100
    for row in result.row_counts:
        assert row["rows_in"] == row["rows_accepted"] + row["rows_rejected"]
        rejected = [r for r in result.rejected_rows if r["source_table"] == row["source_table"]]
        assert len(rejected) == row["rows_rejected"]


def test_the_explanation_adds_up_to_the_score(world: World) -> None:
    """And the score lies between its bounds."""
    _, result = world
    lost: dict[tuple[Any, ...], float] = {}
    for row in result.signals:
        key = (row["score_model"], row["account_id"], row["as_of_date"])
        lost[key] = lost.get(key, 0.0) + row["points_lost"]
    scored = [row for row in result.history if row["score_exact"] is not None]
    assert scored
    for row in scored:
        key = (row["score_model"], row["account_id"], row["as_of_date"])
        assert 100 - lost[key] == pytest.approx(row["score_exact"], abs=1e-9)
        assert row["score_floor"] <= row["health_score"] <= row["score_ceiling"]


def test_the_future_changes_no_past_score(world: World, tmp_path: Path) -> None:
    """Rows of every table dated later, some of them reaching back, change nothing."""
    spec, result = world
    last = spec.as_of_dates[-1]
    worlds.add_future_rows(spec.raw, tmp_path / "raw", last, 7, vars=spec.vars)
    later = reference.run(tmp_path / "raw", spec.seeds, spec.as_of_dates, spec.vars)
    rows_in: Callable[[reference.Result], int] = lambda r: sum(  # noqa: E731
        row["rows_in"] for row in r.row_counts
    )
    assert rows_in(later) > rows_in(result) + 50
    assert later.history == result.history
    assert later.signals == result.signals
    after = reference.run(tmp_path / "raw", spec.seeds, [last + timedelta(days=20)], spec.vars)
    before = reference.run(spec.raw, spec.seeds, [last + timedelta(days=20)], spec.vars)
    assert after.history != before.history


def test_a_world_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    """File by file; another seed gives another company."""
    first = worlds.make_world(3, tmp_path / "one", accounts=5, days=120)
    second = worlds.make_world(3, tmp_path / "two", accounts=5, days=120)
    assert (first.vars, first.traits) == (second.vars, second.traits)
    files = sorted(p.relative_to(first.raw) for p in first.raw.rglob("*") if p.is_file())
    assert files
    for name in files:
        assert (first.raw / name).read_bytes() == (second.raw / name).read_bytes()
    assert worlds.make_world(4, tmp_path / "three", accounts=5, days=120).traits != first.traits


def test_the_projects_own_seeds_can_be_read() -> None:
    """All signals of the shipped seeds have a definition here, and all streams are known."""
    seeds = read_seeds(worlds.PROJECT_SEEDS)
    optional = {"days_since_invoice", "invoice_count"}
    assert {s.signal_id for s in seeds.signals} == set(reference.signals.DEFINITIONS) - optional
    streams = {name for s in seeds.signals for name in s.reads} | set(seeds.freshness)
    assert streams <= set(reference.streams.CUT_FROM)
