"""The user's own policies as methods of a prompt, and certified policies to train towards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ualign.certificates.document import placed_by_population
from ualign.certificates.findings import GUARANTEES, Judged
from ualign.exact.method import Method
from ualign.formats.policies import Policies, Weights, policy_line

EQUILIBRIUM = "equilibrium"


def as_method(policies: Policies, prompt: str, responses: tuple[str, ...]) -> Method:
    """The policies of a prompt as a method. Raises InputError for what is no response."""
    return method_of(policies.name, policies.masses(prompt, responses))


Prompt = tuple[str, str, Sequence[str]]
"""Its name, that of its population in a shard, and its own names of the responses, if any."""


def method_of(name: str, masses: Mapping[int | None, Weights]) -> Method:
    """The method that has these policies, by number of outputs (None: for every k)."""

    def rule(population: object, k: int) -> Weights | None:
        return masses.get(k, masses.get(None))

    return Method(name, rule, "yours", fixed=set(masses) == {None})


@dataclass(frozen=True)
class OwnPolicies:
    """Policies of a file by prompt, and, for each, number of outputs (None: every one)."""

    name: str
    masses: Mapping[str, Mapping[int | None, Weights]]

    def method(self, prompt: str) -> Method:
        """Those of a prompt."""
        return method_of(self.name, self.masses[prompt])


def lines_of(evidence: Iterable[Judged]) -> Iterator[str]:
    """The certified policies of the guarantee, a line for each prompt and k."""
    for judged in evidence:
        claim = judged.accepted_claim("win-rate") if judged.finding.question in GUARANTEES else None
        k = judged.finding.k
        if claim is not None and k is not None and "product" in claim["policy"]:
            yield policy_line(judged.prompt, k, EQUILIBRIUM, claim["policy"]["product"])


def lines_of_shard(contents: bytes, accepted: set[int], prompts: Iterable[Prompt]) -> Iterator[str]:
    """The same of a shard's file, whose claims of these places the checker accepted; each prompt
    comes with the name of its population there, and its own names of the responses, in that
    population's order, where they differ."""
    document = json.loads(contents)
    found: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for name, finding, places in placed_by_population(document):
        k, asked = finding.k, finding.question in GUARANTEES
        if k is None or not asked or not accepted.issuperset(places):
            continue
        for certificate in finding.certificates:
            policy = certificate.claim.get("policy", {}).get("product")
            if certificate.claim["kind"] == "win-rate" and policy:
                found.setdefault(name, []).append((k, policy))
                break
    for prompt, population, names in prompts:
        responses = document["populations"].get(population, {}).get("responses", ())
        own = dict(zip(responses, names, strict=True)) if names else {}
        for k, policy in found.get(population, ()):
            named = {own.get(response, response): mass for response, mass in policy.items()}
            yield policy_line(prompt, k, EQUILIBRIUM, named)
