(** E8: from the maximal lottery (k = 1) to random dictatorship (k to infinity). *)

From mathcomp Require Import all_ssreflect all_algebra.
From UAlign Require Import Definitions Integral Utility P1.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section E8.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k : nat) (pi : distr R Y).

(** Every user has one favourite; s_y is the share of those whose favourite is y. *)
Variable favourite : user p -> Y.
Hypothesis is_favourite : forall u y, y != favourite u -> (rank p u (favourite u) < rank p u y)%N.
Definition first_share (y : Y) : R := \sum_(u | favourite u == y) weight p u.

Hypothesis is_equilibrium : equilibrium p k pi.
Local Notation s := first_share.

Lemma share_ge0 y : 0 <= s y.
Proof. by apply: sumr_ge0 => u _; exact: mass_ge0. Qed.

Lemma share_sum : \sum_y s y = 1.
Proof. by rewrite -[RHS](mass_sum (weight p)) (partition_big favourite xpredT). Qed.

Section Favourite.

Variables (u : user p) (y : Y).
Hypothesis fav : favourite u == y.
Local Notation r := (rank p u).

Fact level_top : level pi r (r y) = pi y.
Proof.
rewrite /level (bigD1 y) //= big1 ?addr0 // => z /andP[/eqP eq_z ne].
by have := is_favourite (u := u) (y := z); rewrite (eqP fav) eq_z ltnn => /(_ ne).
Qed.

Fact low_top : low pi r (r y) = 1.
Proof.
rewrite -(mass_sum pi); apply: eq_bigl => z; have [->|ne] := eqVneq z y; first exact: leqnn.
by rewrite -(eqP fav) in ne *; rewrite ltnW // is_favourite.
Qed.

Fact low_rest : low pi r (r y).+1 = 1 - pi y.
Proof. by rewrite -low_top [low _ _ (r y)]lowS level_top addrK. Qed.

(** What y gets of her: pi_y (k+1) phi = 1 - (1-pi_y)^(k+1), and phi >= (1-pi_y)^k. *)
Fact phi_top : pi y * (k.+1%:R * phi k pi r (r y)) = 1 - (1 - pi y) ^+ k.+1.
Proof.
have := mass_phi k pi r (r y); rewrite level_top low_top low_rest expr1n mulrCA => ->.
by rewrite mulrC divfK // pnatr_eq0.
Qed.

Fact phi_top_ge : (1 - pi y) ^+ k <= phi k pi r (r y).
Proof.
rewrite -low_rest; elim: k => [|i IH].
  by rewrite expr0 /phi expr0 -(polyC1 R) integralC.
rewrite -(ler_pmul2l (ltr0Sn R i.+1)) phi_succ -add1n natrD mulrDl mul1r ler_add //.
  by rewrite ler_expn2r ?nnegrE ?low_ge0 // [leRHS]lowS ler_addl level_ge0.
by rewrite exprS mulrCA ler_wpmul2l ?low_ge0 // ler_wpmul2l ?ler0n.
Qed.

End Favourite.

(** All of y's favourers together earn it at most 1/(k+1). *)
Lemma earned y c : (forall u, favourite u == y -> c <= k.+1%:R * phi k pi (rank p u) (rank p u y)) ->
  s y * c <= 1.
Proof.
move=> le; have : k.+1%:R * utility p k pi y <= 1.
  by rewrite -ler_pdivl_mull ?ltr0Sn // mulr1; exact: (P1_equilibrium p k pi).1.
apply: le_trans.
rewrite utilityE /first_share big_distrl big_distrr /= [leRHS](bigID (fun u => favourite u == y)) /=.
rewrite ler_paddr //; last first.
  by apply: ler_sum => u fav; rewrite mulrCA ler_wpmul2l ?mass_ge0 ?le.
apply: sumr_ge0 => u _; rewrite !mulr_ge0 ?ler0n ?mass_ge0 //.
by apply: integral_ge0; apply: coef_ge0X; exact: coef_ge0_cumulative.
Qed.

Lemma short y : s y - pi y <= s y * (1 - pi y) ^+ k.+1.
Proof.
have [pi0|pi0] := eqVneq (pi y) 0; first by rewrite pi0 !subr0 expr1n mulr1.
have pi_gt0 : 0 < pi y by rewrite lt_def pi0 mass_ge0.
rewrite ler_subl_addr -ler_subl_addl -{1}[s y]mulr1 -mulrBr -[leRHS]mulr1 -ler_pdivr_mull //.
rewrite mulrC -mulrA; apply: earned => u fav.
by rewrite ler_pdivr_mulr // mulrC phi_top.
Qed.

Lemma few y : s y * (1 - pi y) ^+ k.+1 <= k.+1%:R^-1.
Proof.
have : s y * (k.+1%:R * (1 - pi y) ^+ k) <= 1.
  by apply: earned => u fav; rewrite ler_wpmul2l ?ler0n ?phi_top_ge.
rewrite mulrCA -ler_pdivl_mull ?ltr0Sn // mulr1; apply: le_trans.
rewrite exprS mulrCA ler_pimull ?mulr_ge0 ?share_ge0 ?exprn_ge0 ?subr_ge0 ?mass_le1 //.
by rewrite ler_subl_addr ler_addl mass_ge0.
Qed.

(** E8. |pi - s| <= 2 sum s_y (1-pi_y)^(k+1), in the sum of absolute differences; ... *)
Theorem E8 : \sum_y `|pi y - s y| <= 2%:R * \sum_y s y * (1 - pi y) ^+ k.+1.
Proof.
have -> : 2%:R * (\sum_y s y * (1 - pi y) ^+ k.+1)
        = \sum_y (pi y - s y + 2%:R * (s y * (1 - pi y) ^+ k.+1)).
  by rewrite big_split /= sumrB mass_sum share_sum subrr add0r big_distrr.
apply: ler_sum => y _; have gap_ge0 : 0 <= s y * (1 - pi y) ^+ k.+1.
  by rewrite mulr_ge0 ?share_ge0 ?exprn_ge0 // subr_ge0 mass_le1.
have [le|/ltW ge] := leP (s y) (pi y); first by rewrite ger0_norm ?subr_ge0 // ler_addl mulr_ge0 ?ler0n.
rewrite ler0_norm ?subr_le0 // opprB -ler_subl_addl opprB mulr_natl mulr2n.
by rewrite ler_add // short.
Qed.

(** ... no mass is far below its share; ... *)
Theorem E8_mass y : s y - k.+1%:R^-1 <= pi y.
Proof. by have := le_trans (short y) (few y); rewrite !ler_subl_addr addrC. Qed.

(** ... and with f favourites both sides are at most 2f/(k+1): as k grows, pi tends to s. *)
Theorem E8_rate : 2%:R * (\sum_y s y * (1 - pi y) ^+ k.+1)
  <= 2%:R * #|[pred y | 0 < s y]|%:R / k.+1%:R.
Proof.
rewrite -mulrA ler_wpmul2l ?ler0n // -sum1_card natr_sum big_distrl [leRHS]big_mkcond /=.
apply: ler_sum => y _; rewrite mul1r; case: ifP => [_|]; first exact: few.
by move/negbT; rewrite -leNgt => le; rewrite (le_anti (introT andP (conj le (share_ge0 y)))) mul0r.
Qed.

End E8.
