"""Names for people: what the questions of the theorems are called, and letters as they are read."""

from __future__ import annotations

import re

from ualign.certificates.findings import Question

_QUESTIONS = {
    "guarantee": "what the equilibrium wins",
    "algebraic": "the equilibrium in algebraic numbers",
    "equilibrium": "the equilibrium located",
    "rate-uniform": "best k outputs, all rankings alike",
    "rate-win": "the same, ties won",
    "nlhf": "NLHF",
    "nlhf-ceiling": "NLHF's ceiling",
    "nlhf-at-one": "NLHF is best at k = 1",
    "average": "average policy",
    "last": "last policy",
    "mixture": "mixture of policies",
    "product-ceiling": "most a product policy wins",
    "uniqueness": "is the equilibrium unique?",
    "learner": "a policy learnt from a sample of users",
    "holdout": "the uniform policy, if users are a sample",
    "split": "an equilibrium's draws against any policy's",
    "converse": "no equilibrium, and so held to less",
    "known-optimum": "best guarantee for what users said",
    "uniform-on-best": "uniform on users' known bests",
    "joint-optimum": "best k outputs of any kind",
    "product-optimum": "best product policy",
    "equilibrium-win": "the equilibrium, ties won",
    "joint-win": "best k outputs, ties won",
    "joint-half": "best k outputs, ties halved",
    "joint-lose": "best k outputs, ties lost",
    "joint-cap": "best k outputs, at most 1 - 1/(2k)",
    "best-slate": "best k outputs, always the same",
    "all-there-is": "can k outputs win more than k/(k+1)?",
    "distance": "distance from random dictatorship",
    "step": "steps of learning from picks",
    "regularised-1": "regularised at tau = 1",
    "regularised-0.1": "regularised at tau = 0.1",
    "regularised-0.01": "regularised at tau = 0.01",
    "regularised-from-favourites-0.1": "the same from favourites, tau = 0.1",
    "one-policy": "least price of one policy for all k",
    "equilibria-averaged": "price of the equilibria's average",
    "pareto": "nothing dominated has mass",
    "majority-favourite": "a majority's favourite has most of the mass",
    "agenda-consistency": "the same without responses that have no mass",
    "population-consistency": "the same with indifferent users",
    "participation": "joining pays",
    "clones": "clones change nothing",
    "rlhf-borda": "RLHF (a Borda winner)",
    "plurality": "plurality",
    "random-dictatorship": "random dictatorship",
    "uniform": "the uniform policy",
}


def question_words(question: Question) -> str:
    """The question by name, and its theorem's label last: "NLHF (P4)". A name that is not known
    here is read as words."""
    name, limit = question.name, ""
    if name.startswith("limit-"):
        name, limit = name.removeprefix("limit-"), "limit of "
    known = _QUESTIONS.get(name, name.replace("-", " "))
    rule = f"{question.rule.replace('-', ' ')}: " if question.rule else ""
    rounds = "" if question.rounds is None else f" of {question.rounds} rounds"
    against = "" if question.l == 1 else f", against {question.l}"
    label = f" ({question.theorem})" if question.theorem else ""
    return f"{rule}{limit}{known}{rounds}{against}{label}"


_ELL = re.compile(r"(?<![\w'])l(?![\w'])|(?<=\b[fg]_)l\b")


def with_ell(text: str) -> str:
    """The text with the opponent's number of outputs l as ℓ, which nobody takes for a 1."""
    return _ELL.sub("ℓ", text)


_LONG_POWER = re.compile(r"\b1/([1-9][0-9]{9,})\b")


def in_words(claim: str) -> str:
    """A claim as the checker words it, in better English: sampled twice, 2^-100."""
    for awkward, plain in (
        ("sampled 2 times", "sampled twice"),
        ("is = ", "is exactly "),
        ("is >= ", "is at least "),
        ("is <= ", "is at most "),
    ):
        claim = claim.replace(awkward, plain)
    return _LONG_POWER.sub(_power, claim)


def _power(found: re.Match[str]) -> str:
    number = int(found[1])
    return f"2^-{number.bit_length() - 1}" if number & (number - 1) == 0 else found[0]
