"""What all lists have in common: pages and the limits of filters.

Sources: Amazon EC2 API Reference, "Pagination" (a page may be empty and still have a NextToken) and DescribeInstances
("You cannot specify this parameter and the instance IDs parameter in the same request"); Amazon EC2 User Guide,
"Filter resources" (at most 50 filters, and 200 values a filter).
"""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from ..context import is_bypassed
from ..errors import refuse
from ..runtime import CONFIG

SMALLEST_PAGE = 5
LARGEST_PAGE = 1000
MAX_FILTERS = 50
MAX_FILTER_VALUES = 200
_START = -1


def check_page(ids: Sequence[str], max_results: Any, id_parameter: str) -> int | None:
    if max_results is None:
        return None
    if ids:
        raise refuse(
            "InvalidParameterCombination",
            f"The parameter {id_parameter} cannot be used with the parameter maxResults",
        )
    if not SMALLEST_PAGE <= int(max_results) <= LARGEST_PAGE:
        raise refuse(
            "InvalidParameterValue",
            f"Value ( {max_results} ) for parameter maxResults is invalid. "
            f"Expecting a value between {SMALLEST_PAGE} and {LARGEST_PAGE}.",
        )
    return int(max_results)


def check_filters(filters: Sequence[dict[str, Any]]) -> None:
    if len(filters) > MAX_FILTERS:
        raise refuse("FilterLimitExceeded", f"The maximum number of filters is {MAX_FILTERS}.")
    if any(len(item.get("Values", [])) > MAX_FILTER_VALUES for item in filters):
        text = f"The maximum number of filter values specified on a single call is {MAX_FILTER_VALUES}"
        raise refuse("FilterLimitExceeded", text)


def page(
    rows: Sequence[Any], key_of: Callable[[Any], int], max_results: int | None, token: str | None
) -> tuple[Sequence[Any], str | None]:
    """The page after `token`, and the next token. `rows` are sorted by `key_of`, so nothing is shown twice."""
    if token is None and CONFIG.empty_pages and not is_bypassed():
        return [], _token(_START)
    start = 0 if token is None else bisect_right(rows, _cursor(token), key=key_of)
    cap = None if is_bypassed() else CONFIG.page_max
    size = min((n for n in (max_results, cap) if n is not None), default=None)
    if size is None or start + size >= len(rows):
        return rows[start:], None
    part = rows[start : start + size]
    return part, _token(key_of(part[-1]))


def _token(cursor: int) -> str:
    return base64.urlsafe_b64encode(f"after:{cursor}".encode()).decode()


def _cursor(token: str) -> int:
    try:
        label, _, cursor = base64.urlsafe_b64decode(token).decode().partition(":")
        if label == "after":
            return int(cursor)
    except (ValueError, binascii.Error):
        pass
    raise refuse("InvalidPaginationToken", "The specified pagination token is invalid or expired.")
