(** E3: the average of policies is as good as their mixture. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 E1 P6 P7.

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

(** The average can be strictly better. *)
Section Strictly.

Variables (R : realFieldType) (k : nat).
Hypothesis k_gt1 : (1 < k)%N.

(** Two responses; half of the users prefer each. Play them in turn. *)
Definition split : population R [finType of bool] :=
  @Population R _ [finType of bool] (even true) (fun u y => if y == u then 0 else 1)%N.
Definition turns (t : 'I_2) : distr R [finType of bool] := sure (t == ord0).

Fact half_mass (y : bool) : average turns y = 2%:R^-1.
Proof.
rewrite mixtureE !big_ord_recl big_ord0 !evenE card_ord !sureE addr0 -mulrDr.
by case: y; rewrite /= ?addr0 ?add0r mulr1.
Qed.

Fact halves : 2%:R^-1 + 2%:R^-1 = 1 :> R.
Proof. by rewrite -mulr2n -[_ *+ 2]mulr_natl divff ?pnatr_eq0. Qed.

Fact split_above y c : above split y c = if y == c then 0 else 2%:R^-1.
Proof.
rewrite /above big_mkcond big_bool !evenE card_bool.
by case: y; case: c; rewrite /= ?addr0 ?add0r.
Qed.

Fact split_tied y c : tied split y c = (y == c)%:R.
Proof.
rewrite /tied big_mkcond big_bool !evenE card_bool.
by case: y; case: c; rewrite /= ?addr0 ?halves.
Qed.

Fact turns_win y : W uniform split (history k turns) (sure [tuple y])
  = 2%:R^-1 * (k%:R / k.+1%:R + 2%:R^-1).
Proof.
have k_gt0 : (0 < k)%N by exact: ltnW.
have won c : W uniform split (draws k (sure c)) (sure [tuple y])
           = if y == c then k%:R / k.+1%:R else 2%:R^-1.
  rewrite W_utility utility_sure // split_above split_tied.
  case: eqP => _; first by rewrite add0r mul1r rate_complement.
  by rewrite mul0r addr0; apply/eqP; rewrite subr_eq halves.
rewrite W_mixture !big_ord_recl big_ord0 !evenE card_ord addr0 -mulrDr; congr (_ * _).
by rewrite /turns !won {won}; case: y; rewrite //= addrC.
Qed.

Fact average_wins y : W uniform split (draws k (average turns)) (sure [tuple y]) = k%:R / k.+1%:R.
Proof.
have lowE (u : bool) n : low (average turns) (rank split u) n
                       = low (average turns) (rank split true) n.
  have low_bool r : low (average turns) r n
    = (if (n <= r true)%N then 2%:R^-1 else 0) + (if (n <= r false)%N then 2%:R^-1 else 0).
    by rewrite /low big_mkcond big_bool !half_mass.
  by rewrite !low_bool; case: u; rewrite //= addrC.
have levelE (u : bool) n : level (average turns) (rank split u) n
                         = level (average turns) (rank split true) n.
  by apply: (addrI (low (average turns) (rank split true) n.+1)); rewrite -lowS -(lowE u) -lowS lowE.
have phiE (u : bool) n : phi k (average turns) (rank split u) n
                       = phi k (average turns) (rank split true) n.
  by rewrite /phi /cumulative lowE levelE.
have same z : utility split k (average turns) z = utility split k (average turns) true.
  rewrite !utilityE !big_bool !evenE !(phiE false) /= -!mulrDr; congr (_ * _).
  by case: z; rewrite //= addrC.
rewrite W_utility -rate_complement; congr (1 - _).
rewrite -(P1_average split k (average turns)) same; under eq_bigr do rewrite same.
by rewrite mass_const.
Qed.

(** E3. For every k >= 2, on two responses that split the users evenly, playing them in turn wins
    strictly less than their average, against either. *)
Theorem E3_strict y : W uniform split (history k turns) (sure [tuple y])
  < W uniform split (draws k (average turns)) (sure [tuple y]).
Proof.
rewrite turns_win average_wins mulrDr; set h := 2%:R^-1; set g := k%:R / k.+1%:R.
have half2 : h + h = 1 by exact: halves.
rewrite -[ltRHS]mul1r -half2 mulrDl ltr_add2l ltr_pmul2l ?invr_gt0 ?ltr0n //.
rewrite /h /g ltr_pdivl_mulr ?ltr0n // mulrC ltr_pdivr_mulr ?ltr0n //.
by rewrite -natrM ltr_nat; case: (k) k_gt1 => [|[|j]] // _; rewrite muln2 -addnn !addSn addnS !ltnS leq_addl.
Qed.

End Strictly.
