"""What the command line says of a move."""

import pytest

from aipress.cli.site_move import _in_words


@pytest.mark.parametrize(
    ("files", "left_out", "said"),
    [
        (0, 0, "Its database arrived as it left (rows 0123456789ab…)."),
        (1, 0, "1 file and the database arrived as they left (rows 0123456789ab…)."),
        (7, 2, "7 files and the database arrived as they left (rows 0123456789ab…)."),
    ],
)
def test_it_counts_what_arrived_and_what_did_not(files: int, left_out: int, said: str) -> None:
    result = {"files": files, "left_out": left_out, "digest": "0123456789abcdef", "read_only_seconds": 0.4}
    told = _in_words({"result": {**result, "url": "http://bakery.test"}})
    left = " 2 files could not be carried." if left_out else ""
    assert told == f"http://bakery.test\n{said} Nothing could be written for 0.4 seconds.{left}"
