"""Certify a population of yours: what is guaranteed, what is possible, what NLHF loses.

python tests/examples/certify_your_population.py
"""

from __future__ import annotations

import tempfile

from ualign import Population, certify, check

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

result = certify(population, ks=[1, 2, 3])
for k, findings in result:
    for finding in findings:
        if finding.what in ("guarantee", "joint-optimum", "nlhf"):
            print(f"k = {k}: {finding.what} {finding.relation} {finding.value}")
for name, mass in result.policy(2).to_names(population).items():
    print(f"k = 2: {name} with probability {mass}")

# The checker, a program of its own, has accepted all of this; and so can anyone who has the files.
with tempfile.TemporaryDirectory() as directory:
    checked = check(result.write(directory))
    accepted = sum(verdict.accepted for verdict in checked)
    print(f"{accepted} of {len(checked)} claims accepted")
