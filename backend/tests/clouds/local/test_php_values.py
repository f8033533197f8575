"""What PHP serialises is read as PHP means it, and nothing else is."""

import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipress.clouds.wordpress.php_values import NotSerialised, Opaque, Reader

Plain = None | bool | int | float | str | dict[int | str, object]
CASES = """
class Some { public $a = 1; private $b = [ 2 ]; }
final class Own { public function __serialize(): array { return [ 'x' => 'y' ]; } }
enum Suit: string { case Hearts = 'H'; }
$shared = new Some(); $again = [ 1 ]; $again['me'] = &$again[0];
$cases = [ null, true, false, 0, -1, PHP_INT_MAX, 1.5, -0.25, 1e100, '', 'héllo "quoted"; }', "a\\0b", [], [ 1, 2 ],
	[ 'a' => [ 'b' => [ 'c' => null ] ], 7 => 'x', -3 => true ], new Some(), [ $shared, $shared, 'last' ], new Own(), Suit::Hearts, $again ];
foreach ( $cases as $case ) { echo base64_encode( serialize( $case ) ), ' ', base64_encode( (string) json_encode( $case ) ), "\\n"; }
"""


def plain(value: object) -> object:
    """As JSON would have it: lists are PHP's arrays with keys 0, 1, 2."""
    if isinstance(value, Opaque):
        return "opaque"
    if not isinstance(value, dict):
        return value
    entries = {key: plain(one) for key, one in value.items()}
    return (
        list(entries.values())
        if list(entries) == list(range(len(entries)))
        else {f"{k}": v for k, v in entries.items()}
    )


def test_what_php_writes_is_what_is_read(version: str) -> None:
    import base64

    done = subprocess.run(
        [f"/usr/bin/php{version}", "-n", "-r", CASES], capture_output=True, text=True, check=True
    )
    pairs = [
        [base64.b64decode(word).decode() for word in line.split(" ")] for line in done.stdout.splitlines()
    ]
    assert len(pairs) == 20
    read = [plain(Reader(serialised).whole()) for serialised, _ in pairs]
    meant = [json.loads(told) for _, told in pairs]
    objects = {
        15: "opaque",
        16: ["opaque", "opaque", "last"],
        17: "opaque",
        18: "opaque",
        19: {"0": "opaque", "me": "opaque"},
    }
    for index, found in enumerate(read):
        if index not in objects:
            assert found == meant[index]
    assert [read[index] for index in (15, 17, 18)] == ["opaque"] * 3
    assert read[16] == objects[16]
    assert isinstance(read[19], dict)


@pytest.mark.parametrize(
    "text",
    ["", "N", "b:2;", "i:01;", "i:1", "i:+1;", "i:1 ;", "d:;", "d:one;", 's:3:"ab";', 's:2:"abc";', "s:-1:\"\";", "a:1:{}", "a:1:{i:0;}",
     "a:2:{i:0;i:1;}", "a:1:{N;i:1;}", "a:1:{a:0:{}i:1;}", "a:0:{}x", "x:1;", 'O:1:"A":1:{}', 'C:1:"A":3:{ab}', 'E:3:"A:B"', "r:0;", "a:9999999999:{}",
     "a:1:{b:1;i:1;}", "a:1:{i:0;" * 80 + "N;" + "}" * 80],
)  # fmt: skip
def test_what_php_would_not_write_is_refused(text: str) -> None:
    with pytest.raises(NotSerialised):
        Reader(text).whole()


def test_an_array_is_read_no_further_than_wanted() -> None:
    entries = Reader('a:2:{i:5;s:1:"a";i:9;rubbish').entries()
    assert next(entries) == (5, "a")
    with pytest.raises(NotSerialised):
        next(entries)


KEYS = st.integers(-(2**63), 2**63 - 1) | st.text()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda one: st.dictionaries(KEYS, one),
    max_leaves=20,
)


def serialised(value: object) -> str:
    if value is None:
        return "N;"
    if isinstance(value, bool):
        return f"b:{value:d};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    assert isinstance(value, dict)
    return f"a:{len(value)}:{{{''.join(serialised(key) + serialised(one) for key, one in value.items())}}}"


@given(VALUES)
def test_every_value_comes_back(value: object) -> None:
    assert Reader(serialised(value)).whole() == value


@given(VALUES, st.data())
def test_a_damaged_value_is_refused_or_another_one_and_never_breaks_the_reader(
    value: object, data: st.DataObject
) -> None:
    text = serialised(value)
    at = data.draw(st.integers(0, len(text)))
    try:
        Reader(text[:at] + data.draw(st.text(max_size=3)) + text[at + 1 :]).whole()
    except NotSerialised:
        return
