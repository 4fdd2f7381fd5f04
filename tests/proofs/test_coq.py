"""The theorems that Coq's kernel has checked: they stand, they assume nothing, and near misses of
them do not pass with their proofs."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parents[2] / "proofs_checks" / "coq"
LISTED = [
    tuple(line.split())
    for line in (SOURCES / "theorems.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]

# (file, what stands in a statement or definition, a near miss of it by one sign or index).
MUTATIONS = {
    "P1-average": ("P1.v", "* utility p k pi y = k.+1%:R^-1.", "* utility p k pi y = k.+2%:R^-1."),
    "P1-equilibrium": (
        "P1.v",
        "equilibrium p k pi <-> forall y, utility p k pi y <= k.+1%:R^-1",
        "equilibrium p k pi <-> forall y, utility p k pi y < k.+1%:R^-1",
    ),
    "P1-no-more": ("P1.v", "f -> f <= k%:R / k.+1%:R.", "f -> f <= k.-1%:R / k.+1%:R."),
    "P2": (
        "P2.v",
        "exists pi : distr R Y, forall y, utility p k pi y <= k.+1%:R^-1 + eps.",
        "exists pi : distr R Y, forall y, utility p k pi y <= k.+1%:R^-1 - eps.",
    ),
    "P2-exists": (
        "P2.v",
        "bolzano_weierstrass R -> exists pi : distr R Y, equilibrium p k pi.",
        "bolzano_weierstrass R -> exists pi : distr R Y, equilibrium p k.+1 pi.",
    ),
    "compactness": (
        "Continuum.v",
        "exists n, (N <= n)%N && (`|x n - l| < eps).",
        "exists n, (n <= N)%N && (`|x n - l| < eps).",
    ),
    "P3-ties": (
        "P3.v",
        "Theorem P3 t : t = uniform \\/ t = win",
        "Theorem P3 t : t = uniform \\/ t = half",
    ),
    "P3-many": ("P3.v", "k.-1%:R / (2%:R * n%:R", "k%:R / (2%:R * n%:R"),
    "P3-few": ("P3.v", "r%:R / q.+2%:R) / n%:R ^+ 2", "r%:R / q.+1%:R) / n%:R ^+ 2"),
    "P4-winner": (
        "P4.v",
        "y != c -> above p y c < above p c y.",
        "y != c -> above p y c <= above p c y.",
    ),
    "P4-half": (
        "P4.v",
        "robust uniform p (draws k pi) 2%:R^-1.",
        "robust uniform p (draws k pi) (2%:R / 3%:R).",
    ),
    "P4-tie": (
        "P4.v",
        "(sure [tuple y]) = above p c y + k%:R",
        "(sure [tuple y]) = above p c y - k%:R",
    ),
    "P5": (
        "P5.v",
        "robust uniform p P f -> f <= 2%:R^-1.",
        "robust uniform p P f -> f <= 3%:R^-1.",
    ),
    "P6": ("P6.v", "(k%:R / k.+1%:R - r / T.+1%:R) <->", "(k%:R / k.+1%:R + r / T.+1%:R) <->"),
    "P6-hedge": ("P6.v", "<= L + T%:R * (eta ^+ 2 / 8%:R).", "<= L + T%:R * (eta ^+ 2 / 9%:R)."),
    "P6-hedge-root": ("P6.v", "r ^+ 2 = T%:R * L / 2%:R ->", "r ^+ 2 = T%:R * L / 3%:R ->"),
    "P6-hedge-robust": ("P6.v", "L / (2%:R * eps ^+ 2) <=", "L / (3%:R * eps ^+ 2) <="),
    "exponential": ("Exponential.v", "forall a, 1 + a <= E a.", "forall a, 1 - a <= E a."),
    "hoeffding": ("Exponential.v", "E (q * s + s ^+ 2 / 8%:R).", "E (q * s + s ^+ 2 / 9%:R)."),
    "P7": ("P7.v", "1 - l%:R / k.+1%:R <= W", "1 - l.-1%:R / k.+1%:R <= W"),
    "P7-tight": ("P7.v", "(le_l : (l <= k.+1)%N)", "(le_l : (l <= k.+2)%N)"),
    "E1": (
        "E1.v",
        "(0 < l)%N -> \\sum_i q i * W uniform",
        "(0 < l)%N -> 1 + \\sum_i q i * W uniform",
    ),
    "E1-attained": (
        "P2.v",
        "utility p k rho y <= v) -> forall y, utility p k pi y <= v.\nProof. by",
        "utility p k rho y <= v) -> forall y, utility p k pi y < v.\nProof. by",
    ),
    "E2": (
        "E2.v",
        "  = - \\sum_u weight p u * \\sum_(n < beyond",
        "  = \\sum_u weight p u * \\sum_(n < beyond",
    ),
    "E2-masses": (
        "E2.v",
        "E2_class_masses pi rho : (1 < k)%N",
        "E2_class_masses pi rho : (0 < k)%N",
    ),
    "E2-unique": (
        "E2.v",
        "(forall y, pi y = 0 -> 0 <= d y) ->",
        "(forall y, pi y = 0 -> d y <= 0) ->",
    ),
    "E2-span": ("E2.v", "E2_span pi : (1 < k)%N", "E2_span pi : (0 < k)%N"),
    "E2-strict": (
        "E2.v",
        "0 < weight p u -> injective (rank p u)",
        "0 <= weight p u -> injective (rank p u)",
    ),
    "E2-lottery": (
        "E2.v",
        "pi y = 0 -> utility p 1 pi y < 2%:R^-1) /\\",
        "pi y = 0 -> utility p 1 pi y <= 2%:R^-1) /\\",
    ),
    "E2-lottery-kernel": (
        "E2.v",
        "(forall y, pi y != 0 -> \\sum_z margin",
        "(forall y, pi y = 0 -> \\sum_z margin",
    ),
    "E3": (
        "E3.v",
        "W uniform p (history 1 f) (sure [tuple y]) = W uniform p (draws 1 (average f))",
        "W uniform p (history 2 f) (sure [tuple y]) = W uniform p (draws 2 (average f))",
    ),
    "P7-beyond": (
        "P7.v",
        "(many : (k < l)%N)",
        "(many : (k <= l)%N)",
    ),
    "E3-strict": ("E3.v", "Hypothesis k_gt1 : (1 < k)%N.", "Hypothesis k_gt1 : (0 < k)%N."),
    "E4": ("E4.v", "robust uniform p P (k%:R / k.+1%:R)", "robust uniform p P (k.+1%:R / k.+2%:R)"),
    "E4-rate": ("E4.v", "(1 - rho) * (q%:R / q.+1%:R) + rho", "(1 - rho) * (q%:R / q.+1%:R) - rho"),
    "E4-tuples": ("E4.v", "joint_rate R l k <= W", "joint_rate R l k.+1 <= W"),
    "E4-no-more": (
        "E4.v",
        "(sure (ord_tuple l)) <= joint_rate R l k.",
        "(sure (ord_tuple l)) <= joint_rate R l k.-1.",
    ),
    "E4-at-most": ("E4.v", "?= iff (l %| k)%N.", "?= iff (k %| l)%N."),
    "E4-at-least": ("E4.v", "1 - l%:R / k.+1%:R <= joint_rate", "1 - l%:R / k.+2%:R <= joint_rate"),
    "E5": ("E5.v", "product_rate R l k - eps <= W", "product_rate R l k.+1 - eps <= W"),
    "E5-exists": ("E5.v", "product_rate R l k <= W", "product_rate R l k.+1 <= W"),
    "E5-no-more": (
        "E5.v",
        "(sure (ord_tuple l)) <= product_rate R l k.",
        "(sure (ord_tuple l)) <= product_rate R l k.-1.",
    ),
    "E5-beyond-P7": (
        "E5.v",
        "E5_beyond_P7 (R : realFieldType) l k : (1 < l)%N",
        "E5_beyond_P7 (R : realFieldType) l k : (0 < l)%N",
    ),
    "E5-three-two": ("E5.v", "2 3 = 17%:R / 32%:R.", "2 3 = 16%:R / 32%:R."),
    "E5-limit": ("E5.v", "- E (- 1)| <= l.+1%:R^-1.", "- E 1| <= l.+1%:R^-1."),
    "E6": ("E6.v", "W uniform p P Q <= W win p P Q.", "W uniform p P Q <= W half p P Q."),
    "E6-half": ("E6.v", "robust half p P f -> f <= 2", "robust half p P f -> f <= 3"),
    "E6-exists": (
        "E6.v",
        "robust win p (draws k pi) (k%:R / k.+1%:R).",
        "robust win p (draws k pi) (k.+1%:R / k.+2%:R).",
    ),
    "E6-half-reached": (
        "E6.v",
        "robust half p (sure [tuple of nseq k y]) 2%:R^-1.",
        "robust lose p (sure [tuple of nseq k y]) 2%:R^-1.",
    ),
    "E6-win-value": (
        "E6.v",
        "robust win p P (k%:R * n.+1%:R / (n%:R * k.+1%:R)).",
        "robust win p P (k%:R * n.+2%:R / (n%:R * k.+1%:R)).",
    ),
    "E7": ("E7.v", "Hypothesis k_gt1 : (1 < k)%N.", "Hypothesis k_gt1 : (0 < k)%N."),
    "E7-equilibrium": (
        "E7.v",
        "capped -> exists y, equilibrium p k (sure y).",
        "capped -> exists y, equilibrium p k.+1 (sure y).",
    ),
    "E7-strict": ("E7.v", "a != y -> v <= above p y a.", "a != y -> v < above p y a."),
    "E7-weak-equilibrium": (
        "E7.v",
        "exact_equilibrium 3 four_users 2 [:: 1; 0; 0]%Z.",
        "exact_equilibrium 3 four_users 2 [:: 0; 1; 0]%Z.",
    ),
    "E7-weak": ("E7.v", "exactly 3 4.", "exactly 2 3."),
    "E7-weak-value": ("E7.v", "1 uniform 3 4.", "1 uniform 2 3."),
    "E8": ("E8.v", "pi y - s y| <= 2%:R *", "pi y - s y| <= 1%:R *"),
    "E8-mass": ("E8.v", "Theorem E8_mass y : s y - k.+1", "Theorem E8_mass y : s y - k.+2"),
    "E10": ("E10.v", "(sure [tuple y]) <= 1 - lost y.", "(sure [tuple y]) <= 1 - bound."),
    "E10-B": ("E10.v", "(1 - (1 - x) ^+ k.+1) /", "(1 - (1 - x) ^+ k) /"),
    "E10-aligned": ("E10.v", "(rank p u z <= rank p u y)%N).", "(rank p u z < rank p u y)%N)."),
    "E12": ("E12.v", "k%:R / (k + l)%:R - (k * l)%:R", "k%:R / (k + l)%:R + (k * l)%:R"),
    "E12-equilibrium": (
        "E12.v",
        "E12_equilibrium pi : equilibrium p (k + l).-1 pi",
        "E12_equilibrium pi : equilibrium p (k + l) pi",
    ),
    "E12-opponents": (
        "E12.v",
        "forall rho, W uniform p (draws k rho) (draws l pi) <= k%:R",
        "forall rho, W uniform p (draws k rho) (draws l pi) <= l%:R",
    ),
    "E12-uniform": (
        "E12.v",
        "(l%:R ^+ 2 / 2%:R + k%:R * l%:R) / n%:R.",
        "(l%:R ^+ 2 / 2%:R + k.-1%:R * l%:R) / n%:R.",
    ),
    "E12-nine": ("E12.v", "some_wins 3 v3", "some_wins 2 v3"),
    "E12-nine-two": (
        "NineUsers.v",
        "none_wins_more 2 (11%:R / 25%:R).",
        "none_wins_more 2 (10%:R / 25%:R).",
    ),
    "E14-square": ("E14.v", "<= (kappa k)^-1 *", "<= (theta k)^-1 *"),
    "E14-quadratic": (
        "E14.v",
        "eta <= 3%:R / (2%:R * (k%:R + 3%:R))",
        "eta <= 3%:R / (2%:R * (k%:R + 2%:R))",
    ),
    "E16": (
        "E16.v",
        "(line (1 - A u - p u) (p u) ^+ k).",
        "(line (1 - A u) (p u) ^+ k).",
    ),
    "E16-tie": (
        "Statements.v",
        "if same s z y then #|Y| else (#|Y|.+1 + h)%N.",
        "if same s z y then #|Y| else (#|Y| + h)%N.",
    ),
    "E16-named": (
        "E16.v",
        "exists pi, forall y, product_rate R #|F| k <=",
        "exists pi, forall y, product_rate R #|F| k.+1 <=",
    ),
    "E16-tuples": (
        "E16.v",
        "p ^+ i * (j%:R / (i + j)%:R).",
        "p ^+ i * (j%:R / (i + j).+1%:R).",
    ),
    "E16-tuples-convex": (
        "E16.v",
        "most_tuple (mixture q f) T <= \\sum_i",
        "most_tuple (mixture q f) T < \\sum_i",
    ),
    "E16-tuples-worst": ("E16.v", "(sure T) = 1 - most_tuple", "(sure T) < 1 - most_tuple"),
    "E16-closure": (
        "E16.v",
        "agrees above_as_said tied_as_said r <-> completes",
        "agrees tied_as_said above_as_said r <-> completes",
    ),
    "E16-cycle": (
        "E16.v",
        "<-> acyclic above_as_said tied_as_said.",
        "<-> acyclic tied_as_said above_as_said.",
    ),
    "E16-step": (
        "Statements.v",
        "tied_as_said a b | tied_as_said b a]",
        "tied_as_said a b | false]",
    ),
    "E19": ("E19.v", "f <= 1 - (2%:R * k%:R)^-1.", "f <= 1 - (1%:R * k%:R)^-1."),
    "E19-reached": (
        "E19.v",
        "(1 - (2%:R * k%:R)^-1).\nProof.\nmove=> y",
        "(1 - (3%:R * k%:R)^-1).\nProof.\nmove=> y",
    ),
    "E19-least": (
        "E19.v",
        "robust uniform p P f -> f <= k%:R / k.+1%:R.",
        "robust uniform p P f -> f <= k.-1%:R / k.+1%:R.",
    ),
    "E11": ("E11.v", "<= r) -> 0 <= r.", "<= r) -> 0 < r."),
    "E11-squares": (
        "E11.v",
        "(\\sum_(i < k.-1) i.+1%:R *: (a ^+ i * x ^+ (k.-2 - i))) * (x - a) ^+ 2).",
        "(\\sum_(i < k.-1) i%:R *: (a ^+ i * x ^+ (k.-2 - i))) * (x - a) ^+ 2).",
    ),
    "E11-at-least": ("E11.v", "squares (rank p u) y t) <= b.", "squares (rank p u) y t) < b."),
    "E11-squares-ge0": ("E11.v", "0 <= squares r y t.", "0 < squares r y t."),
    "Check-least": ("Check.v", "<=? b * wins false T)", "<=? b * wins true T)"),
    "Check-joint": ("Check.v", "(fun u => won true t m 1 k", "(fun u => won false t m 1 k"),
    "Check-draws": ("Check.v", "mass_from b.+1 u.2 masses in", "mass_from b u.2 masses in"),
    "Check-equilibrium": ("Check.v", "k) (Z.of_nat k.+1)", "k) (Z.of_nat k.+2)"),
    "Check-enclosed": ("Check.v", "if i == l then q * C else 0", "if i == l then q else 0"),
    "box": ("Box.v", "delta < 1 ->\n", "delta <= 1 ->\n"),
    "box-matrix": (
        "BoxSound.v",
        "0%Z (nth [::] rows (i : 'I_n.-1.+1)) (j : 'I_n.-1.+1)) / real R q.",
        "0%Z (nth [::] rows (j : 'I_n.-1.+1)) (i : 'I_n.-1.+1)) / real R q.",
    ),
    "example-enclosed": ("Example.v", "[:: 678; 322]%Z 1 100.", "[:: 668; 332]%Z 1 100."),
    "example": ("Example.v", "exactly 3 5.", "exactly 3 4."),
    "example-joint": ("Example.v", "1 uniform 7 10.", "1 uniform 6 10."),
    "real-P6": (
        "reals/RealNumbers.v",
        "sqrt (T%:R * ln #|Y|%:R / 2%:R)%R.",
        "sqrt (T%:R * ln #|Y|%:R / 3%:R)%R.",
    ),
    "ties": ("Definitions.v", "z => r y <= r z)%N shown", "z => r y < r z)%N shown"),
}


def text(path: Path) -> str:
    return path.read_text("utf-8")


def test_the_list_is_complete() -> None:
    """theorems.txt lists every `Theorem` of the theorems' files, and no other."""
    stated = {
        f"{path.stem}.{name}"
        for path in SOURCES.glob("*.v")
        if re.fullmatch(r"[PE]\d+|CheckSound|BoxSound|Example", path.stem)
        for name in re.findall(r"^Theorem (\w+)", text(path), re.MULTILINE)
    }
    assert {name for _, name in LISTED} == stated
    assert len(LISTED) == len(stated)


def test_nothing_is_assumed_in_the_sources() -> None:
    """No axiom, no parameter, no proof left open: variables live in sections alone."""
    forbidden = (
        r"\b(Axioms?|Parameters?|Conjecture|Admitted|admit|Abort|Unset Guard|bypass_check)\b"
    )
    project = text(SOURCES / "_CoqProject").splitlines()
    for path in SOURCES.rglob("*.v"):
        if path.name != "Assumptions.v":
            assert not re.search(forbidden, text(path)), path.name
            assert path.name in project or path.parent.name == "reals"


def _sampled() -> Iterator[Any]:
    """The first near miss of each file that states what the paper does, or on which the others
    rest; all others are exhaustive."""
    seen = set[str]()
    for mutation, (name, *_) in MUTATIONS.items():
        left = name in seen or re.match(r"E\d", name)
        yield pytest.param(mutation, marks=pytest.mark.exhaustive if left else ())
        seen.add(name)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_mutation_applies(mutation: str) -> None:
    """The near miss differs from what stands, at one place."""
    name, stands, wrong = MUTATIONS[mutation]
    assert text(SOURCES / name).count(stands) == 1
    assert stands != wrong


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_every_theorem_is_closed(built: Path) -> None:
    """The kernel accepts every proof, and none rests on an axiom."""
    answer = run(built, "make", "assumptions")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert f"{len(LISTED)} theorems: Closed under the global context" in answer.stdout


@pytest.mark.slow
def test_an_axiom_is_found(built: Path, tmp_path: Path) -> None:
    """One theorem of the list that rests on an axiom is told, by the axiom's name."""
    folder = tmp_path / "coq"
    shutil.copytree(built, folder)
    (folder / "Assumed.v").write_text("Axiom no : False.\nLemma all : False. exact no. Qed.\n")
    assert run(folder, "coqc", "-Q", ".", "UAlign", "Assumed.v").returncode == 0
    with (folder / "theorems.txt").open("a") as theorems:
        theorems.write("P1 Assumed.all\n")
    answer = run(folder, "make", "assumptions")
    assert answer.returncode != 0
    assert "Assumed.no : False" in answer.stdout


@pytest.mark.slow
def test_real_numbers_have_what_is_asked_of_them(built: Path) -> None:
    """Coq's real numbers have cluster points and an exponential function, so that P2 and P6 hold of
    them, by no axioms but the standard library's."""
    answer = run(built, "make", "reals")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert set(re.findall(r"^([\w.]+) *(?::|$)", answer.stdout.split("Axioms:\n")[1], re.M)) == {
        "ClassicalDedekindReals.sig_not_dec",
        "ClassicalDedekindReals.sig_forall_dec",
        "functional_extensionality_dep",
        "constructive_indefinite_description",
        "classic",
    }


@pytest.mark.slow
@pytest.mark.parametrize("mutation", [*_sampled()])
def test_near_miss_does_not_compile(mutation: str, built: Path, tmp_path: Path) -> None:
    """The same proof does not prove the near miss. A definition's near miss is compiled with
    everything that rests on it."""
    name, stands, wrong = MUTATIONS[mutation]
    folder = tmp_path / "coq"
    shutil.copytree(built, folder)
    path = folder / name
    path.write_text(text(path).replace(stands, wrong), "utf-8")
    if name in ("Definitions.v", "Check.v"):
        answer = run(folder, "make")
    else:
        answer = run(folder, "coqc", "-w", "-all", "-Q", ".", "UAlign", name)
    assert answer.returncode != 0
    assert "Error" in answer.stdout + answer.stderr
    assert "physical path" not in answer.stdout + answer.stderr
