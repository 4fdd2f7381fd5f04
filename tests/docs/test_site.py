"""The site as it is built: complete, without network, and nothing wider than the window."""

from __future__ import annotations

import html
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
import ualign
from browser import NO_BROWSER, chromium, measured
from places import NO_FAULT, ROOT
from ualign.cli.main import app
from ualign.counterexamples import CONJECTURES
from ualign.theorems import THEOREMS

import proofs_checks

NEEDED = ("mkdocs", "material", "mkdocstrings", "latex2mathml", "nbclient", "ipykernel")
MISSING = [name for name in NEEDED if not importlib.util.find_spec(name)]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(MISSING), reason=f"{NO_FAULT} without {', '.join(MISSING)}, which '.[docs]' installs"
    ),
]
WIDTHS = (1400, 800, 380)
DARK, LIGHT = "--blink-settings=preferredColorScheme=0", "--blink-settings=preferredColorScheme=1"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built strictly: a link that leads nowhere fails."""
    place = tmp_path_factory.mktemp("site")
    build = ["build", "--strict", "-f", ROOT / "verify/docs/mkdocs.yml", "-d", place]
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", *build],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    """The text of every page of the site itself, by its place."""
    found = {path.relative_to(site).as_posix(): path.read_text() for path in site.rglob("*.html")}
    return {place: text for place, text in found.items() if not place.startswith("repository/")}


def text_of(page: str) -> str:
    """A page's words, without tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def test_nothing_is_left_to_be_put_in(pages: dict[str, str]) -> None:
    assert len(pages) > 20
    for place, page in pages.items():
        assert not re.search(r"\{\{ [a-z]|repo:[a-z]", text_of(page)), place
        assert 'class="arithmatex"' not in page, place


def test_references_are_complete(pages: dict[str, str]) -> None:
    """Every command with its options, public name, theorem and conjecture has its place."""
    commands = text_of(pages["reference/commands.html"])
    for command in typer.main.get_command(app).commands.values():  # type: ignore[attr-defined]
        assert f"ualign {command.name}" in commands
        assert all(option in commands for p in command.params for option in p.opts[:1])
    python = pages["reference/python.html"]
    for name in ualign.__all__:
        assert f'id="ualign.{name}"' in python, name
    theorems = pages["theory/theorems.html"]
    for label in {*THEOREMS, *proofs_checks.names()}:
        assert f"<td>{label}</td>" in theorems, label
    assert all(f"<code>{name}</code>" in pages["theory/conjectures.html"] for name in CONJECTURES)
    assert pages["theory/proofs.html"].count("<math") >= len(proofs_checks.names())


def test_texts_from_elsewhere_are_whole(pages: dict[str, str]) -> None:
    """The last heading of each included file is on its page."""
    sources = {
        "verify/ualign/SPEC.md": "reference/format.html",
        "CONTRIBUTING.md": "project/contributing.html",
        "CHANGELOG.md": "project/changes.html",
        "verify/README.md": "reference/map.html",
        "proofs_checks/PROOFS.md": "theory/proofs.html",
    }
    for path, place in sources.items():
        last = re.findall(r"^#+ (.*)$", (ROOT / path).read_text(), re.MULTILINE)[-1]
        assert last.replace("`", "") in text_of(pages[place]), path


def test_the_report_is_there_with_what_it_links_to(site: Path) -> None:
    report = site / "repository" / "reports" / "report.html"
    links = set(re.findall(r'href="([^"#]+)', report.read_text()))
    assert len(links) > 50
    assert not [link for link in links if not (report.parent / link).is_file()]


def test_no_other_machine_is_asked_for_anything(site: Path, pages: dict[str, str]) -> None:
    """Neither by pages nor by style sheets; scripts are watched in the browser, below."""
    fetched = re.compile(r'(?:\bsrc|<link[^>]*\bhref|@import|url)[=("\' ]+(?:https?:)?//[^"\') ]+')
    assert fetched.search('<script src="https://example.org/x.js">')
    assert not {place: found[0] for place, p in pages.items() if (found := fetched.search(p))}
    sheets = list(site.rglob("*.css"))
    assert sheets
    assert not [sheet for sheet in sheets if fetched.search(sheet.read_text())]


FRAMES = """<!doctype html><body style="margin:0"><script>
const wider = (document, width) => {
  const page = document.documentElement;
  if (page.scrollWidth > width) return "the page is " + page.scrollWidth;
  for (const e of document.querySelectorAll(".md-content *, .md-header *, main *")) {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || box.right <= width + 1) continue;
    let frame = e.parentElement;
    while (frame && getComputedStyle(frame).overflowX === "visible")
      frame = frame.parentElement;
    if (!frame || frame === page || frame === document.body)
      return e.tagName + " to " + Math.round(box.right) + ": " + e.textContent.trim().slice(0, 40);
  }
};
const measure = async () => {
  const found = { pages: 0, wide: [] };
  for (const [page, width] of CASES) {
    const frame = document.createElement("iframe");
    frame.style = `width:${width}px;height:900px;border:0`;
    frame.src = page;
    const loaded = new Promise((resolve) => (frame.onload = resolve));
    document.body.append(frame);
    await loaded;
    await new Promise((resolve) => setTimeout(resolve, 200));
    const inner = frame.contentDocument;
    for (const fold of inner.querySelectorAll("details")) fold.open = true;
    const wide = wider(inner, width);
    if (wide) found.wide.push(`${page} at ${width}: ${wide}`);
    found.pages += inner.querySelector("h1") && frame.contentWindow.innerWidth === width ? 1 : 0;
    frame.remove();
  }
  return found;
};
measure().then((found) => {
  const text = document.createElement("p");
  text.id = "measured";
  text.textContent = JSON.stringify(found);
  document.body.append(text);
});
</script>"""


@NO_BROWSER
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(
    site: Path, pages: dict[str, str], tmp_path: Path, width: int, scheme: str
) -> None:
    """On any page, unless it scrolls in a box of its own; the page is in a frame, for a window may
    not be made as narrow as a phone."""
    cases = [(place, width) for place in pages if place != "404.html"]
    frame = site / f"frame-{width}.htm"
    frame.write_text(FRAMES.replace("CASES", json.dumps(cases)))
    found = measured(tmp_path / "p", frame, scheme, milliseconds=1000 * len(cases))
    assert found == {"pages": len(cases), "wide": []}


@NO_BROWSER
def test_what_is_too_wide_is_found(site: Path, tmp_path: Path) -> None:
    """Else the test above would show nothing."""
    (site / "wide.htm").write_text('<main><h1>x</h1><p style="width:900px">wide</p></main>')
    frame = site / "frame-wide.htm"
    frame.write_text(FRAMES.replace("CASES", json.dumps([("wide.htm", 800)])))
    found = measured(tmp_path / "p", frame)
    assert len(found["wide"]) == 1


LOOK = """<p id="measured"></p><script>
addEventListener("load", () => setTimeout(() => {
  const box = document.querySelector(".md-search__input");
  box.focus();
  box.value = "dictatorship";
  box.dispatchEvent(new Event("keyup", { bubbles: true }));
  setTimeout(() => {
    const shade = (e) => getComputedStyle(e).backgroundColor.match(/[0-9]+/g).slice(0, 3).join(" ");
    document.querySelector("#measured").textContent = JSON.stringify({
      hits: document.querySelectorAll(".md-search-result__item").length,
      background: shade(document.body),
    });
  }, 3000);
}, 2000));
</script></body>"""


@NO_BROWSER
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_read_from_disk(site: Path, tmp_path: Path, scheme: str) -> None:
    """The search finds, and the page is light or dark as the system is."""
    page = site / "looked-at.htm"
    page.write_text((site / "index.html").read_text().replace("</body>", LOOK))
    found = measured(tmp_path / "p", page, scheme, milliseconds=20_000)
    assert found["hits"] >= 3
    brightness = sum(map(int, found["background"].split()))
    assert brightness < 200 if scheme == DARK else brightness > 700


ASKED = """<p id="measured"></p><script>
addEventListener("load", () => setTimeout(() => {
  const asked = performance.getEntriesByType("resource").map((entry) => entry.name);
  document.querySelector("#measured").textContent = JSON.stringify(asked);
}, 1000));
</script></body>"""


@NO_BROWSER
def test_scripts_ask_no_other_machine(site: Path, tmp_path: Path) -> None:
    """For whatever is not read from disk; the last page does ask."""
    elsewhere = "http://localhost:9/x.png"
    (site / "asking.htm").write_text(f'<body><img src="{elsewhere}"></body>')
    asked = {}
    for place in ("index.html", "notebooks/scores.html", "theory/proofs.html", "asking.htm"):
        page = (site / place).with_suffix(".htm")
        page.write_text((site / place).read_text().replace("</body>", ASKED))
        asked[place] = measured(tmp_path / "p", page, milliseconds=5000)
    assert asked.pop("asking.htm") == [elsewhere]
    assert not any(asked.values()), asked


@NO_BROWSER
def test_no_page_reports_an_error(site: Path, tmp_path: Path) -> None:
    """Of its scripts; the last page does."""
    wrong = site / "wrong.htm"
    wrong.write_text("<script>nothing()</script>")
    for place in ("index.html", "reference/python.html", "theory/proofs.html"):
        shown = chromium(tmp_path / "p", "--dump-dom", (site / place).as_uri())
        assert "CONSOLE" not in shown.stderr, shown.stderr
    assert "CONSOLE" in chromium(tmp_path / "p", "--dump-dom", wrong.as_uri()).stderr
