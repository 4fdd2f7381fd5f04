"""The theory's rates in closed form: what the constructions' exact numbers are compared with.

Everything is a rational function of small integers; nothing here looks at a population. Each
docstring says why the formula holds. `m`, `q`, `r` are as in P3: q and r are quotient and remainder
of an even split, and m the number of distinct responses that k outputs can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from ualign.model.rates import uniform_rankings_rate
from ualign.model.win_rates import Ties

# ---- For every population ------------------------------------------------------------------------


# ---- Point masses --------------------------------------------------------------------------------


def point_rate(share: Fraction, k: int) -> Fraction:
    """min(k/(k+1), share): the point mass on a response that at least `share` of the users, and at
    worst just `share`, put above any single other one, when nobody ties the two (P4)."""
    return min(Fraction(k, k + 1), share)


def second_choice_rate(part: Fraction, rivals: int, k: int, l: int) -> Fraction:
    """The point mass on z against l outputs, when for each of `rivals` responses a `part` of the
    users puts it first and z second, and the others put z first (P7).

    An opponent with d of those responses and i = l - d copies of z leaves z the share
    (1 - d part) k/(k+i). That is monotone in d, so the largest or the least d is worst; with
    part = 1/(k+1) and l <= rivals the largest gives 1 - l/(k+1)."""
    d = min(rivals, l)
    return min(Fraction(k, k + l), (1 - d * part) * Fraction(k, k + l - d))


# ---- Users who did not say everything (E16) ------------------------------------------------------


def unsaid_rate(above: Iterable[int], n: int, k: int) -> Fraction:
    """The best k-sample product policy where the population looks the same from each of the n
    responses: user i is known to prefer above[i] others to any given one, strictly.

    The guarantee is concave in the policy, so the uniform one is best (E16 (ii)). At worst a user
    picks y unless a draw is known to be above it, and shares the pick with draws of y itself: the
    mean of x^k for x from 1 - (a+1)/n to 1 - a/n."""
    masses = [(Fraction(n - a - 1, n), Fraction(n - a, n)) for a in above]
    lost = sum((high ** (k + 1) - low ** (k + 1) for low, high in masses), Fraction(0))
    return 1 - n * lost / ((k + 1) * len(masses))


# ---- All rankings, on their own or in separate classes (P3, E4, E6) ------------------------------


def classes_rate(l: int, size: int, k: int, ties: Ties = "uniform") -> Fraction:
    """The best k-output policy when each of l types ranks a class of `size` responses of her own
    uniformly at random, above the rest, which she ties (E4, E6).

    Against a random response y, a type loses 1 - uniform_rankings_rate in y's class; elsewhere she
    loses only if the outputs hold none of her class, and so tie with y. The loss is convex in the
    outputs a class gets, hence an even split is best; at random it wins that against every y."""
    shared = Fraction(1, k + 1)
    tied = {"uniform": shared, "win": Fraction(0), "half": Fraction(1, 2), "lose": Fraction(1)}

    def loss(outputs: int) -> Fraction:
        elsewhere = (l - 1) * tied[ties] if outputs == 0 else Fraction(0)
        return 1 - uniform_rankings_rate(size, outputs, ties) + elsewhere

    q, r = divmod(k, l)
    return 1 - ((l - r) * loss(q) + r * loss(q + 1)) / l**2


def classes_against_all_rate(l: int, size: int, k: int) -> Fraction:
    """The same population's best k-output policy against l outputs (E4): f_l(k) with x/(x+1)
    replaced by the rate on uniform rankings of `size` responses, to which it tends.

    Above: a random response of each class as opponents, and concavity of that rate. Below: for
    k < l it is f_l(k) itself; for k >= l the even split leaves no class out, and t opponents in
    one class win at most t times what one does."""
    q, r = divmod(k, l)
    few, more = (uniform_rankings_rate(size, outputs) for outputs in (q, q + 1))
    return ((l - r) * few + r * more) / l


# ---- Circles -------------------------------------------------------------------------------------


def circle_rate(n: int, k: int, ties: Ties = "uniform") -> Fraction:
    """The best k-output policy for n users who start one circle of n responses at each place.

    An output with c copies whose predecessor among the outputs is g places back loses, against a
    random response and over the g users who reach it first, (0 + ... + (g-1))/n^2 by better
    responses and g/((c+1) n^2) by ties. Moving a second copy to a new place in a gap g >= 2 gains,
    so m = min(n, k) places, evenly, then copies, evenly, are best; rotated at random they win that
    against every response."""
    m = min(n, k)
    gap, longer = divmod(n, m)
    better = longer * (gap + 1) * gap + (m - longer) * gap * (gap - 1)
    copies, more = divmod(k, m)
    # Where copies differ (k > n) all gaps are 1, so it does not matter which output has more.
    shared = (
        Fraction(m - more, copies + 1) + Fraction(more, copies + 2) if k > n else Fraction(n, 2)
    )
    tied = {"uniform": shared, "win": Fraction(0), "half": Fraction(n, 2), "lose": Fraction(n)}
    return 1 - (Fraction(better, 2) + tied[ties]) / n**2


# ---- Two camps (P4, E6, E7, E9) ------------------------------------------------------------------


def two_camps_rate(
    share: Fraction, k: int, rivals: Callable[[int], Fraction] = lambda j: Fraction(j, j + 1)
) -> Fraction:
    """The best k-output policy when `share` >= 1/2 of the users put y first and the others last.

    `rivals(j)` is what the best j outputs win against the other responses, among users who ignore
    y; it must be concave, with rivals(1) = 1/2 (default: one rival, so two responses). If share >=
    k/(k+1) the value is k/(k+1) (E7). Otherwise c copies of y and k - c rivals, 1 <= c < k, lose
    x(c) = share/(c+1) to y and z(c) = (1-share)(1-rivals(k-c)) to a rival; only y, or none of it,
    is dominated. These points lie on a convex curve, so the best mixture is of the two neighbours
    at which x - z changes its sign, and c = k - 1 alone if it does not."""
    if share >= Fraction(k, k + 1) or k == 1:
        return Fraction(k, k + 1)

    def losses(c: int) -> tuple[Fraction, Fraction]:
        return share / (c + 1), (1 - share) * (1 - rivals(k - c))

    c = max(c for c in range(1, k) if losses(c)[0] >= losses(c)[1])
    x, z = losses(c)
    if c == k - 1:
        return 1 - x
    next_x, next_z = losses(c + 1)
    return 1 - (x * next_z - z * next_x) / (x - z - next_x + next_z)


def two_responses_rate(share: Fraction, k: int, ties: Ties) -> Fraction:
    """The best k-output policy on two responses, `share` >= 1/2 of the users preferring the first
    (E6). Two outputs hold both responses, and then each loses only ties, among those who prefer
    it; one output has to be mixed unless ties count half."""
    if ties == "uniform":
        return two_camps_rate(share, k)
    product = share * (1 - share)
    one = {"win": 1 - product, "half": Fraction(1, 2), "lose": product}
    more = {"win": Fraction(1), "half": 1 - share / 2, "lose": 1 - share}
    return one[ties] if k == 1 else more[ties]


def two_camps_dictatorship_rate(share: Fraction, k: int) -> Fraction:
    """Random dictatorship, sampled k times, when `share` >= 1/2 of the users put y first and the
    others last: y is worst, and earns
    [1 - (1-share)^(k+1) + (1-share) share^k]/(k+1) >= 1/(k+1)."""
    other = 1 - share
    return 1 - (1 - other ** (k + 1) + other * share**k) / (k + 1)


def uniform_policy_rate(n: int, share: Fraction, k: int) -> Fraction:
    """The uniform policy on n responses, sampled k times, against a response y that `share` of the
    users put first, alone, and the others last, alone (E9).

    That is the worst case in two cases. What the j-th place from below earns, A_j, is convex in j.
    If share >= 1/2 and the users treat the others alike, y earns at least (A_n + A_1)/2, hence at
    least the mean of all, 1/(k+1) by P1. If share = (n-1)/n and all put b above the rest, b earns
    ((n-1) A_(n-1) + A_n)/n, and (n-1) A_(n-1) <= (n-2) A_n + A_1."""
    first = n * (1 - Fraction(n - 1, n) ** (k + 1))
    return 1 - (share * first + (1 - share) * Fraction(1, n**k)) / (k + 1)


def second_choice_dictatorship_rate(n: int, k: int) -> Fraction:
    """Random dictatorship, sampled k times, among n users with favourites of their own and one
    common second choice c (E9): c earns (1-1/n)^k, and every favourite 1/(k+1) by P1."""
    return min(Fraction(k, k + 1), 1 - Fraction(n - 1, n) ** k)


def favourite_rate(l: int, k: int) -> Fraction:
    """The point mass on one of l users' favourites against another's, the rest being tied: one
    user of l wins, one loses, the others tie (E9)."""
    tied = Fraction(k, k + 1)
    return (1 + (l - 2) * tied) / l if l > 1 else tied
