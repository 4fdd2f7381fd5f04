(** E3: the average of policies is as good as their mixture. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 E1 P6.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section E3.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k : nat).

(** "The average of the policies pi_t", against "draw t uniformly, then k samples from pi_t". *)
Definition average T (f : 'I_T.+1 -> distr R Y) : distr R Y := mixture (even ord0) f.

(** E3. The average, sampled k times, wins at least what the history wins, against every tuple
    of l outputs; ... *)
Theorem E3 T (f : 'I_T.+1 -> distr R Y) l (y : l.-tuple Y) : (0 < l)%N ->
  W uniform p (history k f) (sure y) <= W uniform p (draws k (average f)) (sure y).
Proof. by move=> l_gt0; rewrite W_mixture E1_concave. Qed.

(** ... so it inherits the guarantee of P6. *)
Theorem E3_regret T (f : 'I_T.+1 -> distr R Y) (r : R) :
  (forall y, \sum_t utility p k (f t) y - T.+1%:R / k.+1%:R <= r) ->
  forall y, utility p k (average f) y - k.+1%:R^-1 <= r / T.+1%:R.
Proof.
move=> le y; rewrite ler_pdivl_mulr ?ltr0n // mulrBl [_^-1 * _]mulrC.
apply: le_trans (le y); rewrite ler_add2r -ler_pdivl_mulr ?ltr0n // mulrC.
apply: le_trans (E1_convex_utility _ _ _ _ _) _.
by under eq_bigr do rewrite evenE card_ord; rewrite -big_distrr.
Qed.

End E3.

(** E3. For k = 1 the two win the same. *)
Theorem E3_equal (R : realFieldType) (Y : finType) (p : population R Y) T
  (f : 'I_T.+1 -> distr R Y) y :
  W uniform p (history 1 f) (sure [tuple y]) = W uniform p (draws 1 (average f)) (sure [tuple y]).
Proof.
rewrite W_mixture; under eq_bigr do rewrite W_utility mulrBr mulr1.
rewrite sumrB mass_sum W_utility utilityE; congr (1 - _).
under eq_bigr do rewrite utilityE big_distrr; rewrite exchange_big; apply: eq_bigr => u _ /=.
rewrite /phi expr1 cumulative_mixture integral_sum big_distrr; apply: eq_bigr => t _ /=.
by rewrite integralZ mulrCA.
Qed.
