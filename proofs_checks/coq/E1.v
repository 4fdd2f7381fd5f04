(** E1: the utilities are convex, the win rates of product policies concave, and so the symmetric
    equilibria are the minimisers of a convex function. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Convexity.

Variables (R : realFieldType) (Y : finType).
Implicit Types (pi : distr R Y) (r : ranking Y) (T : seq Y).

Lemma low_mixture (I : finType) (q : distr R I) (f : I -> distr R Y) r n :
  low (mixture q f) r n = \sum_i q i * low (f i) r n.
Proof.
rewrite /low; under eq_bigr do rewrite mixtureE; rewrite exchange_big.
by apply: eq_bigr => i _; rewrite big_distrr.
Qed.

Lemma level_mixture (I : finType) (q : distr R I) (f : I -> distr R Y) r n :
  level (mixture q f) r n = \sum_i q i * level (f i) r n.
Proof.
rewrite /level; under eq_bigr do rewrite mixtureE; rewrite exchange_big.
by apply: eq_bigr => i _; rewrite big_distrr.
Qed.

Lemma cumulative_mixture (I : finType) (q : distr R I) (f : I -> distr R Y) r n :
  cumulative (mixture q f) r n = \sum_i q i *: cumulative (f i) r n.
Proof.
rewrite /cumulative low_mixture level_mixture; under [RHS]eq_bigr do rewrite lineZ.
by rewrite /line big_split /= -raddf_sum -scaler_suml.
Qed.

(** An integral of powers, weighted by any polynomial that is not negative, is convex. *)
Lemma convex_cumulative k g (I : finType) (q : distr R I) (f : I -> distr R Y) r n :
  coef_ge0 g -> integral (g * cumulative (mixture q f) r n ^+ k)
    <= \sum_i q i * integral (g * cumulative (f i) r n ^+ k).
Proof.
move=> g_ge0; set m := cumulative (mixture q f) r n.
set slope := fun i => integral (g * m ^+ k.-1 * (cumulative (f i) r n - m)).
apply: le_trans (_ : _ <= \sum_i q i * (integral (g * m ^+ k) + k%:R * slope i)) _; last first.
  apply: ler_sum => i _; rewrite ler_wpmul2l ?mass_ge0 //.
  by apply: tangent => //; rewrite ?low_ge0 ?level_ge0.
under eq_bigr do rewrite mulrDr mulrCA; rewrite big_split /= mass_const -big_distrr /=.
have -> : \sum_i q i * slope i = 0.
  under eq_bigr do rewrite -integralZ scalerAr scalerBr.
  rewrite -integral_sum -big_distrr sumrB /= -cumulative_mixture -scaler_suml mass_sum scale1r.
  by rewrite subrr mulr0 integral0.
by rewrite mulr0 addr0.
Qed.

Lemma convex_chance k (I : finType) (q : distr R I) (f : I -> distr R Y) r T :
  chance k (mixture q f) r T <= \sum_i q i * chance k (f i) r T.
Proof.
rewrite /chance; under eq_bigr do rewrite scalerAl; rewrite scalerAl.
by apply: convex_cumulative; apply: coef_ge0Z; rewrite ?ler0n //; exact: coef_ge0Xn.
Qed.

Variables (p : population R Y) (k : nat).

(** E1. The chance that a tuple is picked against k draws is convex in the policy... *)
Theorem E1_convex l (T : l.-tuple Y) (I : finType) (q : distr R I) (f : I -> distr R Y) :
  (0 < l)%N -> W uniform p (sure T) (draws k (mixture q f))
    <= \sum_i q i * W uniform p (sure T) (draws k (f i)).
Proof.
move=> l_gt0; rewrite W_chance //; under [leRHS]eq_bigr do rewrite W_chance // big_distrr.
rewrite exchange_big; apply: ler_sum => u _ /=; under [leRHS]eq_bigr do rewrite mulrCA.
by rewrite -big_distrr ler_wpmul2l ?mass_ge0 ?convex_chance.
Qed.

(** ... in particular every utility is, ... *)
Theorem E1_convex_utility y (I : finType) (q : distr R I) (f : I -> distr R Y) :
  utility p k (mixture q f) y <= \sum_i q i * utility p k (f i) y.
Proof. exact: E1_convex. Qed.

(** ... and every W(pi^k, T) is concave. *)
Theorem E1_concave l (T : l.-tuple Y) (I : finType) (q : distr R I) (f : I -> distr R Y) :
  (0 < l)%N -> \sum_i q i * W uniform p (draws k (f i)) (sure T)
    <= W uniform p (draws k (mixture q f)) (sure T).
Proof.
move=> l_gt0; rewrite W_swap ?addn_gt0 ?l_gt0 ?orbT //.
under eq_bigr do rewrite W_swap ?addn_gt0 ?l_gt0 ?orbT // mulrBr mulr1.
by rewrite sumrB mass_sum ler_add2l ler_opp2 E1_convex.
Qed.

(** No policy holds every response below 1/(k+1): of the convex program min max u the value is
    at least 1/(k+1), and the symmetric equilibria are the policies that reach it. *)
Theorem E1_at_least pi v : (forall y, utility p k pi y <= v) -> k.+1%:R^-1 <= v.
Proof. by move=> le; rewrite -(P1_average p k pi); exact: average_le. Qed.

End Convexity.
