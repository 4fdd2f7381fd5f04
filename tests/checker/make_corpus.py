"""The checker's test corpus: small certificate files with known verdicts.

    python tests/checker/make_corpus.py   # writes corpus/ afresh, always the same bytes

`accepted` holds true claims with good witnesses. Every other file is one of those with a single
defect, or a file that differs from one in a single way, and its name says what must come of it:
`rejected/off-support--support-too-small.cert.json` is REJECTED with the code `off-support`. Files
of `over_budget` need the lowered limits of BUDGETS. EXPECTED.json lists for every file the options,
the verdict (the first refusal, if any) and its code, so that a checker in any language can be run.
The cases themselves are in `cases`, a file a kind.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from cases import REFUSED, accepted, refused
from cases.budgets import BUDGETS
from cases.building import encoded

CORPUS = Path(__file__).with_name("corpus")
EXPECTED = "EXPECTED.json"


def corpus() -> dict[str, bytes]:
    """The files of the corpus: path and contents of every case."""
    good = dict(accepted())
    found = {"accepted": good} | {folder: dict(refused(folder, good)) for folder in REFUSED}
    return {
        f"{folder}/{name}.cert.json": value if isinstance(value, bytes) else encoded(value)
        for folder, cases in found.items()
        for name, value in cases.items()
    }


def expected() -> bytes:
    """EXPECTED.json: what a checker run with the options has to find in each file, a line a file.

    Verdict and code are those of the only line that does not accept, if there is one."""
    lines = []
    for path in sorted(corpus()):
        folder, _, case = path.partition("/")
        name = case.removesuffix(".cert.json")
        code = None if folder == "accepted" else name.partition("--")[0]
        line = {"file": path, "options": BUDGETS.get(name, [])}
        lines.append(json.dumps({**line, "verdict": folder.upper(), "code": code}))
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode("ascii")


def main() -> None:
    """Write the corpus afresh."""
    shutil.rmtree(CORPUS, ignore_errors=True)
    for path, content in corpus().items():
        (CORPUS / path).parent.mkdir(parents=True, exist_ok=True)
        (CORPUS / path).write_bytes(content)
    (CORPUS / EXPECTED).write_bytes(expected())


if __name__ == "__main__":
    main()
