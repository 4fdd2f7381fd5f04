"""PROOFS.md: every theorem with its statement, what it rests on, and the steps of its proof."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from proofs_checks import GOOD
from proofs_checks.kernel import CERTIFICATES, Checked, checked_by_kernel
from proofs_checks.obligations import LABEL, Obligation, Theorem

PATH = Path(__file__).with_name("PROOFS.md")

INTRODUCTION = """\
# The proofs

*Written by `python -m proofs_checks --write`; not to be edited by hand.*

There are two kinds of proof here, and they do not rest on each other.

**Checked by Coq's kernel**: a theorem in [`coq`](coq), proved from the definition of W in
[`coq/Definitions.v`](coq/Definitions.v) without any axiom. The column *kernel* says of each theorem
whether that is all of its statement, or a part; its section has the names, and what is not reached.
What has to be trusted is Coq and that definition; `make -C proofs_checks/coq assumptions kernel`
compiles the proofs, prints what they assume (nothing), and checks the compiled files once more.
Most of them hold over every ordered field, or every Archimedean one. A few need more of the real
numbers, and have it as a hypothesis: that every sequence in [0, 1] has a cluster point
([`bolzano_weierstrass`](coq/Continuum.v): P2_exists, E1_attained, E5_exists, E6_exists), or that
E(a + b) = E(a) E(b) and 1 + a <= E(a) for a function E ([`exponential`](coq/Exponential.v):
P6_hedge, P6_hedge_root, P6_hedge_robust, E5_limit). Coq's own real numbers have the one, and their
exp is the other ([`reals/RealNumbers.v`](coq/reals/RealNumbers.v)); these, and they alone, rest on
axioms: those of Coq's standard library for the real numbers and for choice.

**Symbolic**: the algebra of a proof, one small step after another, decided for all values of the
parameters. That the steps, joined in this order, amount to the theorem is for the reader to
judge, and so is what stands under *by hand*: no machine has looked at either. Where the kernel has
checked all of a statement, nothing of it is by hand.

Each symbolic step is in one of three states:

* **proved**: an identity, inequality, sum, integral or limit, decided for all values of its symbols
  by computer algebra.
* **agrees with the definition**: an expression of the proof equals, exactly, what counting position
  by position gives on small populations. That ties the symbols to the definition of W; it is no
  proof for all k and n.
* **cited**: a classical fact from the literature, only checked on exact cases.

Beside each step stands a false variant of it, a near miss, which the same machinery has refused and
an exact instance has refuted. What has to be trusted for them: the definition of W by enumeration
([`definition.py`](definition.py)), the machinery ([`claims.py`](claims.py),
[`calculus.py`](calculus.py), [`boxes.py`](boxes.py), [`expressions.py`](expressions.py)), and
SymPy's normal forms and declared signs. [README.md](README.md) says more.
"""

CLAIMS = """\
## Certificates

A claim about one population becomes a theorem of Coq too: `ualign export --coq FILE.cert.json`
writes it, and Coq proves it by computing with integers ([`Check.v`](coq/Check.v)), which is sound:
"""


def render(
    theorems: Sequence[Theorem], state: Callable[[Obligation], str] = Obligation.state
) -> str:
    """The whole document; `state` decides an obligation."""
    links = {theorem.source: f"[{theorem.source}](#{anchor(theorem)})" for theorem in theorems}
    kernel = checked_by_kernel()
    sections, rows = [], []
    for theorem in theorems:
        states = [state(obligation) for obligation in theorem.obligations]
        counts = Counter(states)
        numbers = [links[theorem.source], theorem.title, *(str(counts[good]) for good in GOOD)]
        checked = kernel.get(theorem.source, Checked())
        by_hand = theorem.not_proved and not checked.whole
        rows.append([*numbers, checked.reach, "yes" if by_hand else "no"])
        sections.append("\n".join(_section(theorem, states, checked, links)))
    certificates = [CLAIMS, *_names(kernel[CERTIFICATES]), ""]
    return "\n".join([INTRODUCTION, *_table(rows), "", "\n".join(sections), *certificates])


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| | theorem | steps proved | agree | cited | kernel | by hand |"
    yield "| --- | --- | ---: | ---: | ---: | --- | --- |"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _section(
    theorem: Theorem, states: Sequence[str], checked: Checked, links: dict[str, str]
) -> Iterator[str]:
    """A theorem's lines."""
    yield from (f"## {_heading(theorem)}", "", _plain(theorem.words), "")
    yield from ("$$", theorem.latex, "$$", "", "Hypotheses:", "")
    yield from (f"* {_plain(hypothesis)}" for hypothesis in theorem.hypotheses)
    if theorem.rests_on:
        yield from ("", "Rests on:", "")
        yield from (f"* {_linked(fact, links)}" for fact in theorem.rests_on)
    yield ""
    yield from _kernel(checked)
    yield from ("Symbolic steps:", "")
    for number, (obligation, state) in enumerate(zip(theorem.obligations, states, strict=True), 1):
        yield f"{number}. **{state}**: {_plain(obligation.says)}."
    if theorem.not_proved:
        beside = " in the symbolic proof, which Coq's does not need" if checked.whole else ""
        yield from ("", f"By hand{beside}:", "")
        yield from (f"* {_plain(step)}" for step in theorem.not_proved)
    yield ""


def _kernel(checked: Checked) -> Iterator[str]:
    """What a theorem's section says of Coq's kernel."""
    if not checked.theorems:
        yield from ("Checked by Coq's kernel: nothing of this.", "")
        return
    reach = "all of this" if checked.whole else f"this, but not {_plain(checked.remains)}"
    yield from (f"Checked by Coq's kernel: {reach}.", "", *_names(checked), "")


def _names(checked: Checked) -> Iterator[str]:
    for one in checked.theorems:
        yield f"* [`{one.name}`](coq/{one.module}.v): {_plain(one.says)}"


def _linked(fact: str, links: dict[str, str]) -> str:
    """What a proof rests on: other theorems with links, the literature's facts marked as such."""
    if not LABEL.search(fact):
        return f"{_plain(fact)} (cited)"
    return LABEL.sub(lambda label: links.get(label[0], label[0]), _plain(fact))


def _heading(theorem: Theorem) -> str:
    return f"{theorem.source}. {theorem.title}"


def anchor(theorem: Theorem) -> str:
    """The heading's anchor, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", _heading(theorem).lower()).replace(" ", "-")


def _plain(text: str) -> str:
    """Text in which Markdown finds no tags and no emphasis."""
    return re.sub(r"<(?=[A-Za-z/])|\*", r"\\\g<0>", text)
