"""Finding a conjecture: a built-in one by its name, or the user's own in a Python file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from ualign.counterexamples import CONJECTURES
from ualign.counterexamples.conjecture import Conjecture, Refutation, UndecidedError
from ualign.errors import FaultError, InputError
from ualign.files import reason
from ualign.model.solutions import BeyondLimitError

P = ParamSpec("P")
T = TypeVar("T")


def find_conjecture(name: str) -> Conjecture:
    """The conjecture of the table, or FILE.py:NAME's. Whatever goes wrong in its functions later is
    an InputError for a file's conjecture, and a FaultError for one of ours.

    Raises InputError where there is none of that name, or the file cannot be run."""
    if name in CONJECTURES:
        return _guarded(CONJECTURES[name], FaultError)
    file, colon, variable = name.rpartition(":")
    if not colon or not file.endswith(".py"):
        known = ", ".join(CONJECTURES)
        raise InputError(f"there is no conjecture {name!r}; give FILE.py:NAME or one of {known}")
    found = getattr(_run(Path(file)), variable, None)
    if not isinstance(found, Conjecture):
        what = "no" if found is None else f"a {type(found).__name__}, and no Conjecture,"
        raise InputError(f"{file}: defines {what} {variable!r}; write {variable} = Conjecture(...)")
    return _guarded(found, InputError)


def _run(path: Path) -> ModuleType:
    """The module that the file's code makes; it is code of the user's own, and so it is trusted
    with everything but verdicts."""
    try:
        source = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {reason(error)}") from None
    module = ModuleType(f"conjectures_of_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # where dataclasses look for what annotations name
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    except (Exception, SystemExit) as error:
        raise InputError(f"{path}: cannot be run: {type(error).__name__}: {error}") from None
    return module


def _guarded(conjecture: Conjecture, error: type[InputError] | type[FaultError]) -> Conjecture:
    """The conjecture with functions that raise `error` for whatever goes wrong in them."""

    def guard(function: Callable[P, T], expected: type | None = None) -> Callable[P, T]:
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                answer = function(*args, **kwargs)
            except (InputError, FaultError, UndecidedError, BeyondLimitError):
                raise
            except (Exception, SystemExit) as problem:
                what = f"{type(problem).__name__}: {problem}"
                raise error(f"{conjecture.name}: its predicate failed: {what}") from None
            if expected and not (answer is None or isinstance(answer, expected)):
                kind = type(answer).__name__
                raise error(f"{conjecture.name}: its predicate returned a {kind}, no Refutation")
            return answer

        return guarded

    optional: dict[str, Any] = {
        name: function and guard(function)
        for name, function in (
            ("margin", conjecture.margin),
            ("suspects", conjecture.suspects),
            ("extremal", conjecture.extremal),
        )
    }
    return replace(conjecture, refute=guard(conjecture.refute, Refutation), **optional)
