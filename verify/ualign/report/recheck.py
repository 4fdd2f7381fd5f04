"""The part of the page that checks its certificates again in the reader's browser.

The page holds the second checker and its own certificates, packed, for a page that is read from a
disk may not fetch the files beside it. Certificates that are too many are asked for instead.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import os
from collections.abc import Sequence
from pathlib import Path

from ualign.certificates.archive import Archive
from ualign.certificates.checking import SECOND
from ualign.errors import FaultError
from ualign.report.markup import Embedded
from ualign.text import counted, printable

LARGEST_HELD = 64 * 2**20
"""Certificates of so many bytes are held in the page; packed, they are about a tenth."""


def recheck(archive: Archive) -> Embedded:
    """A button that checks all claims of the archive's files again, and a place for a reader's own.

    Raises FaultError if a file can no longer be read."""
    files, refused = archive.files, {verdict.file for verdict in archive.refused}
    try:
        held = sum(file.stat().st_size for file in files) <= LARGEST_HELD
        contents = [(SECOND.name, SECOND.read_bytes())]
        for file in files if held else ():
            content = file.read_bytes()
            bare = content if str(file) in refused else _without_provenance(content)
            contents.append((os.path.relpath(file, archive.root), bare))
    except OSError as error:
        raise FaultError(f"{error.filename}: changed while it was read") from None
    digest = hashlib.sha256(contents[0][1]).hexdigest()
    words = (
        "A second checker, written in another language from the specification alone, runs in the"
        f" browser: {SECOND.name}, SHA-256 {digest}."
    )
    button, folder, ask = "", " webkitdirectory", "the folder of this page's certificates"
    if held:
        claims = counted(len(archive.verdicts), "claim")
        button = f"<p><button>Check all {claims} again</button></p>\n"
        folder, ask = "", "certificate files of your own"
        words += (
            " The page holds its certificates (of files that are accepted, the populations, claims"
            " and witnesses); nothing is fetched or sent."
        )
    script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return Embedded(
        f'<div id="recheck">\n<p>{html.escape(words)}</p>\n{button}'
        f"<p><label>Or drop {ask} on this page, or choose: "
        f'<input type="file" multiple{folder}></label></p>\n'
        "<p><progress hidden></progress></p>\n<p><output></output></p>\n<ol></ol>\n"
        f'<script type="application/gzip">{_packed(contents)}</script>\n</div>\n'
        f"<script>{script}</script>",
        f"{words} That is on the page itself.",
    )


def _without_provenance(content: bytes) -> bytes:
    """A file that is accepted, without what no checker takes into account, a fifth of its bytes."""
    try:
        document = json.loads(content)
        document.pop("provenance", None)
    except (ValueError, AttributeError):
        raise FaultError("a certificate file changed while it was read") from None
    return json.dumps(document, separators=(",", ":")).encode("ascii")


def _packed(contents: Sequence[tuple[str, bytes]]) -> str:
    """Files as one: a line with names and sizes, and their bytes; compressed, in base 64."""
    sizes = json.dumps([(printable(name), len(content)) for name, content in contents])
    whole = b"\n".join([sizes.encode(), b"".join(content for _, content in contents)])
    return base64.b64encode(gzip.compress(whole, 9, mtime=0)).decode("ascii")
