"""Code of the user's own, such as a conjecture's predicate or a method's rule: loaded from a file,
and called so that what goes wrong in it is told by her line.

It is trusted with everything but verdicts.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from ualign.errors import FaultError, InputError
from ualign.files import reason

_P = ParamSpec("_P")
_T = TypeVar("_T")

_PACKAGE = str(Path(__file__).parent)
_END = object()


def is_in_a_file(name: str) -> bool:
    """Whether the name is FILE.py:NAME."""
    return name.rpartition(":")[0].endswith(".py")


def load(name: str, wanted: str) -> Any:
    """What FILE.py:NAME names, once the file was run; `wanted`: what should be written there.

    Raises InputError, with the line, where the file cannot be run, or defines nothing so called."""
    file, _, variable = name.rpartition(":")
    found = getattr(_run(Path(file)), variable, None)
    if found is None:
        raise InputError(f"{file}: defines no {variable!r}; write {variable} = {wanted}")
    return found


def _run(path: Path) -> ModuleType:
    try:
        source = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {reason(error)}") from None
    module = ModuleType(f"ualign_file_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # where dataclasses look for what annotations name
    try:
        code = compile(source, str(path), "exec")
    except (SyntaxError, ValueError) as error:
        place = f"{path}:{error.lineno}" if isinstance(error, SyntaxError) else f"{path}"
        raise InputError(f"{place}: cannot be run: {_described(error)}") from error
    call(f"{path}", exec, code, module.__dict__)
    return module


def call(
    who: str,
    function: Callable[_P, _T],
    *args: _P.args,
    **kwargs: _P.kwargs,
) -> _T:
    """What the function returns. An exception becomes an InputError that begins with `who` it is
    and says at which line of the function's own file; or a FaultError if that file is of this
    package. A RuntimeError of this package, such as a BeyondLimitError, is passed on: it says
    something to the caller."""
    try:
        return function(*args, **kwargs)
    except (Exception, SystemExit) as error:
        if isinstance(error, RuntimeError) and type(error).__module__.startswith("ualign."):
            raise
        frames = traceback.extract_tb(error.__traceback__)[1:]  # without this one
        own = frames[0].filename if frames else ""
        if own.startswith(_PACKAGE):
            if isinstance(error, InputError):
                raise
            raise FaultError(f"{who} failed: {_described(error)}") from error
        lines = [frame.lineno for frame in frames if frame.filename == own]
        place = f" at {own}:{lines[-1]}" if lines else ""
        raise InputError(f"{who} failed{place}: {_described(error)}") from error


def each(who: str, items: Iterable[_T]) -> Iterator[_T]:
    """The items, made by code of the user's as they are asked for, with the same errors."""
    iterator: Iterator[Any] = call(who, iter, items)
    while True:
        item: Any = call(who, next, iterator, _END)
        if item is _END:
            return
        yield item


def _described(error: BaseException) -> str:
    """What went wrong; a message of this package's speaks for itself."""
    if isinstance(error, InputError):
        return str(error)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
