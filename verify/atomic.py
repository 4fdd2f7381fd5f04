"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from verify.population import InputError


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


def reason(error: Exception) -> str:
    """What the operating system says is wrong, without its number or the path."""
    return getattr(error, "strerror", None) or str(error)
