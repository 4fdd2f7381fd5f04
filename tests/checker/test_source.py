"""The checker's source: its codes, its parts, and what it does without."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from typing import Any

from running import CASES, short
from ualign.certificates.checking import CHECKER

NOT_CODES = {
    *("REJECTED", "MALFORMED", "OVER_BUDGET", "ACCEPTED", "verdict", "code", "pointer", "detail"),
    *("left", "right", "file", "index", "sha256", "ascii", "utf-8", "rb"),
    *("format", "populations", "certificates", "provenance", "responses", "users", "weight"),
    *(
        "ranking",
        "above",
        "luce",
        "tied",
        "claim",
        "kind",
        "population",
        "k",
        "l",
        "ties",
        "relation",
        "bound",
    ),
    *("centre", "delta", "inverse", "unique", "players", "product", "joint", "mixture"),
    *("policy", "stake", "confidence"),
    *("opponent", "equilibrium", "unique-equilibrium", "equilibria", "classes"),
    *("algebraic-equilibrium", "dictatorship-distance", "interval", "masses", "degree", "point"),
    *("uniform_rankings", "random_subset", "Masses", "Check", "rates"),
    *("eta", "tau", "policies", "picks", "radius", "reference", "size"),
    *("uniform", "win", "half", "lose", "true", "false"),
    *("parse_int", "parse_float", "parse_constant", "price", "PRICED"),
    *("budget", "place", "value"),
}
"""Words in the checker's source that are keys, values or kinds and not codes of refusals."""
SOURCE = ast.parse(CHECKER.read_text(encoding="utf-8"))


def nodes(kind: type[ast.AST]) -> list[Any]:
    """All nodes of a kind in the checker's syntax tree."""
    return [node for node in ast.walk(SOURCE) if isinstance(node, kind)]


def words_of_the_source() -> set[str]:
    """The strings of the checker that could be codes: one word, in no text that is put together."""
    pieces = {id(piece) for joined in nodes(ast.JoinedStr) for piece in joined.values}
    words = {node.value for node in nodes(ast.Constant) if id(node) not in pieces}
    texts = (word for word in words if isinstance(word, str))
    return {word for word in texts if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", word)}


def codes_of_the_corpus() -> set[str]:
    """The codes that the cases expect, and that of a file that is not there."""
    codes = {short(case).partition("--")[0] for case in CASES if not case.startswith("accepted/")}
    return codes | {"unreadable"}


def test_every_code_of_the_source_occurs_in_the_corpus():
    """A new code needs a case (or, if it is no code, an entry in NOT_CODES)."""
    words = words_of_the_source()
    assert words - NOT_CODES <= codes_of_the_corpus()
    assert codes_of_the_corpus() <= words


def test_every_code_of_the_specification_occurs_in_the_corpus():
    """SPEC.md and the corpus list the same codes."""
    text = CHECKER.with_name("SPEC.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("## What makes a file or a part of it MALFORMED")
    malformed, _, kinds = rest.partition("## Kinds")
    codes = set(re.findall(r"`([a-z0-9-]+)`", malformed))
    codes |= set(re.findall(r"\(`([a-z-]+)`[):]", kinds)) - {"true", "false"}
    codes |= set(re.findall(r"^\| ([a-z]+) \| [0-9,]+ \|", text, re.MULTILINE))
    assert codes == codes_of_the_corpus()


def test_the_example_of_the_specification_is_accepted(tmp_path, elsewhere):
    """The file that it shows gets the very line that it shows."""
    text = CHECKER.with_name("SPEC.md").read_text(encoding="utf-8")
    example = text.partition("## An example")[2].partition("\n## ")[0]
    shown = [block for block in re.split(r"\n\n", example) if block.startswith("    ")]
    file, line = ("\n".join(text[4:] for text in block.splitlines()) for block in shown)
    (tmp_path / "example.cert.json").write_text(file)
    command = [sys.executable, "-I", "-S", "-B", str(CHECKER), "example.cert.json"]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, env={}, check=True)
    verdict, _, rest = done.stdout.decode().partition(" ")
    assert line.split()[0] == verdict == "ACCEPTED"
    assert json.loads(line.partition(" ")[2]) == json.loads(rest)


# ---- The source ----------------------------------------------------------------------------------


ALLOWED_IMPORTS = {"json", "fractions", "math", "itertools", "hashlib", "re", "sys", "typing"}
ALLOWED_IMPORTS |= {"bisect", "collections", "functools", "gc"}
EXACT_MATH = {"comb", "perm", "floor", "ceil", "gcd", "lcm", "isqrt", "prod"}
FORBIDDEN_NAMES = {"float", "complex", "eval", "exec", "compile", "__import__", "round", "globals"}
FORBIDDEN_NAMES |= {"locals", "vars", "getattr", "setattr", "delattr", "input", "breakpoint"}


def test_it_imports_the_standard_library_alone():
    """And of that only a few modules, whole and by their own names."""
    imported = {alias.name for node in nodes(ast.Import) for alias in node.names}
    imported |= {"." * node.level + (node.module or "") for node in nodes(ast.ImportFrom)}
    assert {"json", "fractions"} <= imported <= ALLOWED_IMPORTS
    statements = nodes(ast.Import) + nodes(ast.ImportFrom)
    aliases = [alias for statement in statements for alias in statement.names]
    assert [alias.name for alias in aliases if alias.asname or alias.name == "*"] == []


def test_it_has_no_floats():
    """No literal, no name, no true division, and of `math` only what is exact."""
    assert [
        node.lineno for node in nodes(ast.Constant) if isinstance(node.value, (float, complex))
    ] == []
    divisions = nodes(ast.BinOp) + nodes(ast.AugAssign)
    assert [node.lineno for node in divisions if isinstance(node.op, ast.Div)] == []
    attributes = [node for node in nodes(ast.Attribute) if isinstance(node.value, ast.Name)]
    assert {node.attr for node in attributes if node.value.id == "math"} <= EXACT_MATH


def test_it_has_no_asserts_and_evaluates_nothing():
    """Verdicts must survive -O, and nothing from a file may be run."""
    assert nodes(ast.Assert) == []
    assert {node.id for node in nodes(ast.Name)} & FORBIDDEN_NAMES == set()
    assert {node.attr for node in nodes(ast.Attribute)} & (FORBIDDEN_NAMES - {"compile"}) == set()
    assert [node for node in nodes(ast.ExceptHandler) if node.type is None] == []


PARTS = ("I. Reading", "II. Prices", "III. Numbers", "IV. Kinds", "V. The command")
TEXT = CHECKER.read_text(encoding="utf-8").splitlines()
STARTS = [next(i for i, line in enumerate(TEXT) if line.startswith(f"# ---- {p}")) for p in PARTS]


def functions() -> list[ast.FunctionDef]:
    """All functions and methods of the checker."""
    return nodes(ast.FunctionDef)


def code_lines(first: int, last: int) -> int:
    """How many lines from `first` to before `last` are neither blank nor a comment or docstring."""
    texts = [n.body[0] for n in [*functions(), *nodes(ast.ClassDef)] if ast.get_docstring(n)]
    explained = {i for text in texts for i in range(text.lineno - 1, text.end_lineno)}
    lines = (TEXT[i].strip() for i in range(first, last) if i not in explained)
    return sum(line != "" and not line.startswith("#") for line in lines)


def test_it_is_short_enough_to_be_read():
    """Lines of at most 100 columns, functions of at most 60 lines, few lines of code in all; and
    fewer yet of code that has to be right for ACCEPTED to mean true."""
    assert max(map(len, TEXT)) <= 100
    assert max(f.end_lineno - f.lineno + 1 for f in functions()) <= 60
    assert code_lines(0, len(TEXT)) <= 1415
    assert code_lines(STARTS[2], STARTS[4]) <= 765


def test_it_is_in_five_parts():
    """In order; only the fourth speaks of relations, so only it decides; prices are the second."""
    assert sorted(STARTS) == STARTS
    for name, first, last in (("Relation", 3, 4), ("cost", 0, 4)):
        used = [node.lineno for node in nodes(ast.Name) if node.id == name]
        assert all(STARTS[first] < line <= STARTS[last] for line in used)
    prices = [f.lineno for f in functions() if f.name.startswith("price_of_")]
    assert all(STARTS[1] < line < STARTS[2] for line in prices)
    deciding = [f for f in functions() if f.lineno > STARTS[3] and f.lineno < STARTS[4]]
    kinds = [f for f in deciding if f.name.startswith("check_")]
    for kind in kinds:
        said = [line.partition(":")[0] for line in str(ast.get_docstring(kind)).splitlines()]
        headings = [word for word in said if word in ("States", "Requires", "Because")]
        assert headings == ["States", "Requires", "Because"], kind.name


def test_numbers_are_pure():
    """The third part reads no node and pays for nothing."""
    lines = TEXT[STARTS[2] : STARTS[3]]
    assert not [line for line in lines if re.search(r"Node|\.pay\(|\.charge\(|\.expect\(", line)]
