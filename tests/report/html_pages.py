"""A page of HTML as a test reads it."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "br", "img", "hr", "input", "link"}


ENDS = {  # what a tag ends that may be left open, by the rules of HTML
    "tr": ("th", "td", "tr"), "th": ("th", "td"), "td": ("th", "td"),
    "tbody": ("th", "td", "tr", "thead"), "/table": ("th", "td", "tr", "tbody"),
}  # fmt: skip


class Page(HTMLParser):
    """The page's tags, tables and folds; refuses tags that are not balanced, save for those that
    may be left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.folds: dict[str, list[list[str]]] = {}
        self.rows: list[list[str]] = []
        self.text: list[str] = []
        self._fold = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._end(tag)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
            self.folds.setdefault(self._fold, []).append(self.rows[-1])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def _end(self, tag: str) -> None:
        while self.open and self.open[-1] in ENDS.get(tag, ()):
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        self._end(f"/{tag}")
        assert self.open.pop() == tag
        if tag == "details":
            self._fold = ""

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "summary":
            self._fold += data
        elif {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data.removesuffix("\n")
        if not {"script", "style"} & set(self.open):
            self.text.append(data)
