"""The report for people: complete, self-contained, escaped; no number of a refused claim."""

from __future__ import annotations

import json
import re
import shutil
import struct
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from browser import NO_BROWSER, chromium
from command import tree, ualign
from html_pages import Page
from ualign.certificates import archive as accepted
from ualign.certificates.archive import Archive, read_archive
from ualign.certificates.checking import Verdict
from ualign.certificates.document import findings_of, write_certificates
from ualign.certificates.findings import EXACT, GUARANTEE, JOINT, Certificate, Finding, Judged
from ualign.constructions import CONSTRUCTIONS
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.model.population import Population
from ualign.report.markup import Heading, Link, Mark, Paragraph, Table, html_page, markdown_page
from ualign.report.numbers import SHORT
from ualign.report.page import write_report
from ualign.report.page_tables import _anchor
from ualign.report.words import question_words
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import THEOREMS

EVIL = ("<script>alert(1)</script>", "a|b`*[x](y)", "_$x$ & \"q'\u2028")
SUITE = ("slim-majority", "plurality-versus-condorcet", "distinct-favourites", "even-split")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files on a few instances of the suite, and on one whose names are hostile."""
    root = tmp_path_factory.mktemp("certified")
    options = Options(bits=60, opponents=(2,))
    for name in SUITE:
        entry = CONSTRUCTIONS[name]
        certify_prompt(name, entry.build(**entry.defaults), (1, 2, 3), root, options)
    orbits = CONSTRUCTIONS["uniform-rankings-by-orbits"]
    certify_prompt("orbits", orbits.build(**orbits.defaults), (2, 3), root, options)
    x, y, z = EVIL
    evil = Population.from_rankings([[x, y, z], [y, z, x], [z, [x, y]]], [3, 2, 2])
    few = Options(bits=60, theorems=("P1", "P2", "P4", "E9"))
    certify_prompt("evil <b> & name", evil, (1, 2, 3), root, few)
    return root


@pytest.fixture(scope="module")
def written(certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on them, in a directory of its own."""
    out = tmp_path_factory.mktemp("report")
    done = ualign("report", certificates, "--out", out)
    assert done.code == 0, done.err
    assert done.out.splitlines() == [f"report: {out}/report.html", f"report: {out}/report.md"]
    return out


@pytest.fixture(scope="module")
def page(written: Path) -> Page:
    return Page((written / "report.html").read_text())


def copied(certificates: Path, target: Path, *names: str) -> Path:
    """Some of the files, to be tampered with."""
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(certificates / name, target)
    return target


def edited(path: Path, change: Any) -> None:
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document))


def findings(path: Path) -> tuple[Finding, ...]:
    return findings_of(json.loads(path.read_bytes()))


def test_tags_are_balanced_and_ids_occur_once(page: Page) -> None:
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert ids
    assert len(set(ids)) == len(ids)


def test_the_page_loads_nothing(page: Page, written: Path) -> None:
    """No address of the network anywhere but in prose; links are relative and lead to something."""
    ids = {value for _, name, value in page.attributes if name == "id"}
    links = [value for _, name, value in page.attributes if name.endswith("href")]
    assert not [a for a in page.attributes if a[1] == "src" or a[0] in ("link", "img", "iframe")]
    assert not [a for a in page.attributes if "://" in a[2] or "url(" in a[2].replace("url(#", "")]
    assert "@import" not in (written / "report.html").read_text()
    for link in links:
        if link.startswith("#"):
            assert unquote(link[1:]) in ids, link
        else:
            assert (written / unquote(link)).is_file(), link
    assert len(links) > 30


def test_every_accepted_value_stands_in_its_cell(certificates: Path, page: Page) -> None:
    """Instance by instance: a row a question, a column a k; exact wherever it is short."""
    looked = 0
    folds = {title.rpartition(":")[0]: rows for title, rows in page.folds.items()}
    for path in sorted(certificates.glob("*.cert.json")):
        rows = folds[json.loads(path.read_bytes())["provenance"]["prompt"]]
        for finding in findings(path):
            if not finding.certificates:
                continue
            heading = "all k" if finding.k is None else f"k = {finding.k}"
            start = next(i for i, row in enumerate(rows) if heading in row)
            row = next(row for row in rows[start:] if row[0] == question_words(finding.question))
            cell = row[rows[start].index(heading)]
            assert cell
            if finding.value is not None and not finding.is_located:
                looked += 1
                assert ("≥" in cell, "≤" in cell) == (
                    finding.relation == ">=",
                    finding.relation == "<=",
                )
                if len(str(finding.value)) <= SHORT:
                    assert str(finding.value) in cell.replace("≥", "").replace("≤", "").split()
    assert looked > 300


def test_figures_are_valid_and_of_a_size(certificates: Path, written: Path, tmp_path: Path) -> None:
    names = {path.name for path in (written / "figures").iterdir()}
    stems = {"guarantees", "one-policy", "path", "optimum", "rates", "self-play"}
    stems |= {"regularised", "draws", "users"}
    assert names == {f"{stem}.svg" for stem in stems}
    assert ualign("report", certificates, "--out", tmp_path, "--png").code == 0
    for stem in stems:
        root = ElementTree.parse(written / "figures" / f"{stem}.svg").getroot()
        assert root.tag.endswith("svg")
        assert len(list(root.iter())) > 20
        assert len(root.findall(".//{*}text")) > 10
        png = (tmp_path / "figures" / f"{stem}.png").read_bytes()
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", png[16:24])
        assert min(width, height) > 500


def test_the_short_page_leaves_out_what_is_folded_away(page: Page, written: Path) -> None:
    """It has the other tables, the figures, and links to what is folded away."""
    markdown = (written / "report.md").read_text()
    lines = [line for line in markdown.splitlines() if line.startswith("|") and "---" not in line]
    assert len(lines) == len(page.folds[""])
    for name in ("guarantees", "optimum"):
        assert f"(./figures/{name}.svg)" in markdown
    for row in page.rows:
        assert len(row) > 1
    assert f"(./report.html#{_anchor('slim-majority')})" in markdown
    ids = {value for _, name, value in page.attributes if name == "id"}
    for link in re.findall(r"\(\./report\.html#(.*?)\)", markdown):
        assert link in ids


def test_names_are_escaped(page: Page, written: Path) -> None:
    html, markdown = ((written / f"report.{kind}").read_text() for kind in ("html", "md"))
    assert "<script>alert" not in html + markdown
    assert "<script>alert(1)</script>" in "".join(page.text)
    assert any(EVIL[0] in cell for row in page.rows for cell in row)
    assert "evil &lt;b&gt; &amp; name" in markdown
    assert "\\u2028" in html


@pytest.mark.slow
def test_the_same_bytes_every_time(certificates: Path, written: Path, tmp_path: Path) -> None:
    out = written.parent / "again"
    assert ualign("report", certificates, "--out", out).code == 0
    assert tree(out) == tree(written)


def test_a_refused_claim_has_no_number(certificates: Path, tmp_path: Path) -> None:
    """Neither the claim's number nor what its label says is shown; the refusal and all else is."""
    name = "slim-majority.k3.cert.json"
    root = copied(certificates, tmp_path / "in", name, "slim-majority.k2.cert.json")

    def change(document: dict[str, Any]) -> None:
        for entry in document["certificates"]:
            if entry["claim"].get("policy") == {"product": {"a": "1"}}:
                entry["claim"]["bound"] = "123457/200003"
        for row in document["provenance"]["findings"]:
            row[2:] = "exact", "by 104729 of them"

    edited(root / name, change)
    done = ualign("report", root)
    assert done.code == 3
    assert "not accepted" in done.err
    texts = [(root / f"report.{kind}").read_text() for kind in ("html", "md")]
    for text in texts:
        for hidden in ("123457", "200003", "104729"):
            assert hidden not in text
        assert "Not accepted" in text
        assert "REJECTED" in text
    rows = Page(texts[0]).rows
    refused = next(row for row in rows if row[0] == "NLHF (P4)" and row[1].startswith("3/5"))
    assert refused[2].startswith("REJECTED")


def test_a_file_that_is_no_certificate_is_named(certificates: Path, tmp_path: Path) -> None:
    root = copied(certificates, tmp_path, "even-split.k2.cert.json")
    (root / "broken.k2.cert.json").write_text('{"format": "ualign/1", "secret": 31337}')
    assert ualign("report", root).code == 3
    html = (root / "report.html").read_text()
    assert ["broken.k2.cert.json", "whole file", "MALFORMED"] in [r[:3] for r in Page(html).rows]
    assert "31337" not in html


def test_labels_do_not_make_numbers(certificates: Path, tmp_path: Path) -> None:
    """Provenance that fits nothing is dropped, and one that promises more than the claims say does
    not turn a worst case into an optimum."""
    root = copied(certificates, tmp_path, "even-split.k2.cert.json", "even-split.k3.cert.json")

    def forge(document: dict[str, Any]) -> None:
        claims = document["certificates"]
        document["certificates"] = [c for c in claims if c["claim"]["kind"] == "win-rate"][:1]
        document["provenance"] = {"findings": [["E4 joint-optimum", [0], "exact", ""]]}

    edited(root / "even-split.k2.cert.json", forge)
    edited(root / "even-split.k3.cert.json", lambda d: d["provenance"].update(findings=[{}]))
    archive = read_archive(root, sorted(root.glob("*.cert.json")))
    forged = next(j for j in archive.judged if j.finding.k == 2)
    assert (forged.finding.what, forged.optimum(JOINT)) == ("joint-optimum", None)
    assert forged.worst_case() is not None
    assert {j.finding.theorem for j in archive.judged if j.finding.k == 3} == {""}
    assert {len(j.claims) for j in archive.judged if j.finding.k == 3} == {1}
    write_report(archive, tmp_path)


def test_a_file_that_changes_behind_the_checker_is_a_fault(
    certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim is shown only if its digest is the one the checker judged."""
    path = certificates / "even-split.all-k.cert.json"
    size = len(json.loads(path.read_bytes())["certificates"])
    said = [Verdict("ACCEPTED", str(path), i, "limit", "0" * 64, "a claim") for i in range(size)]
    monkeypatch.setattr(accepted, "stream_verdicts", lambda files: said)
    with pytest.raises(FaultError, match="not the one that was checked"):
        read_archive(certificates, [path])
    monkeypatch.setattr(accepted, "stream_verdicts", lambda files: said[:-1])
    with pytest.raises(FaultError, match=r"verdicts on \d+"):
        read_archive(certificates, [path])


def test_instances_are_told_apart(tmp_path: Path) -> None:
    """By folder where a name occurs twice, by a hash where a name stands for two populations."""
    first = Population.from_rankings([["a", "b"]])
    second = Population.from_rankings([["a", "b"], ["b", "a"]])
    options = Options(theorems=("P1",))
    for folder, k, population in (("x", 1, first), ("x", 2, second), ("y", 1, first)):
        (tmp_path / folder).mkdir(exist_ok=True)
        certify_prompt("p", population, (k,), tmp_path / folder, options)
    archive = read_archive(tmp_path, sorted(tmp_path.rglob("*.cert.json")))
    names = [*archive.instances]
    assert names[-1] == "y/p"
    assert [re.sub(r"\[\w{8}\]", "[#]", name) for name in names[:-1]] == ["x/p [#]", "x/p [#]"]
    assert len(set(names)) == 3


def test_counterexamples_are_drawn_as_preference_tables(tmp_path: Path) -> None:
    """Users as columns with their shares, rankings downward; claims in the checker's words."""
    population = Population.from_rankings([["a", "b", "c"], [["b", "c"], "a"]], [2, 1])
    findings = THEOREMS["P4"].certify[0](Instance(population), 2)
    (tmp_path / "counterexamples").mkdir()
    path = tmp_path / "counterexamples" / "nlhf-guarantees-rate.cert.json"
    claims = [c for f in findings for c in f.certificates]
    sentence = "NLHF guarantees <b>k/(k+1)</b>"
    write_certificates(path, population, claims, {"conjecture": sentence, "refuted": "a wins 2/3"})
    assert ualign("report", tmp_path).code == 0
    found = Page((tmp_path / "report.html").read_text())
    assert ["share of users", "2/3", "1/3"] in found.rows
    assert ["1", "a", "b ~ c"] in found.rows
    assert ["2", "b", "a"] in found.rows
    assert ["3", "c", ""] in found.rows
    claim = next(row for row in found.rows if "the worst win rate of this" in row[0])
    assert claim[0].startswith("the worst win rate of this 2-output policy against 1 output,")
    assert claim[1:] == ["a", "ACCEPTED 1/1"]
    assert "Counterexamples" in found.text
    assert f"Conjecture: {sentence}." in found.text
    assert "Refuted: a wins 2/3." in found.text


def test_a_refutation_is_told_only_where_every_claim_is_accepted(tmp_path: Path) -> None:
    """Nobody has checked the sentence; so at least all that stands behind it is."""
    population = Population.from_rankings([["a", "b"], ["b", "a"]], [2, 1])
    findings = THEOREMS["P4"].certify[0](Instance(population), 2)
    claims = [c for f in findings for c in f.certificates]
    path = write_certificates(
        tmp_path / "c.cert.json", population, claims, {"conjecture": "so", "refuted": "by 104729"}
    )
    assert ualign("report", tmp_path).code == 0
    assert "104729" in (tmp_path / "report.html").read_text()
    edited(path, lambda document: document["certificates"].append({"claim": {}, "witness": {}}))
    assert ualign("report", tmp_path).code == 3
    assert "104729" not in (tmp_path / "report.html").read_text()


def test_how_a_file_was_read_is_shown(tmp_path: Path) -> None:
    """Where a population came from a file that had to be understood."""
    source, out = tmp_path / "scores.csv", tmp_path / "out"
    source.write_text("user,a,b,note\nu1,3,1,x\nu2,1,,y\n")
    arguments = ("-k", "2", "--theorems", "P1", "--scores", "a,b", "--out", out)
    assert ualign("certify", source, *arguments).code == 0
    assert ualign("report", out).code == 0
    for page in ("report.html", "report.md"):
        text = (out / page).read_text()
        shown = "How its file was read: better: larger; ids: user; incomplete: 1; " in text
        assert shown == (page == "report.html")  # it is folded away
    assert "not read: 'note'; responses: 'a', 'b'; users: 2." in (out / "report.html").read_text()


def test_every_section_is_in_the_contents(page: Page, written: Path) -> None:
    html = (written / "report.html").read_text()
    sections = re.findall(r'<h2 id="([^"]+)">', html)
    assert len(sections) == html.count("<h2") > 5
    assert re.findall(r'<li><a href="#([^"]+)">', html) == sections
    assert "- [In short: what was certified](./report.html#in-short" in (
        (written / "report.md").read_text()
    )


def test_mathematics_is_set(page: Page, written: Path) -> None:
    """Powers of two as such, the opponent's number of outputs as no 1, and nothing defined late."""
    html = (written / "report.html").read_text()
    assert "2<sup>−60</sup>" in html
    assert not re.search(r"2\^-[0-9]", html)
    assert not re.search(r"\b[fg]_l\b|\bl outputs", html)
    used, defined = "any policy", "f<sub>ℓ</sub>(k), the linear interpolation of x/(x+1)"
    assert 0 < html.index(defined) < html.index(used)
    for awkward in ("sampled 1 times", " 1 outputs", "is = "):
        assert awkward not in html


def test_what_is_missing_is_listed_with_its_reason(tmp_path: Path) -> None:
    population = Population.from_rankings([["a", "b"], ["b", "a"]], [2, 1])
    options = Options(theorems=("P1", "E4"), joint_limit=1)
    certify_prompt("p", population, (2,), tmp_path, options)
    assert ualign("report", tmp_path).code == 0
    rows = Page((tmp_path / "report.html").read_text()).rows
    row = next(row for row in rows if row[0] == "best k outputs of any kind (E4)")
    assert row[1:4] == ["not computed", "1", "2"]
    assert "limit" in row[4]


def test_files_of_compare_have_a_report(tmp_path: Path) -> None:
    """Certificates without labels are listed by the kind of claim."""
    source = tmp_path / "p.json"
    rankings = [{"weight": "2", "ranking": ["a", "b"]}, {"weight": "1", "ranking": ["b", "a"]}]
    source.write_text(json.dumps({"responses": ["a", "b"], "users": rankings}))
    assert ualign("compare", source, "-k", "1..2", "--out", tmp_path / "out").code == 0
    done = ualign("report", tmp_path / "out", "--json")
    assert done.code == 0
    assert [Path(line["page"]).name for line in done.objects] == ["report.html", "report.md"]
    rows = Page((tmp_path / "out" / "report.html").read_text()).rows
    assert any(row[0] == "win rate" and "2/3 (0.666667)" in row[2] for row in rows)


def test_bad_usage(tmp_path: Path, certificates: Path) -> None:
    """An empty folder, a missing one and a file are refused in a line, with exit code 2."""
    one_file = next(certificates.glob("*.cert.json"))
    for target in (tmp_path, tmp_path / "missing", one_file):
        done = ualign("report", target)
        assert (done.code, done.out) == (2, "")
        assert len(done.err.splitlines()) == 1
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    assert ualign("report", certificates, "--out", blocked).code == 2


def test_markup_writes_text_as_text() -> None:
    """Both writers, on every kind of block that holds text from outside."""
    bad = "<i>|&*_x_\n"
    blocks = [
        Heading(2, bad, bad),
        Paragraph([bad, Link(bad, "javascript:alert(1)"), Mark(bad, False)]),
        Table([bad], [[bad]]),
    ]
    html, markdown = html_page(bad, blocks), markdown_page(blocks, "page.html")
    assert "<i>" not in html + markdown
    assert 'href="javascript' not in html
    assert "(javascript" not in markdown
    assert Page(html).rows == [[bad.replace("\n", "\\n")]] * 2
    head = next(line for line in markdown.splitlines() if line.startswith("|"))
    assert head.count(" | ") == 0


def test_a_refused_claim_has_no_number_by_any_way() -> None:
    claim = {"kind": "win-rate", "l": 1, "ties": "uniform", "relation": "=", "bound": "2/3"}
    refused = Verdict("REJECTED", "f", 0, "win-rate", "0" * 64, "a claim", "win-rate")
    finding = Finding(GUARANTEE, 2, "=", Fraction(2, 3), EXACT, (Certificate(claim, {}),))
    j = Judged("i", finding, Path("f"), (refused,))
    assert (j.number, j.worst_case(), j.optimum(JOINT), j.accepted_claim("win-rate")) == (None,) * 4
    assert Archive(Path(), (), (j,), {}, {}, (refused,)).about("P1") == []


@NO_BROWSER
def test_a_browser_shows_the_page(written: Path, tmp_path: Path) -> None:
    """Chromium renders it, unfolds what a link leads to, and reports no error of the page."""
    target = f"{(written / 'report.html').as_uri()}#{_anchor('slim-majority')}"
    picture = tmp_path / "page.png"
    shown = chromium(tmp_path / "p", "--dump-dom", target)
    assert "CONSOLE" not in shown.stderr
    assert re.search(rf'<details id="{_anchor("slim-majority")}" open', shown.stdout)
    assert shown.stdout.count("<svg") > 5
    size = ("--window-size=1100,1600", f"--screenshot={picture}")
    chromium(tmp_path / "p", *size, target.partition("#")[0])
    assert len(picture.read_bytes()) > 50_000


MEASURE = """<script>
for (const fold of document.querySelectorAll("details")) fold.open = true;
const page = document.documentElement, shown = document.querySelectorAll("svg.chart");
const text = Math.min(...[...shown].map(
  (chart) => 13 * chart.getBoundingClientRect().width / chart.viewBox.baseVal.width));
document.title = [innerWidth, page.scrollWidth, shown.length, text].join(" ");
</script>"""


@NO_BROWSER
@pytest.mark.parametrize("width", [1400, 800, 380])
def test_nothing_is_wider_than_the_window(written: Path, tmp_path: Path, width: int) -> None:
    """With all folds open; tables scroll inside themselves, and the text of figures is legible.

    The page is in a frame, for a window may not be made as narrow as a phone."""
    page = (written / "report.html").read_text()
    (tmp_path / "page.html").write_text(page.replace("</body>", f"{MEASURE}</body>"))
    (tmp_path / "frame.html").write_text(
        f'<iframe src="page.html" width="{width}" height="900" style="border:0"></iframe><p id="p">'
        "<script>onload = () => {"
        'p.textContent = "measured " + document.querySelector("iframe").contentDocument.title'
        "}</script>"
    )
    local = ("--allow-file-access-from-files", "--dump-dom", (tmp_path / "frame.html").as_uri())
    shown = chromium(tmp_path / "p", *local).stdout
    measured = re.search(r"measured ([0-9]+) ([0-9]+) ([0-9]+) ([0-9.]+)", shown)
    assert measured, shown[-500:]
    inner, scrolled, charts, text = map(float, measured.groups())
    assert (inner, charts > 5) == (width, True)
    assert scrolled <= inner
    assert text >= 9
