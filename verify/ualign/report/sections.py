"""The sections of the page that are about one figure each, and have its title: the theorem in
words. Every symbol is said where it stands."""

from __future__ import annotations

SECTIONS = {
    "path": (
        "The equilibrium of the (k+1)-player game is a maximal lottery for k = 1, and for large k"
        " it tends to random dictatorship, a random person's favourite (E8)."
    ),
    "rates": (
        "Now the competitor shows ℓ outputs. The best k outputs of any kind are sure of f_ℓ(k),"
        " the linear interpolation of x/(x+1) at whole x, taken at x = k/ℓ (E4). Drawn"
        " independently from the best policy they are sure of g_ℓ(k) = 1 - (ℓ/(k+1)) (1 - (1 -"
        " 1/ℓ)^(k+1)) (E5). In general nothing is sure of more. An equilibrium is sure of 1 -"
        " ℓ/(k+1) (P7)."
    ),
    "draws": (
        "Now two models meet: one shows k draws from its policy, the other ℓ draws from its own,"
        " and a user picks among all N = k+ℓ. Draws from a symmetric equilibrium of the game of N"
        " players win at least k/N, their share of what is shown, against ℓ draws from any policy,"
        " and one equilibrium serves every way of dividing N (E12). No policy is sure of more, for"
        " against itself it wins just k/N; and one that is no equilibrium of this game falls below"
        " k/N against some other."
    ),
    "self-play": (
        "Let a policy play against itself for T rounds, and let its regret R_T be what the best"
        " fixed response would have earned more over these rounds. Then the average of the T"
        " policies wins at least k/(k+1) - R_T/T against every response (P6, E3), and simple"
        " learning rules keep R_T/T small."
    ),
    "learning": (
        "Show somebody k+1 draws of the policy and make what she picks a little likelier: on"
        " average pi becomes (1-η) pi + η pi U(pi), U = (k+1) u. With three draws or more and η up"
        " to 3/(2(k+3)) every step comes nearer to the equilibrium, in KL divergence, and the"
        " policy itself converges, not only an average (E14). With two draws (k = 1) it need not:"
        " where the maximal lottery gives mass to all responses, every step leads away from it,"
        " and the policy goes round and round. At full speed, η = 1, three draws are not safe"
        " either: eleven users in a circle drive it away."
    ),
    "regularised": (
        "Training mostly pays a price tau for KL divergence from a reference policy pi_0. It then"
        " ends at the only policy pi_tau with masses proportional to pi_0 exp(u(pi_tau)/tau),"
        " which wins at least k/(k+1) - tau ln(1/pi_0(y)) against y, and tends to the equilibrium"
        " nearest to pi_0 as tau falls to 0 (E17). So regularisation costs what tau says, and"
        " nothing in the limit."
    ),
    "users": (
        "An equilibrium depends on what all users prefer. A learner that sees only m of them,"
        " drawn at random, each once, and after each makes likelier what she tends to pick, ends"
        " with the average of its policies. With confidence 19/20 k draws from that win k/(k+1) -"
        " s against every response, where s = A/m + 2 sqrt(A/(m (k+1))), A = 2 ln n + ln 20 and n"
        " is the number of responses (E13). So m has to grow with the logarithm of n only, and for"
        " the same slack s fewer users have to be asked the more outputs are shown."
    ),
    "one-policy": (
        "So far each k had a policy of its own. Whoever trains one model, to be sampled as often"
        " as a user likes, needs one policy for all k. Its price is how many times 1/(k+1) it may"
        " lose to some response, at the worst k: 1 is no price at all. On every population some"
        " policy pays at most 2 (1 + log2 K) for all k up to K, so that its win rate still tends"
        " to 1; and where users' likings form a binary tree of depth J, from a favourite of one's"
        " own to what all can live with, each policy pays J/(2e) at some k up to J 2^J (E15)."
    ),
    "silence": (
        "Users seldom rank everything. To take what they left out as tied last is an assumption"
        " (tied-last), under which k/(k+1) is guaranteed as ever. If it is below the rest, but in"
        " an order that nobody knows (worst-below), or anywhere (worst-case), a policy is only"
        " sure of its least win rate over all that users may have meant. The best such guarantee"
        " lies between k/(k+1), where everything was said, and g_n(k) = 1 - (n/(k+1)) (1 - (1 -"
        " 1/n)^(k+1)), where nothing was, n being the number of responses (E16). Both tend to 1,"
        " so that in the end more outputs make up for any silence."
    ),
}
"""By the figure's name, in the order of the page."""
