"""A pytest plugin: every `*.cert.json` below the collected paths is a test file, and every claim in
it a test, which the trusted checker decides in a process of its own.

`pytest reports/` checks what is there; `pytest --ualign-manifest reports/manifest.json reports/`
also makes sure that just the claims are there that `ualign lock` wrote down. Files of that name
whose `format` is not ours are left alone. Nothing but the standard library is loaded, and most of
it only when there is a certificate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ualign.files import SUFFIX

if TYPE_CHECKING:
    from ualign.certificates.checking import Verdict
    from ualign.certificates.findings import Question
    from ualign.certificates.manifest import Manifest

_LOCKED: pytest.StashKey[tuple[Path, Manifest]] = pytest.StashKey()
"""The folder that was locked, and its manifest."""

_DESELECTED: pytest.StashKey[set[str]] = pytest.StashKey()
"""The places of claims that were collected, but are not to be run."""


class NotAcceptedError(Exception):
    """A claim that the checker does not accept, or that is not the one that was locked."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --ualign-manifest."""
    parser.getgroup("ualign", "certificates of universal alignment").addoption(
        "--ualign-manifest",
        metavar="FILE",
        help="the claims that must be there, as `ualign lock` wrote them down: a missing, extra or"
        " changed one fails",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Read the manifest, if one is named."""
    named = config.getoption("ualign_manifest")
    if named is None:
        return
    from ualign.certificates.manifest import read_manifest
    from ualign.errors import InputError

    path = (config.invocation_params.dir / named).resolve()
    try:
        config.stash[_LOCKED] = path, read_manifest(path)
    except InputError as error:
        raise pytest.UsageError(f"--ualign-manifest: {error}") from None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take certificate files, whatever is in them."""
    if file_path.name.endswith(SUFFIX):
        return CertificateFile.from_parent(parent, path=file_path)
    return None


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Remember which claims are there, though they are not to be run."""
    for item in items:
        if isinstance(item, ClaimItem):
            item.config.stash.setdefault(_DESELECTED, set()).add(item.place)


@pytest.hookimpl(trylast=True)  # when claims have been deselected
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add a failing test for every claim of the manifest that was not collected, or one for a file
    of which there is none."""
    if _LOCKED not in config.stash:
        return
    path, manifest = config.stash[_LOCKED]
    there = {item.place for item in items if isinstance(item, ClaimItem)}
    deselected = config.stash.setdefault(_DESELECTED, set())
    parent = ManifestFile.from_parent(session, path=path)
    for name, file in manifest.files.items():
        places = [f"{name}#{index}" for index in range(len(file.claims))]
        missing = [p for p in places if p not in there and p not in deselected]
        for place in [name] if missing == places else missing:
            items.append(MissingItem.from_parent(parent, name=place))


class CertificateFile(pytest.File):
    """A certificate file."""

    def collect(self) -> Iterator[ClaimItem]:
        """A test a claim; one test if the file is not even a list of claims."""
        from ualign.certificates.document import is_foreign, read_document
        from ualign.certificates.manifest import questions_of

        if is_foreign(self.path):
            return
        document = read_document(self.path)
        if document is None or not document["certificates"]:
            yield ClaimItem.from_parent(self, name="file")
            return
        taken = set[str]()
        entries = zip(document["certificates"], questions_of(document), strict=True)
        for index, (entry, about) in enumerate(entries):
            name = next(name for name in _names(index, entry, about) if name not in taken)
            taken.add(name)
            theorem = about[0].theorem if about else None
            yield ClaimItem.from_parent(self, name=name, index=index, theorem=theorem)

    @cached_property
    def verdicts(self) -> dict[int | None, Verdict]:
        """The checker's verdicts by the claims' numbers; None stands for the whole file."""
        from ualign.certificates.checking import stream_verdicts

        return {verdict.index: verdict for verdict in stream_verdicts([self.path])}


class ClaimItem(pytest.Item):
    """A claim. It passes if the checker accepts it and it is the one that was locked, if any was.

    `index` is None for a file without claims, which is malformed."""

    parent: CertificateFile

    def __init__(self, index: int | None = None, theorem: str | None = None, **rest: Any) -> None:
        super().__init__(**rest)
        self.index, self.theorem = index, theorem
        if theorem:
            self.extra_keyword_matches.add(theorem)  # for pytest -k P4

    @property
    def place(self) -> str:
        """Where the claim stands, as a manifest writes it: relative to the manifest's folder."""
        path = self.path.resolve()
        if _LOCKED in self.config.stash:
            folder = self.config.stash[_LOCKED][0].parent
            path = path.relative_to(folder) if path.is_relative_to(folder) else path
        return path.as_posix() if self.index is None else f"{path.as_posix()}#{self.index}"

    def runtest(self) -> None:
        """Fail unless the checker accepts the claim, and it is the one that was locked."""
        verdicts = self.parent.verdicts
        verdict = verdicts.get(self.index) or verdicts.get(None)
        if verdict is None:
            raise NotAcceptedError("the checker said nothing of this claim")
        properties = {"theorem": self.theorem, "kind": verdict.kind, "sha256": verdict.sha256}
        self.user_properties += [(key, text) for key, text in properties.items() if text]
        wrong = [] if verdict.accepted else [_explained(verdict)]
        if _LOCKED in self.config.stash:
            path, manifest = self.config.stash[_LOCKED]
            difference = manifest.difference(self.place, verdict.sha256)
            wrong += [f"{difference}{_if_meant(path)}"] if difference else []
        if wrong:
            raise NotAcceptedError("\n".join(wrong))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is wrong, without a traceback."""
        from ualign.errors import FaultError

        if isinstance(excinfo.value, (NotAcceptedError, FaultError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file and the claim."""
        return self.path, None, self.name


class ManifestFile(pytest.File):
    """The manifest, as the place of the claims that are missing."""

    def collect(self) -> list[pytest.Item]:
        """Nothing: what is missing is known when everything has been collected."""
        return []


class MissingItem(pytest.Item):
    """A claim of the manifest, or a whole file, that was not collected; it fails."""

    def runtest(self) -> None:
        """Fail."""
        raise NotAcceptedError(f"{self.name} is missing{_if_meant(self.path)}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is missing, without a traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The manifest and the claim."""
        return self.path, None, self.name


def _names(index: int, entry: Any, about: tuple[Question, int | None] | None) -> Iterator[str]:
    """What a claim's test may be called, the best first: k2-joint-optimum; with the claim's kind,
    where that is taken; at last with its number."""
    claim = entry.get("claim") if isinstance(entry, dict) else None
    kind = claim.get("kind") if isinstance(claim, dict) else None
    plain = [kind] if isinstance(kind, str) and re.fullmatch(r"[A-Za-z0-9-]{1,40}", kind) else []
    if about:
        question, k = about
        label = [*([] if k is None else [f"k{k}"]), question.what]
        yield "-".join(label)
        yield "-".join([*label, *plain])
        yield "-".join([*label, *plain, str(index)])
    yield "-".join([str(index), *plain])


def _if_meant(manifest: Path) -> str:
    from shlex import quote

    return f"; if this was meant: ualign lock {quote(str(manifest.parent))}"


def _explained(verdict: Verdict) -> str:
    """A refusal: the claim in words, the code, the pointer and both sides."""
    from ualign.text import printable

    about = [verdict.kind or "file", verdict.claim or "no claim that could be read"]
    lines = [f"{verdict.verdict} {': '.join(about)}"]
    lines.append(f"    {verdict.code} at {verdict.pointer or '/'}: {verdict.detail}")
    if verdict.left is not None:
        lines += [f"    left side {verdict.left}", f"    right side {verdict.right}"]
    if verdict.sha256 is not None:
        lines.append(f"    SHA-256 {verdict.sha256}")
    return "\n".join(map(printable, lines))
