(** P6: self-play. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 Learning.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section P6.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k : nat).

Lemma W_mixture t l n I (q : distr R I) (P : I -> outputs R n Y) (Q : outputs R l Y) :
  W t p (mixture q P) Q = \sum_i q i * W t p (P i) Q.
Proof.
rewrite /W; under [RHS]eq_bigr do rewrite big_distrr; rewrite [RHS]exchange_big.
apply: eq_bigr => S _ /=; under [RHS]eq_bigr do rewrite big_distrr; rewrite [RHS]exchange_big.
apply: eq_bigr => T _ /=; rewrite mixtureE -mulrA big_distrl; apply: eq_bigr => i _ /=.
by rewrite !mulrA.
Qed.

(** "Draw t uniformly, then k samples from pi_t." *)
Definition history T (f : 'I_T.+1 -> distr R Y) : outputs R k Y :=
  mixture (even ord0) (fun t => draws k (f t)).

(** P6. For any policies pi_0..pi_T, T+1 rounds: the history is (k, k/(k+1) - r/(T+1))-robust
    iff r bounds the regrets sum_t u_y(pi_t) - (T+1)/(k+1). So its worst case is exactly that of
    the greatest regret. *)
Theorem P6 T (f : 'I_T.+1 -> distr R Y) (r : R) :
  robust uniform p (history f) (k%:R / k.+1%:R - r / T.+1%:R) <->
  forall y, \sum_t utility p k (f t) y - T.+1%:R / k.+1%:R <= r.
Proof.
have T_gt0 : 0 < T.+1%:R :> R by rewrite ltr0n.
have won y : W uniform p (history f) (sure [tuple y])
           = 1 - (\sum_t utility p k (f t) y) / T.+1%:R.
  rewrite W_mixture; under eq_bigr do rewrite evenE card_ord W_utility.
  rewrite -big_distrr /= sumrB sumr_const card_ord mulrBr -mulr_natl mulr1.
  by rewrite mulVf ?lt0r_neq0 // mulrC.
have same y : (k%:R / k.+1%:R - r / T.+1%:R <= W uniform p (history f) (sure [tuple y]))
            = (\sum_t utility p k (f t) y - T.+1%:R / k.+1%:R <= r).
  rewrite won -rate_complement -addrA -opprD ler_add2l ler_opp2 ler_pdivr_mulr // mulrDl.
  by rewrite divfK ?lt0r_neq0 // ler_subl_addl mulrC.
by split=> H y; move: (H y); rewrite same.
Qed.

(** P6. Regret matching has no regret: after T rounds every regret, where it is positive, is at
    most the root of |Y| T, so that the history's loss against k/(k+1) tends to zero. *)
Theorem P6_no_regret (y0 : Y) T : exists f : nat -> distr R Y, forall y,
  let r := \sum_(t < T) utility p k (f t) y - T%:R / k.+1%:R in
  r <= 0 \/ r ^+ 2 <= (#|Y| * T)%:R.
Proof.
have near y pi : -1 <= utility p k pi y - k.+1%:R^-1 <= 1.
  have i0 : 0 <= k.+1%:R^-1 :> R by rewrite invr_ge0 ler0n.
  have i1 : k.+1%:R^-1 <= 1 :> R by rewrite invf_le1 ?ltr0n // ler1n.
  rewrite ler_subr_addr ler_subl_addr; apply/andP; split.
    by apply: le_trans (utility_ge0 _ _ _ _); rewrite addrC subr_le0.
  by apply: le_trans (utility_le1 _ _ _ _) _; rewrite ler_addl.
have answer (D : distr R Y) : exists pi, \sum_y D y * utility p k pi y <= k.+1%:R^-1.
  by exists D; rewrite P1_average.
have [f le] := @regret_matching _ _ _ (sure y0) (fun y pi => utility p k pi y) _ near answer T.
exists f => y r; have rE : regret (fun y pi => utility p k pi y) k.+1%:R^-1 f T y = r.
  by rewrite /regret sumrB sumr_const card_ord -[_ *+ T]mulr_natl.
have [r0|r_gt0] := leP r 0; [by left | right].
apply: le_trans le; rewrite (bigD1 y) //= rE /pos max_r ?(ltW r_gt0) // ler_addl.
by apply: sumr_ge0 => z _; exact: sqr_ge0.
Qed.

End P6.
