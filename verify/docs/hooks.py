"""What MkDocs does to the pages: a line `{{ word ... }}` is replaced by what it names.

Texts that stand elsewhere in the repository are included, never copied:

    {{ include CHANGELOG.md }}          a Markdown file without its title
    {{ include README.md#your-data }}   the section below that heading; #lead is what precedes all
    {{ code tests/examples/x.py }}      a file as a listing
    {{ notebook scores.ipynb }}         a notebook, executed, with what it printed
    {{ commands }}, {{ theorems }} ...  tables that `reference.py` makes of the package itself

Links in included texts lead to the page that includes their target, and else to a copy of the file;
hand-written pages say `repo:PATH` for the same.
"""

from __future__ import annotations

import html
import os
import posixpath
import re
import sys
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).parent))
import notebooks
import reference

ROOT = Path(__file__).resolve().parents[2]
DIRECTIVE = re.compile(r"^\{\{ (\w+)(?: (\S+?))? \}\}$", re.MULTILINE)
INCLUDE = re.compile(r"^\{\{ include ([^\s#]+)(?:#([\w-]+))? \}\}$", re.MULTILINE)
HEADING = re.compile(r"^(#+) +(.*)$", re.MULTILINE)
FENCE = re.compile(r"^(```+).*?^\1$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
MATHS = re.compile(r'<(div|span) class="arithmatex">\\[\[(](.*?)\\[\])]</\1>', re.DOTALL)
HOME = {"README.md": "index.md"}
pages: dict[str, str] = {}
"""The page that holds a file of the repository, or a section of one (`README.md#install`)."""


def on_files(files: Any, config: Any) -> Any:
    """Learn which page includes which text."""
    pages.clear()
    pages.update(HOME)
    for file in files.documentation_pages():
        for path, section in INCLUDE.findall(file.content_string):
            pages[f"{path}#{section}" if section else path] = file.src_uri
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Put in what the page's directives name, and lead its links to where they go on the site."""

    def replaced(found: re.Match[str]) -> str:
        word, argument = found.groups()
        if word == "include":
            return included(argument)
        if word == "code":
            return listing(argument)
        if word == "notebook":
            return notebooks.as_markdown(Path(__file__).parent / "notebooks" / argument)
        if word not in reference.TABLES:
            raise PluginError(f"{page.file.src_uri}: nothing is called {{{{ {word} }}}}")
        return reference.TABLES[word]()

    def linked(found: re.Match[str]) -> str:
        target = found[1]
        return (
            f"]({resolved(target, page, config, files)})"
            if target.startswith("repo:")
            else found[0]
        )

    return outside_fences(LINK, linked, DIRECTIVE.sub(replaced, markdown))


def on_page_content(content: str, page: Any, config: Any, files: Any) -> str:
    """Formulas as MathML, which needs no script."""

    def as_mathml(found: re.Match[str]) -> str:
        tag, display = found[1], "block" if found[1] == "div" else "inline"
        formula = convert(html.unescape(found[2]), display=display)
        return f'<{tag} class="formula">{formula}</{tag}>'

    return MATHS.sub(as_mathml, content)


def included(argument: str) -> str:
    """A Markdown file's text, or a section's, with its links as `repo:PATH`."""
    path, _, section = argument.partition("#")
    text = (ROOT / path).read_text(encoding="utf-8")
    text = text.partition("\n")[2] if text.startswith("# ") else text
    if section:
        text = section_of(text, section, argument)
    folder = posixpath.dirname(path)

    def absolute(found: re.Match[str]) -> str:
        target = found[1]
        if re.match(r"\w+:", target):
            return found[0]
        name, mark, anchor = target.partition("#")
        place = posixpath.normpath(posixpath.join(folder, name)) if name else path
        return f"](repo:{place}{mark}{anchor})"

    return outside_fences(LINK, absolute, text)


def section_of(text: str, section: str, where: str) -> str:
    """What stands below the heading, up to the next one of its level; `lead`: up to the first."""
    bare = FENCE.sub(lambda found: " " * len(found[0]), text)
    headings = list(HEADING.finditer(bare))
    if section == "lead":
        return text[: headings[0].start()]
    for i, heading in enumerate(headings):
        if anchor_of(heading[2]) == section:
            ends = (h.start() for h in headings[i + 1 :] if len(h[1]) <= len(heading[1]))
            return text[heading.end() : next(ends, len(text))]
    raise PluginError(f"{where}: there is no such heading")


def anchor_of(heading: str) -> str:
    """The name under which a heading can be linked to."""
    return re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")


def listing(path: str) -> str:
    """A file of the repository in a fence, under its name."""
    text = (ROOT / path).read_text(encoding="utf-8").rstrip()
    kind = {".py": "python", ".cff": "yaml"}.get(Path(path).suffix, "text")
    return f'```{kind} title="{Path(path).name}"\n{text}\n```'


def outside_fences(pattern: re.Pattern[str], replace: Any, text: str) -> str:
    """The text with the pattern replaced, listings left as they are."""
    parts, start = [], 0
    for fence in FENCE.finditer(text):
        parts += [pattern.sub(replace, text[start : fence.start()]), fence[0]]
        start = fence.end()
    return "".join([*parts, pattern.sub(replace, text[start:])])


def resolved(target: str, page: Any, config: Any, files: Any) -> str:
    """Where `repo:PATH#anchor` leads from a page: to a page, or to a copy of the file as text."""
    path, mark, anchor = target.removeprefix("repo:").partition("#")
    source = ROOT / path
    if not source.exists():
        raise PluginError(f"{page.file.src_uri}: {path} is not in the repository")
    section = pages.get(f"{path}#{anchor}")
    if section is not None:
        place, mark, anchor = section, "", ""
    elif path in pages:
        place = pages[path]
    elif f"{path}/README.md" in pages:
        place = pages[f"{path}/README.md"]
    elif source.is_dir():
        place = listed(path, source, config, files)
    else:
        place = copied(path, source, config, files)
    return os.path.relpath(place, posixpath.dirname(page.file.src_uri) or ".") + mark + anchor


def listed(path: str, folder: Path, config: Any, files: Any) -> str:
    """The place on the site of a list of what is in a folder."""
    place = f"repository/{path}.txt"
    if files.get_file_from_path(place) is None:
        names = "".join(f"{path}/{file.name}\n" for file in sorted(folder.iterdir()))
        files.append(File.generated(config, place, content=names))
    return place


def copied(path: str, source: Path, config: Any, files: Any) -> str:
    """A file's place on the site: a page as it is, with all that lies beside and below it and that
    it may link to; anything else as text, which any browser shows."""
    is_page = source.suffix == ".html"
    for file in source.parent.rglob("*") if is_page else [source]:
        place = f"repository/{file.relative_to(ROOT).as_posix()}" + ("" if is_page else ".txt")
        if is_page and file.suffix == ".md":  # MkDocs would make pages of the site of them
            continue
        if file.is_file() and files.get_file_from_path(place) is None:
            files.append(File.generated(config, place, abs_src_path=str(file)))
    return f"repository/{path}" + ("" if is_page else ".txt")
