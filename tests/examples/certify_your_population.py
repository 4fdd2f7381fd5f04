"""Certify a population of yours: what is guaranteed, what is possible, what NLHF loses.

python tests/examples/certify_your_population.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from ualign import Population, certify, check, write_certificates

# 40 users like brief answers best, then playful, then formal ones; and so on. A class of a ranking
# may hold several responses: ["brief", ["formal", "playful"]].
population = Population.from_rankings(
    [
        ["brief", "playful", "formal"],
        ["formal", "playful", "brief"],
        ["playful", "formal", "brief"],
    ],
    weights=[40, 35, 25],
)

with tempfile.TemporaryDirectory() as directory:
    paths = []
    for k, findings in certify(population, ks=[1, 2, 3]):
        for finding in findings:
            if finding.what in ("guarantee", "joint-optimum", "nlhf"):
                print(f"k = {k}: {finding.what} {finding.relation} {finding.value}")
        claims = [claim for finding in findings for claim in finding.certificates]
        path = Path(directory) / f"mine.{k or 'all'}.cert.json"
        paths.append(write_certificates(path, population, claims))
    # Nothing above counts until the checker, a program of its own, has accepted it.
    checked = check(paths)
    accepted = sum(verdict.accepted for verdict in checked.verdicts)
    print(f"{accepted} of {len(checked.verdicts)} claims accepted")
