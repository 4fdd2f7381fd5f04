"""Files and populations that are not of the format."""

from __future__ import annotations

from cases.building import POP, WITNESS, Cases, Good, drop, encoded, put, swap
from cases.populations import PAIR


def malformed_files(good: Good) -> Cases:
    """Not text, not JSON, JSON that is read in more than one way, wrong keys at the top."""
    plain, kept = good["win-rate--product-equal"], good["win-rate--two-populations-and-provenance"]
    text = encoded(plain).decode("ascii")
    yield "not-utf8--utf-16", text.encode("utf-16")
    yield "not-utf8--latin-1", swap(plain, '"a"]}', '"\u00fc"]}').decode("utf-8").encode("latin-1")
    yield "not-json--byte-order-mark", text.encode("utf-8-sig")
    yield "not-json--utf-16-without-mark", text.encode("utf-16-le")
    yield "not-json--empty", b""
    yield "not-json--truncated", text[: len(text) // 2].encode("ascii")
    yield "not-json--two-documents", (text + text).encode("ascii")
    yield "not-json--trailing-comma", swap(plain, '"k": 2,', '"k": 2,,')
    yield "not-json--single-quotes", text.replace('"', "'").encode("ascii")
    yield "not-json--leading-zero", swap(plain, '"k": 2', '"k": 02')
    yield "not-json--line-break-in-a-string", swap(plain, '"157/252"', '"157/252\n"')
    yield "float--weight", swap(plain, '"3"', "3.0")
    yield "float--exponent", swap(plain, '"k": 2', '"k": 2e0')
    yield "float--nan", swap(plain, '"157/252"', "NaN")
    yield "float--infinity", swap(plain, '"157/252"', "-Infinity")
    yield "float--1e400", swap(plain, '"157/252"', "1e400")
    yield "float--in-the-provenance", swap(kept, '"k": 12', '"k": 12.5')
    yield "surrogate--in-a-name", swap(plain, '"responses": ["a"', '"responses": ["\\ud800"')
    yield "too-long--k-of-19-digits", swap(plain, '"k": 2', '"k": 1000000000000000000')
    yield "too-long--in-the-provenance", swap(kept, '"k": 12', '"k": ' + "9" * 5000)
    yield "duplicate-key--bound", swap(plain, '"k": 2', '"k": 2, "k": 3')
    yield "duplicate-key--written-differently", swap(plain, '"k": 2', '"k": 2, "\\u006b": 2')
    yield "duplicate-key--mass", swap(plain, '"a": "1/2"', '"a": "1/2", "a": "1/2"')
    yield "duplicate-key--population", swap(kept, '"q": {', '"p": {')
    yield "duplicate-key--in-the-provenance", swap(kept, '"k": 12', '"k": 12, "k": 12')
    yield "wrong-type--list-at-the-top", [plain]
    yield "wrong-type--null-at-the-top", None
    yield "wrong-type--populations", put(plain, "/populations", [PAIR])
    yield "wrong-type--certificates", put(plain, "/certificates", {})
    yield "wrong-type--certificate", put(plain, "/certificates/0", "claim")
    yield "empty--no-certificates", put(plain, "/certificates", [])
    yield "unknown-value--format", put(plain, "/format", "ualign/2")
    yield "missing-key--format", drop(plain, "/format")
    yield "missing-key--populations", drop(plain, "/populations")
    yield "missing-key--witness", drop(plain, WITNESS)
    yield "unknown-key--at-the-top", put(plain, "/comment", "")
    yield "unknown-key--in-a-certificate", put(plain, "/certificates/0/note", "")


def malformed_populations(good: Good) -> Cases:
    """Responses, users, weights and rankings."""
    plain = good["win-rate--product-equal"]
    user, ranking = POP + "/users/0", POP + "/users/0/ranking"
    yield "missing-key--responses", drop(plain, POP + "/responses")
    yield "missing-key--weight", drop(plain, user + "/weight")
    yield "unknown-key--in-a-population", put(plain, POP + "/prompt", "?")
    yield "unknown-key--of-a-user", put(plain, user + "/id", 1)
    yield "empty--no-responses", put(plain, POP, {"responses": [], "users": []})
    yield "empty--no-users", put(plain, POP + "/users", [])
    yield "empty--indifference-class", put(plain, ranking, [["a"], [], ["b"], ["c"]])
    yield "repeated--response", put(plain, POP + "/responses/2", "a")
    yield "repeated--in-a-class", put(plain, ranking, [["a"], ["b", "b"], ["c"]])
    yield "repeated--in-a-ranking", put(plain, ranking, [["a"], ["b"], ["a"], ["c"]])
    yield "incomplete--ranking", put(plain, ranking, [["a"], ["b"]])
    yield "incomplete--empty-ranking", put(plain, ranking, [])
    yield "unknown-response--in-a-ranking", put(plain, ranking + "/2/0", "d")
    yield "wrong-type--response-without-quotes", put(plain, POP + "/responses/2", 3)
    yield "wrong-type--class-without-brackets", put(plain, ranking + "/0", "a")
    yield "wrong-type--weight-without-quotes", put(plain, user + "/weight", 3)
    yield "not-positive--weight-zero", put(plain, user + "/weight", "0")
    yield "not-positive--weight-negative", put(plain, user + "/weight", "-3")
    for what, weight in {
        "not-rational--underscore": "1_0",
        "not-rational--spaces": " 1/3 ",
        "not-rational--line-break": "3\n",
        "not-rational--arabic-digits": "\u0663",
        "not-rational--arabic-digit-after-a-one": "1\u0663",
        "not-rational--superscript": "\u00b3",
        "not-rational--plus": "+3",
        "not-rational--decimal-point": "3.0",
        "not-rational--exponent": "3e0",
        "not-rational--leading-zero": "03",
        "not-rational--zero-denominator": "3/0",
        "not-rational--negative-denominator": "3/-1",
        "not-rational--two-slashes": "3/2/1",
        "not-rational--empty-string": "",
        "not-rational--lone-surrogate": "\ud800",
        "not-rational--of-2000-letters": "x" * 2000,
        "not-reduced--weight-2-over-4": "2/4",
        "not-reduced--weight-3-over-1": "3/1",
    }.items():
        yield what, put(plain, user + "/weight", weight)
