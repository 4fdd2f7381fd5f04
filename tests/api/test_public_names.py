"""The package's public names: exported, documented, imported late; their examples run."""

from __future__ import annotations

import doctest
import subprocess
import sys
from importlib import import_module
from inspect import getdoc
from pathlib import Path

import pytest
import ualign
from command import ualign as command
from ualign import (
    FaultError,
    InputError,
)


def test_every_exported_name_is_there_and_documented() -> None:
    assert ualign.__all__ == sorted(ualign.__all__)
    for name in ualign.__all__:
        assert getdoc(getattr(ualign, name)), name
    assert dir(ualign) == ualign.__all__
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = ualign.nothing


def test_exported_names_are_imported_late() -> None:
    program = (
        "import sys, ualign\n"
        "early = [name for name in sys.modules if name.startswith('ualign.')]\n"
        "assert not early, early\n"
        "ualign.Population\n"
        "assert 'ualign.model.population' in sys.modules\n"
        "assert 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_version_is_that_of_the_command() -> None:
    assert command("--version").out == f"ualign {ualign.__version__}\n"


def test_faults_are_not_bad_input() -> None:
    assert not issubclass(FaultError, InputError)
    assert issubclass(InputError, ValueError)


DOCUMENTED = [
    path
    for path in sorted(Path(ualign.__file__).parent.rglob("*.py"))
    if ">>> " in path.read_text() and path.name != "checker.py"
]


@pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: path.stem)
def test_the_examples_of_the_docstrings_run(path: Path) -> None:
    package = Path(ualign.__file__).parent
    parts = path.relative_to(package.parent).with_suffix("").parts
    module = import_module(".".join(part for part in parts if part != "__init__"))
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0
