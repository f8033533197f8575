"""What `billing/query.sql` should say, once more in plain Python: no SQL, no DuckDB, nothing shared with the product but words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

Row = dict[str, Any]
Key = tuple[date, str, str, str, str, str, str, str, str]
WIDE = Context(prec=80)
NINE = Decimal("0.000000001")


def aggregate(
    rows: Iterable[Row], first: date, last: date, exported_since: datetime
) -> list[tuple[Any, ...]]:
    """One line for each day, month, tenant, shared thing, service, sku, unit, kind and currency, in that order."""
    rows = list(rows)
    wanted = {_day(row) for row in rows if first <= _day(row) <= last}
    wanted |= {_day(row) for row in rows if _moment(row["export_time"]) >= exported_since}
    found: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        if _day(row) in wanted:
            found[_key(row)].append(row)
    return [(*key, *_sums(found[key])) for key in sorted(found)]


def _key(row: Row) -> Key:
    day, labels = _day(row), {label["key"]: label["value"] for label in row.get("labels") or ()}
    return (
        day,
        (row.get("invoice") or {}).get("month") or f"{day:%Y%m}",
        labels.get("aipress-tenant-id") or "",
        labels.get("aipress-pool") or "",
        (row.get("service") or {}).get("description") or "",
        (row.get("sku") or {}).get("description") or "",
        (row.get("usage") or {}).get("pricing_unit") or "",
        row.get("cost_type") or "regular",
        row["currency"],
    )


def _sums(rows: list[Row]) -> tuple[Decimal, Decimal, Decimal, int, datetime]:
    amounts = [(row.get("usage") or {}).get("amount_in_pricing_units") for row in rows]
    credits = [credit["amount"] for row in rows for credit in row.get("credits") or ()]
    newest = max(_moment(row["export_time"]) for row in rows)
    return _sum(amounts), _sum(row.get("cost") for row in rows), _sum(credits), len(rows), newest


def _sum(told: Iterable[object]) -> Decimal:
    total = Decimal(0)
    for one in _numbers(told):
        total = WIDE.add(total, one)
    return total


def _numbers(told: Iterable[object]) -> Iterator[Decimal]:
    for one in told:
        if one is not None:
            yield Decimal(str(one)).quantize(NINE, rounding=ROUND_HALF_UP, context=WIDE)


def _day(row: Row) -> date:
    return _moment(row["usage_start_time"]).date()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
