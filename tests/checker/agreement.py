"""Whether the two checkers agree on mutants of certificates, in the verdict and in the hash.

    python tests/checker/agreement.py [COUNT] [SEED]     # 2000 mutants unless COUNT says otherwise

A mutant is a true certificate with numbers, words or orders changed (fuzz.py), or a file of the
corpus with parts of its JSON or bytes of its text damaged. Where one checker says OVER_BUDGET the
other may say anything, for prices belong to a checker. Prints counts for each pair of verdicts;
exits with 1 and shows the files if the checkers differ.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "checker")]

import fuzz  # noqa: E402
from cases.building import encoded  # noqa: E402
from running import CASES, run  # noqa: E402
from test_damaged_files import mutated, scrambled  # noqa: E402
from ualign.certificates.checking import SECOND  # noqa: E402

Line = dict[str, Any]
BATCH = 500
WORK = "--max-work=20000000"


def mutants(count: int, draw: random.Random) -> list[bytes]:
    """Files, half of them with numbers, words or orders changed, the others damaged."""
    known = fuzz.originals(draw)
    files = [encoded(value) for value in known] + [*CASES.values()]
    made = []
    for _ in range(count):
        change = draw.choice([None, None, mutated, mutated, scrambled])
        if change is None:
            made.append(encoded(fuzz.mutant(draw.choice(known), draw)))
        else:
            made.append(damaged(change, files, draw))
    return made


def damaged(change: Any, files: Sequence[bytes], draw: random.Random) -> bytes:
    """A file after a change that it is fit for: some of the corpus are no JSON, or hold nothing."""
    while True:
        try:
            return change(draw.choice(files), draw)
        except (ValueError, TypeError, IndexError, RecursionError):
            continue


def outcome(lines: Sequence[Line]) -> list[tuple[Any, ...]]:
    """What two checkers have to agree in."""
    return [(line["verdict"], line["index"], line["kind"], line["sha256"]) for line in lines]


def agree(first: Sequence[Line], second: Sequence[Line]) -> bool:
    """Whether neither contradicts the other on a file."""
    verdicts = {line["verdict"] for line in (*first, *second)}
    return "OVER_BUDGET" in verdicts or outcome(first) == outcome(second)


def compare(files: Sequence[Path], cwd: Path) -> list[tuple[Path, list[Line], list[Line]]]:
    """The lines of both checkers on each file."""
    first = run(WORK, *files, cwd=cwd)
    second = run(WORK, *files, cwd=cwd, checker=SECOND)
    for done in (first, second):
        if done.complaint or done.code not in {0, 10, 11, 12}:
            raise SystemExit(f"a checker fails, with exit code {done.code}: {done.complaint}")
    return [(file, first.of(file), second.of(file)) for file in files]


def main(arguments: Sequence[str]) -> int:
    """Print counts, and where the checkers differ."""
    total, seed = (int(word) for word in (*arguments, *("2000", "1")[len(arguments) :]))
    draw = random.Random(seed)
    seen: Counter[str] = Counter()
    different = 0
    with tempfile.TemporaryDirectory() as directory:
        for start in range(0, total, BATCH):
            files = []
            for number, content in enumerate(mutants(min(BATCH, total - start), draw)):
                files.append(Path(directory, f"{number}.cert.json"))
                files[-1].write_bytes(content)
            for file, first, second in compare(files, Path(directory)):
                pair = [" ".join(line["verdict"] for line in lines) for lines in (first, second)]
                seen[pair[0] if pair[0] == pair[1] else " / ".join(pair)] += 1
                if not agree(first, second):
                    different += 1
                    print(file.read_bytes(), json.dumps(first), json.dumps(second), "", sep="\n")
    for verdicts, count in seen.most_common():
        print(f"{count:8} {verdicts}")
    return int(different > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
