"""Certificate files by name, and writing a file whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ualign.errors import InputError

SUFFIX = ".cert.json"
"""What the name of a certificate file ends in."""


def write_atomically(path: Path, data: bytes) -> None:
    """Put `data` at `path` so that no reader ever sees half of it; a failure leaves no trace."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError, ValueError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, (OSError, ValueError)):
            raise InputError(f"{path}: cannot be written: {reason(error)}") from None
        raise


@contextmanager
def lines_to(name: str | None) -> Iterator[Callable[[str], None]]:
    """A function that writes a line to the file of this name, which is there when all are written,
    and not before; without a name it writes nothing."""
    if name is None:
        yield lambda line: None
        return
    path = named_path(name)
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "x", encoding="utf-8", newline="\n") as file:
            yield lambda line: print(line, file=file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written: {reason(error)}") from None
    finally:
        with suppress(OSError, ValueError):
            temporary.unlink(missing_ok=True)


def reason(error: Exception) -> str:
    """What the operating system says is wrong, without its number or the path."""
    return getattr(error, "strerror", None) or str(error)


def prepare_directory(directory: str | Path) -> Path:
    """Create the directory if need be and make sure that files can be written there."""
    directory = Path(directory)
    probe = directory / f".{secrets.token_hex(8)}.tmp"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except (OSError, ValueError) as error:
        raise InputError(f"{directory}: cannot write there: {reason(error)}") from None
    return directory


def file_name(prompt: str, part: int | str) -> str:
    """The certificate file of a prompt at k (or another part), safe as a file name; prompts whose
    names had to be changed are told apart by a hash."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", prompt)[:100].lstrip(".-") or "_"
    if safe != prompt:
        digest = hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()
        safe = f"{safe}-{digest[:16]}"
    return f"{safe}.{f'k{part}' if isinstance(part, int) else part}{SUFFIX}"


def named_path(name: str | os.PathLike[str]) -> Path:
    """The path; an empty name is refused, and not the current directory."""
    if not os.fspath(name):
        raise InputError("an empty file name; name a file or a directory")
    return Path(name)


def certificate_files(names: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Certificate files as named, with those below the directories among them."""
    files: list[Path] = []
    for path in map(named_path, names):
        if not path.exists():
            raise InputError(f"{path}: there is no such file")
        found = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not found:
            raise InputError(f"{path}: there is no *{SUFFIX} in this directory")
        files += found
    return files
