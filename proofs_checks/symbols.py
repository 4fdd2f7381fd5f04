"""The symbols of all proofs, each declared once, with what it may be and what it stands for.

    k, i, L, p = shared("k i L p")
    x, z = shared("x_or_0 z_or_0")

SymPy tells symbols apart by their names and by what is declared of them. Where two proofs need the
same letter with different assumptions, the usual one is called `x`, and the others

* `x_from_1`, `x_from_0`: a whole number from 1, or from 0, on;
* `x_or_0`: a real number >= 0;
* `x_positive`, `x_real`: a real number > 0, any real number.
"""

from __future__ import annotations

from sympy import Symbol


def shared(names: str) -> tuple[Symbol, ...]:
    """The symbols of these names, which are those of this module."""
    return tuple(globals()[name] for name in names.split())


def _from_1(name: str) -> Symbol:
    return Symbol(name, integer=True, positive=True)


def _from_0(name: str) -> Symbol:
    return Symbol(name, integer=True, nonnegative=True)


def _positive(name: str) -> Symbol:
    return Symbol(name, positive=True)


def _or_0(name: str) -> Symbol:
    return Symbol(name, nonnegative=True)


def _real(name: str) -> Symbol:
    return Symbol(name, real=True)


# Whole numbers from 1 on.
k = _from_1("k")  # the policy's outputs
l = _from_1("l")  # the opponent's outputs
n = _from_1("n")  # responses
m = _from_1("m")  # distinct responses of a tuple; a degree
N = _from_1("N")  # k + 1; the responses of one type of users, or of the uniform policy
c = _from_1("c")  # a multiplicity
q = _from_1("q")  # k div n, the lesser of two multiplicities
r = _from_1("r")  # k mod l
v = _from_1("v")  # l - 1
j = _from_1("j")  # the opponent's positions in the best class; a place
i_from_1 = _from_1("i")  # the policy's positions in the best class
s_from_1 = _from_1("s")  # those of the opponent's best positions that are kept
rounds = _from_1("T")  # policies played one after another
c_b = _from_1("c_b")  # the size of b's class
c_y = _from_1("c_y")  # the size of y's class

# Whole numbers from 0 on.
i = _from_0("i")  # what a sum runs over: copies, powers
spare = _from_0("s")  # what is left between two whole numbers, n - k and the like
j_from_0 = _from_0("j")  # copies; given responses; a power
a_from_0 = _from_0("a")  # half of k; a power; positions elsewhere
c_from_0 = _from_0("c")  # a multiplicity
d_from_0 = _from_0("d")  # what one multiplicity is more than another; positions left out
m_from_0 = _from_0("m")  # distinct responses in one class
q_from_0 = _from_0("q")  # k div l
r_from_0 = _from_0("r")  # k mod n; k - 2 - i
t_from_0 = _from_0("t")  # what one multiplicity is more than another
v_b, v_y = _from_0("v_b"), _from_0("v_y")  # responses below b, below y
h = _from_0("h")  # responses above b
g_from_0 = _from_0("g")  # responses between b and y

# Masses, and places on the way up through a class.
L = _positive("L")  # the mass below a class
p = _positive("p")  # the mass of a class or response
t = _positive("t")  # how far up a class, from 0 to 1
x = _positive("x")  # L + tp; the least positive mass
z = _positive("z")  # a place on [0, 1]
s = _positive("s")  # a place on [0, 1]; a share of the users
S = _positive("S")  # the mass below a class, where classes are summed over
a = _positive("a")  # the average of several x
X = _positive("X")  # the sum of several x
F, G = _positive("F"), _positive("G")  # L + tp for two policies
f, g = _or_0("f"), _or_0("g")  # the slopes of F and G
pi_positive = _positive("pi")  # the mass of a response
pi_y, pi_z = _or_0("pi_y"), _or_0("pi_z")  # the masses of y and z
H = _or_0("H")  # the mass above a class
L_or_0, p_or_0, t_or_0, x_or_0, z_or_0 = map(_or_0, "Lptxz")
L_real, p_real, t_real = map(_real, "Lpt")
b_real, c_real = _real("b"), _real("c")  # the directions in which L and p move; a place
s_real = _real("s")  # how far they move
P = _real("P")  # the mass of several responses
o = _or_0("o")  # 1 - P

# Weights of users.
A = _or_0("A")  # the weight of those who rank one response above another
B = _or_0("B")  # the weight of those who rank it below; a bound
T = _or_0("T")  # the weight of those who rank both alike; a sum of squared masses
a_or_0 = _or_0("a")  # some user weight; a mass
b_or_0 = _or_0("b")  # what is added to it
q_or_0 = _or_0("q")  # a share of the users
part = _or_0("part")  # a share of the largest eps
w_positive = _positive("w")  # how often a comparison is won

# Other numbers.
lam = _or_0("lambda")  # the share of one policy in a mixture
rho = _or_0("rho")  # (k mod l)/l
sigma = _or_0("sigma")  # the sum over a tuple's distinct responses j of 1/(c_j+1)
gap = _or_0("gap")  # by how much convexity is strict
rise = _or_0("rise")  # a difference of two k-th powers
power = _or_0("power")  # some k-th power
d = _or_0("d")  # a difference of two masses, or what one response earns below the rest
c_or_0, s_or_0 = _or_0("c"), _or_0("s")  # the same as d; a least mass
slack = _or_0("slack")  # by how much an inequality is strict
epsilon = _positive("epsilon")  # what may be lost
epsilon_or_0 = _or_0("epsilon")  # what a share of users exceeds another by
u = _or_0("u")  # one utility
R = _real("R")  # the regret R_T of a sequence of policies
D_real, I_real = _real("D"), _real("I")  # what two policies earn against each other
r_positive = _positive("r")  # the quotient of two cumulative masses
f_real, g_real = _real("f"), _real("g")  # two numbers
U_or_0 = _or_0("U")  # what a response earns, in multiples of the average
tau = _positive("tau")  # the temperature of regularised training
lam_positive = _positive("lambda")  # the step of a learner
root = _positive("sqrt(A)")  # the root of what a bound depends on
C = _positive("C")  # 2 kappa + ln(1/delta)
g_positive = _positive("g")  # a chance
rho_positive = _positive("rho")  # an opponent's mass of a response
T_positive = _positive("T")  # rounds, of which there may be a fraction
N_positive = _positive("N")  # ln n
eta = _positive("eta")  # Hedge's step
e, f_positive, c_positive = map(_positive, "efc")  # exponentials of rewards
r_real = _real("r")  # the difference of two rewards
d_real = _real("d")  # the difference of two masses
M = _real("M")  # the lead of one response over another
x_real, y_real, v_real, w_real = map(_real, "xyvw")  # the entries of two vectors
