"""PrefLib as the field writes it: numbers from 0, the format before 2022, harmless oddities."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from ualign.errors import InputError
from ualign.formats import read_population
from ualign.model.population import Population

ABC = Population.from_indexed("abc", [(Fraction(5), [[0], [1], [2]]), (Fraction(2), [[2], [0, 1]])])
NEW = """# FILE NAME: p.toc
# DATA TYPE: toc
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 7
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: a
# ALTERNATIVE NAME 2: b
# ALTERNATIVE NAME 3: c
5: 1,2,3
2: 3,{1,2}
"""
FROM_0 = (
    NEW.replace("NAME 1", "NAME 0")
    .replace("NAME 2", "NAME 1")
    .replace("NAME 3", "NAME 2")
    .replace("1,2,3", "0, 1, 2")
    .replace("3,{1,2}", "2, {0, 1}")
)
OLD = "3\n1,a\n2,b\n3,c\n7,7,2\n5,1,2,3\n2,3,{1,2}\n"


def put(folder: Path, text: str) -> Path:
    path = folder / "p.toc"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        NEW,
        FROM_0,
        OLD,
        NEW + "\n \t\n\n",
        OLD + "\n\n",
        NEW.replace("\n", "\r\n"),
        OLD.replace("\n", "\r\n"),
        "\ufeff" + OLD,
        "\n" + OLD,
        NEW.replace("5: ", "\n5: "),
        NEW.replace("1,2,3\n", "1 , 2,\t3 \t\n").replace("{1,2}", " { 1 ,2 } "),
        NEW.replace("5:", " 5 :").replace("2: ", "2:"),
        NEW.replace("S: 7", "S: 7 ").replace("toc\n# NUM", "toc \n# NUM"),
        NEW.replace("ORDERS: 2", "ORDERS: 3") + "0: 2,1,3\n",
        OLD.replace(",", ", ").replace("7, 7, 2", " 7, 7 , 2 "),
    ],
)
def test_what_is_harmless_is_read(tmp_path: Path, text: str) -> None:
    assert read_population(put(tmp_path, text)) == ABC


def test_names_with_commas(tmp_path: Path) -> None:
    names = ("a, the first", "b", "c")
    text = NEW.replace("NAME 1: a", f"NAME 1: {names[0]}")
    assert read_population(put(tmp_path, text)).responses == names
    text = OLD.replace("1,a", f"1,{names[0]}")
    assert read_population(put(tmp_path, text)).responses == names


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (FROM_0.replace("0, 1, 2", "1, 2, 3"), 9, "the id '3' is unknown; they are 0 to 2"),
        (NEW.replace("1,2,3", "0,1,2"), 9, "the id '0' is unknown; they are 1 to 3"),
        (FROM_0.replace("NAME 2", "NAME 3"), None, "`# ALTERNATIVE NAME 2: ...` is missing"),
        (NEW.replace("NAME 1: a", "NAME 0: a"), None, "`# ALTERNATIVE NAME 1: ...` is missing"),
        (FROM_0.replace("IVES: 3", "IVES: 2"), 8, "alternatives are numbered 0 to 1"),
        (NEW.replace("1,2,3", "1 2,3"), 9, "is not `count: order`"),
        (NEW.replace("1,2,3", "1,2,3,"), 9, "is not `count: order`"),
        (NEW.replace("{1,2}", "{1,2},{}"), 10, "is not `count: order`"),
        (NEW.replace("5: 1,2,3", "5,1,2,3"), 9, "is not `count: order`"),
        (NEW.replace("5: 1,2,3", "x: 1,2,3"), 9, "is not `count: order`"),
        (OLD.replace("7,7,2", "7,8,2"), 5, "'7,8,2' is not `voters,sum of counts,unique orders`"),
        (OLD.replace("7,7,2", "8,8,2"), 5, "NUMBER VOTERS is 8, but the body has 7"),
        (OLD.replace("7,7,2", "7,7,3"), 5, "NUMBER UNIQUE ORDERS is 3, but the body has 2"),
        (OLD.replace("2,b", "4,b"), 3, "'4,b' is not `2,name`, as in the old PrefLib format"),
        (OLD.replace("2,b\n", ""), 3, "'3,c' is not `2,name`"),
        (OLD.replace("2,b", "2,a"), 3, "ALTERNATIVE NAME 2 is that of ALTERNATIVE NAME 1, 'a'"),
        (OLD.replace("3\n1", "9\n1"), None, "ends before its 9 names and counts"),
        (OLD.replace("2,3,{1,2}", "2: 3,{1,2}"), 7, "is not `count: order`"),
        (OLD.replace("5,1,2,3", "5,1,2,4"), 6, "the id '4' is unknown; they are 1 to 3"),
        (OLD.replace("5,1,2,3", "5,1,2"), 6, "an incomplete order, which .toc does not allow"),
        ("3\n", None, "the old PrefLib format, but ends before its 3 names"),
        (OLD[: OLD.index("5,1")], None, "holds no orders"),
    ],
)
def test_what_is_dangerous_is_refused(
    tmp_path: Path, text: str, line: int | None, words: str
) -> None:
    path = put(tmp_path, text)
    place = f"{path}: " if line is None else f"{path}:{line}: "
    with pytest.raises(InputError, match=f"^{re.escape(place)}.*{re.escape(words)}"):
        read_population(path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("p.cat", "is PrefLib's for categories, not rankings; give the data set's .soc, .soi,"),
        ("p.dat", "is PrefLib's for additional data, not rankings"),
        ("p.wmd", "is PrefLib's for weighted matchings, not rankings"),
        ("p.tsv", "is not known; a table with tabs is read as .csv, or give one of '.soc'"),
        ("p.abif", "is not known; pref_voting reads it, and from_pref_voting takes that over; or"),
        ("p.blt", "is not known; no library that we trust reads it; write the ballots as .soi, or"),
        ("p.xlsx", "is not known; save the sheet as .csv, or give one of"),
    ],
)
def test_other_formats_are_named(tmp_path: Path, name: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(NEW)
    with pytest.raises(InputError, match=re.escape(words)):
        read_population(path)
