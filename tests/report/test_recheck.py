"""The page checks its certificates again: in headless Chromium, from the disk, without network."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from command import ualign
from devtools import BROWSER, Devtools
from ualign.report import recheck

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")

CORPUS = Path(__file__).parents[1] / "checker" / "corpus"
FILES = {
    "odd & names.cert.json": "accepted/win-rate--names-of-all-sorts.cert.json",
    "box.cert.json": "accepted/equilibrium--enclosed.cert.json",
    "bound.cert.json": "accepted/joint-upper-bound--2-uniform.cert.json",
}
DONE = """new Promise((tell) => {
  const look = () => {
    const text = document.querySelector("#recheck output").textContent;
    if (text && !text.startsWith("checking")) tell(text);
    else setTimeout(look, 50);
  };
  look();
})"""
PRESS = 'document.querySelector("#recheck button").click()'
LIST = '[...document.querySelectorAll("#recheck li")].map((item) => item.innerText)'


def written(root: Path) -> str:
    """The address of the report on the certificates there."""
    assert ualign("report", root).code in (0, 3)
    return (root / "report.html").as_uri()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of certificates."""
    folder = tmp_path / "proof"
    folder.mkdir()
    for name, case in FILES.items():
        shutil.copy(CORPUS / case, folder / name)
    return folder


def dropped(name: str, content: bytes) -> str:
    """What drops a file on the page."""
    return f"""(() => {{
      const data = new DataTransfer();
      data.items.add(new File([{json.dumps(content.decode())}], {json.dumps(name)}));
      document.body.dispatchEvent(
        new DragEvent("drop", {{ dataTransfer: data, bubbles: true, cancelable: true }}));
      document.querySelector("#recheck output").textContent = "";
    }})()"""


@pytest.mark.parametrize("width", [1100, 380])
def test_one_button_checks_every_claim_again(root: Path, tmp_path: Path, width: int) -> None:
    """All that the page is about; the same count as the trusted checker's."""
    with Devtools(tmp_path / "p", written(root), width) as page:
        assert page.run('document.querySelector("#recheck button").innerText') == (
            "Check all 3 claims again"
        )
        page.run(PRESS)
        assert page.run(DONE) == "3 claims in 3 files: 3 ACCEPTED"
        assert page.run(LIST) == []
        bar = page.run('(({ value, max, hidden }) => [value, max, hidden])'
                       '(document.querySelector("#recheck progress"))')  # fmt: skip
        assert bar == [3, 3, False]
        scrolled = page.run("[innerWidth, document.documentElement.scrollWidth]")
        assert scrolled[1] <= scrolled[0] == width
        assert page.complaints == []


def test_a_damaged_certificate_shows_what_failed(root: Path, tmp_path: Path) -> None:
    """Code, pointer and both exact sides, in the checker's words; what is malformed is named."""
    file = root / "bound.cert.json"
    document: dict[str, Any] = json.loads(file.read_bytes())
    document["certificates"][0]["claim"]["bound"] = "1/2"
    file.write_text(json.dumps(document))
    (root / "broken.cert.json").write_bytes(b'{"format": "ualign/1", \xff')
    with Devtools(tmp_path / "p", written(root), 380) as page:
        page.run(PRESS)
        said = page.run(DONE)
        assert said == "4 claims in 4 files: 2 ACCEPTED, 1 MALFORMED, 1 REJECTED"
        first, second = page.run(LIST)
        assert first.splitlines() == [
            "REJECTED bound.cert.json#0: no 2-output policy has a worst win rate against 2 outputs,"
            " uniform ties, above 1/2",
            "joint-upper-bound at /certificates/0/claim/bound: the win rate of some outputs",
            "left side 13/24",
            "right side 1/2",
        ]
        assert second.startswith("MALFORMED broken.cert.json\nnot-utf8 at /: ")
        assert page.run("document.documentElement.scrollWidth") <= 380


def test_only_provenance_is_left_out_and_only_of_files_that_are_accepted(root: Path) -> None:
    """A float in a provenance makes a file malformed, and the page must not hide that."""
    bare = {}
    for name in FILES:
        bare[name] = json.loads((root / name).read_bytes())
        told = {"by": 0.5 if name == "bound.cert.json" else "me"}
        (root / name).write_text(json.dumps({**bare[name], "provenance": told}))
    written(root)
    packed = re.search(r'"application/gzip">([^<]*)<', (root / "report.html").read_text())
    assert packed is not None
    sizes, _, whole = gzip.decompress(base64.b64decode(packed[1])).partition(b"\n")
    held = {}
    for name, size in json.loads(sizes):
        held[name], whole = whole[:size], whole[size:]
    assert whole == b""
    assert {*held} == {*FILES, "checker.mjs"}
    assert held["bound.cert.json"] == (root / "bound.cert.json").read_bytes()
    for name in {*FILES} - {"bound.cert.json"}:
        assert json.loads(held[name]) == bare[name]


def test_a_certificate_that_is_dropped_is_checked(root: Path, tmp_path: Path) -> None:
    """Any file of the reader's, one after the other; what is accepted is shown, too."""
    good = (CORPUS / FILES["box.cert.json"]).read_bytes()
    bad = good.replace(b'"k": 2', b'"k": 3')
    assert bad != good
    with Devtools(tmp_path / "p", written(root)) as page:
        page.run(dropped("mine.cert.json", good))
        assert page.run(DONE) == "1 claim in 1 file: 1 ACCEPTED"
        (line,) = page.run(LIST)
        assert line.startswith("ACCEPTED mine.cert.json#0: within the relative radius")
        page.run(dropped("<b>.json", bad))
        assert page.run(DONE) == "1 claim in 1 file: 1 REJECTED"
        (line,) = page.run(LIST)
        assert re.match(r"REJECTED <b>\.json#0: .*\ncontraction at /", line)
        assert "left side" in line


def test_files_that_are_chosen_are_checked(root: Path, tmp_path: Path) -> None:
    """Several at once: of those, what is not called a certificate is passed over."""
    (root / "notes.txt").write_text("no certificate")
    chosen = [str(root / name) for name in (*FILES, "notes.txt")]
    with Devtools(tmp_path / "p", written(root)) as page:
        top = page.ask("DOM.getDocument")["root"]["nodeId"]
        place = page.ask("DOM.querySelector", nodeId=top, selector="#recheck input")["nodeId"]
        page.ask("DOM.setFileInputFiles", nodeId=place, files=chosen)
        assert page.run(DONE) == "3 claims in 3 files: 3 ACCEPTED"
        assert len(page.run(LIST)) == 3
        page.run('document.querySelector("#recheck output").textContent = ""')
        page.ask("DOM.setFileInputFiles", nodeId=place, files=[chosen[-1]])
        assert page.run(DONE) == "1 claim in 1 file: 1 MALFORMED"
        assert page.complaints == []


def test_certificates_that_are_too_large_are_asked_for(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then there is no button, but a place to choose their folder."""
    monkeypatch.setattr(recheck, "LARGEST_HELD", 10)
    with Devtools(tmp_path / "p", written(root)) as page:
        assert page.run('document.querySelector("#recheck button")') is None
        assert page.run('document.querySelector("#recheck input").webkitdirectory') is True
        page.run(dropped("box.cert.json", (root / "box.cert.json").read_bytes()))
        assert page.run(DONE) == "1 claim in 1 file: 1 ACCEPTED"
        assert page.complaints == []


def test_markdown_has_words_instead(root: Path) -> None:
    """No script, and no markup."""
    written(root)
    text = (root / "report.md").read_text()
    assert "second checker" in text
    assert "<script" not in text
