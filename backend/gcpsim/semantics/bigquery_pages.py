"""BigQuery's rows in pages: of a query's answer and of a table."""

from copy import deepcopy
from typing import Any

from gcpsim.errors import Refused
from gcpsim.semantics.bigquery_values import micros
from gcpsim.warehouse import Found
from gcpsim.wire import Json
from gcpsim.world import Call


def page_of(call: Call, found: Found, size: Any = None, *, int64: bool = False) -> Json:
    """Rows from where a token or an index says, as many as are wanted."""
    size = call.query.get("maxResults") if size is None else size
    token = call.query.get("pageToken") or call.query.get("startIndex") or "0"
    if not token.isdigit():
        raise Refused(400, "Invalid value for pageToken.", reason="invalid")
    start = int(token)
    end = len(found.rows) if size in (None, "") else start + int(size)
    rows = found.rows[start:end]
    if int64:
        rows = [[micros(cell, one) for cell, one in zip(row, found.fields, strict=True)] for row in rows]
    page: Json = {"totalRows": str(len(found.rows))}
    if rows:
        page["rows"] = [{"f": [{"v": deepcopy(cell)} for cell in row]} for row in rows]
    if end < len(found.rows):
        page["pageToken"] = str(end)
    return page
