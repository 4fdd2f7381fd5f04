(** P6: self-play. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 Learning Exponential.

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

Section Hedge.

Variables (R : archiFieldType) (E : R -> R) (Y : finType) (y0 : Y) (p : population R Y) (k : nat).
Hypothesis expE : exponential E.
Variable eta : R.
Implicit Types pi : distr R Y.

(** The factor by which a response's mass grows, and the average one. *)
Definition growth pi y : R := E (eta * utility p k pi y).
Definition mean_growth pi : R := \sum_y pi y * growth pi y.

Lemma mean_growth_gt0 pi : 0 < mean_growth pi.
Proof.
apply: lt_le_trans (exp_gt0 expE (- `|eta|)) _; apply: average_ge => y.
rewrite (exp_le expE) ler_oppl (le_trans (ler_norm _)) // normrN normrM.
by rewrite ler_pimulr ?normr_ge0 // ger0_norm ?utility_ge0 ?utility_le1.
Qed.

Fact reweighted_ge0 pi y : 0 <= pi y * growth pi y / mean_growth pi.
Proof. by rewrite divr_ge0 ?mulr_ge0 ?mass_ge0 ?(ltW (exp_gt0 _ _)) ?(ltW (mean_growth_gt0 _)). Qed.

Fact reweighted_sum pi : \sum_y pi y * growth pi y / mean_growth pi = 1.
Proof. by rewrite -big_distrl /= divff // lt0r_neq0 ?mean_growth_gt0. Qed.

(** In proportion to pi(y) exp(eta u_y(pi)). *)
Definition reweighted pi : distr R Y := distr_of (reweighted_ge0 pi) (reweighted_sum pi).

(** Hedge: the first policy is uniform, each later one is the last one reweighted. *)
Fixpoint hedge (t : nat) : distr R Y := if t is s.+1 then reweighted (hedge s) else even y0.

(** What y would have earned in T rounds, less what the policies have, 1/(k+1) each by P1. *)
Definition hedge_regret T y : R := \sum_(t < T) utility p k (hedge t) y - T%:R / k.+1%:R.

Hypothesis eta_gt0 : 0 < eta.

Lemma mean_growth_le pi : mean_growth pi <= E (eta / k.+1%:R + eta ^+ 2 / 8%:R).
Proof.
have q01 : 0 <= (k.+1%:R^-1 : R) <= 1.
  by apply/andP; split; rewrite ?invr_ge0 ?ler0n // invf_le1 ?ltr0n ?ler1n.
apply: (@le_trans _ _ (1 - k.+1%:R^-1 + k.+1%:R^-1 * E eta)); last first.
  by rewrite [eta * _]mulrC; apply: hoeffding => //; exact: ltW.
have <- : \sum_y pi y * (1 - utility p k pi y + utility p k pi y * E eta)
        = 1 - k.+1%:R^-1 + k.+1%:R^-1 * E eta.
  under eq_bigr do rewrite mulrDr mulrBr mulr1 mulrA.
  by rewrite big_split sumrB /= mass_sum -big_distrl /= P1_average.
apply: ler_sum => y _; rewrite ler_wpmul2l ?mass_ge0 //.
by apply: exp_chord; rewrite ?utility_ge0 ?utility_le1.
Qed.

(** P6. Hedge in T rounds with any step eta > 0, where ln n = L for the n responses:
    eta R_T <= ln n + T eta^2/8. *)
Theorem P6_hedge T (L : R) : E L = #|Y|%:R ->
  forall y, eta * hedge_regret T y <= L + T%:R * (eta ^+ 2 / 8%:R).
Proof.
move=> EL y; pose B := eta / k.+1%:R + eta ^+ 2 / 8%:R.
have potential t : E (eta * \sum_(s < t) utility p k (hedge s) y)
    <= hedge t y * E (L + t%:R * B).
  elim: t => [|t IH].
    rewrite big_ord0 mulr0 (exp0 expE) mul0r addr0 EL [hedge 0 y]evenE mulVf // pnatr_eq0 -lt0n.
    by apply/card_gt0P; exists y.
  rewrite [hedge _ y]distr_ofE [t.+1%:R]mulrSr mulrDl mul1r addrA (expD expE _ B).
  rewrite big_ord_recr /= mulrDr (expD expE) -/(growth (hedge t) y).
  set g := growth _ y; set m := mean_growth _; have m_gt0 : 0 < m := mean_growth_gt0 _.
  have g_ge0 : 0 <= g := ltW (exp_gt0 expE _).
  have -> : hedge t y * g / m * (E (L + t%:R * B) * E B)
    = hedge t y * E (L + t%:R * B) * g * (E B / m) by field; exact: lt0r_neq0.
  apply: le_trans (ler_wpmul2r g_ge0 IH) _; rewrite ler_pemulr //.
    by rewrite !mulr_ge0 ?mass_ge0 ?(ltW (exp_gt0 expE _)).
  by rewrite ler_pdivl_mulr // mul1r mean_growth_le.
have := le_trans (potential T) (ler_pimull (ltW (exp_gt0 expE _)) (mass_le1 _ y)).
rewrite (exp_le expE) /hedge_regret mulrBr ler_subl_addr => /le_trans; apply.
rewrite /B mulrDr addrA addrAC ler_add2l.
by rewrite [eta * (_ / _)]mulrCA.
Qed.

(** With the best step both halves of that are ln n. *)
Lemma hedge_best T (L : R) y : E L = #|Y|%:R -> eta ^+ 2 * T%:R = 8%:R * L ->
  0 <= L /\ eta * hedge_regret T y <= 2%:R * L.
Proof.
move=> EL best; split.
  by rewrite -(exp_le expE) (exp0 expE) EL ler1n; apply/card_gt0P; exists y.
apply: le_trans (P6_hedge T EL y) _.
have -> : T%:R * (eta ^+ 2 / 8%:R) = eta ^+ 2 * T%:R / 8%:R by ring.
by rewrite best mulrAC divff ?pnatr_eq0 // mul1r mulr_natl mulr2n.
Qed.

(** P6. With eta = sqrt(8 ln n / T): R_T <= sqrt(T ln n / 2). *)
Theorem P6_hedge_root T (L r : R) : E L = #|Y|%:R -> eta ^+ 2 * T%:R = 8%:R * L ->
  0 <= r -> r ^+ 2 = T%:R * L / 2%:R -> forall y, hedge_regret T y <= r.
Proof.
move=> EL best r_ge0 r_sqr y; have [L_ge0 le] := hedge_best y EL best.
rewrite -(ler_pmul2l eta_gt0); apply: le_trans le _.
rewrite -ler_sqr ?nnegrE ?mulr_ge0 ?ler0n ?(ltW eta_gt0) //.
rewrite [(eta * r) ^+ 2]exprMn r_sqr !mulrA best.
by have -> : 8%:R * L * L / 2%:R = (2%:R * L) ^+ 2 by field.
Qed.

(** P6. And so T >= ln n / (2 eps^2) rounds of it, here T+1 of them, make a history that is
    (k, k/(k+1) - eps)-robust. *)
Theorem P6_hedge_robust T (L eps : R) : E L = #|Y|%:R -> eta ^+ 2 * T.+1%:R = 8%:R * L ->
  0 < eps -> L / (2%:R * eps ^+ 2) <= T.+1%:R ->
  robust uniform p (history k (fun t : 'I_T.+1 => hedge t)) (k%:R / k.+1%:R - eps).
Proof.
move=> EL best eps_gt0 many.
rewrite -[eps](@mulfK _ T.+1%:R) ?pnatr_eq0 //; apply/P6 => y.
have [L_ge0 le] := hedge_best y EL best.
rewrite -/(hedge_regret T.+1 y) -(ler_pmul2l eta_gt0); apply: le_trans le _.
have eps_ge0 := ltW eps_gt0; have eta_ge0 := ltW eta_gt0.
rewrite -ler_sqr ?nnegrE ?mulr_ge0 ?ler0n //.
have -> : (eta * (eps * T.+1%:R)) ^+ 2 = (eta ^+ 2 * T.+1%:R) * (eps ^+ 2 * T.+1%:R) by ring.
rewrite best; move: many; rewrite ler_pdivr_mulr ?mulr_gt0 ?ltr0n ?exprn_gt0 // => many.
have -> : (2%:R * L) ^+ 2 = 4%:R * L * L by ring.
have -> : 8%:R * L * (eps ^+ 2 * T.+1%:R) = 4%:R * L * (T.+1%:R * (2%:R * eps ^+ 2)) by ring.
by rewrite ler_wpmul2l ?mulr_ge0 ?ler0n.
Qed.

End Hedge.
