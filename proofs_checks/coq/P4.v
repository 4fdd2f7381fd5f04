(** P4: NLHF's ceiling. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 P7.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Phi.

Variables (R : realFieldType) (Y : finType) (p : population R Y).

(** One draw: u_y is the mass that y beats, half of what it ties with. *)
Lemma utility1 (pi : distr R Y) y :
  utility p 1 pi y = \sum_z pi z * (above p y z + tied p y z / 2%:R).
Proof.
rewrite utilityE /above /tied; under [RHS]eq_bigr do rewrite big_mkcond [X in X / _]big_mkcond /=.
under [RHS]eq_bigr do rewrite big_distrl -big_split big_distrr; rewrite exchange_big.
apply: eq_bigr => u _ /=; rewrite /phi expr1 /cumulative /line integralD integralC integralZ.
rewrite -['X]expr1 integralXn mulrDr /low /level !big_distrl !big_distrr /=.
rewrite big_mkcond [X in _ + X]big_mkcond -big_split; apply: eq_bigr => z _ /=.
rewrite [rank p u z == _]eq_sym; case: ltngtP => _; rewrite ?mul0r ?addr0 ?add0r ?mulr0 //.
  by rewrite mulrC.
by rewrite mulrCA.
Qed.

Lemma above_swap (y z : Y) : above p y z + tied p y z + above p z y = 1.
Proof.
rewrite /above /tied -[RHS](mass_sum (weight p)) [X in X + _ + _]big_mkcond.
rewrite [X in _ + X + _]big_mkcond [X in _ + X]big_mkcond -!big_split; apply: eq_bigr => u _ /=.
by case: ltngtP => _; rewrite ?addr0 ?add0r.
Qed.

Lemma above_self (y : Y) : above p y y = 0.
Proof. by rewrite /above big_pred0 // => u; rewrite ltnn. Qed.

Lemma tied_swap (y z : Y) : tied p y z = tied p z y.
Proof. by apply: eq_bigl => u; rewrite eq_sym. Qed.

Lemma above_ge0 (y z : Y) : 0 <= above p y z.
Proof. by apply: sumr_ge0 => u _; exact: mass_ge0. Qed.

(** Half of y's share of the pairs: 1/2 and half the margin. *)
Lemma half_margin (y z : Y) :
  above p y z + tied p y z / 2%:R = 2%:R^-1 + (above p y z - above p z y) / 2%:R.
Proof.
have two : 2%:R != 0 :> R by rewrite pnatr_eq0.
have := above_swap y z; move: (above p y z) (above p z y) (tied p y z) => a b t e.
apply: (mulIf two); rewrite !mulrDl !divfK // mulVf //.
transitivity (a + t + b + (a - b)); [by ring | by rewrite e].
Qed.

End Phi.

Section P4.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (c : Y).

(** c is a strict Condorcet winner. *)
Definition condorcet_winner := forall y, y != c -> above p y c < above p c y.

(** P4. With a strict Condorcet winner c, NLHF is the point mass on c and nothing else. *)
Theorem P4_NLHF : condorcet_winner -> forall pi : distr R Y, NLHF p pi <-> pi = sure c.
Proof.
move=> win pi; rewrite /NLHF P1_equilibrium; have two : 0 < 2%:R :> R by rewrite ltr0n.
split=> [/(_ c)|-> y]; last first.
  rewrite utility_sure // half_margin ger_addl; have [->|/win lt] := eqVneq y c.
    by rewrite subrr mul0r.
  by rewrite ltW // pmulr_llt0 ?invr_gt0 // subr_lt0.
rewrite utility1; under eq_bigr do rewrite half_margin mulrDr.
rewrite big_split mass_const /= ger_addl => sum_le.
pose margin z := pi z * ((above p c z - above p z c) / 2%:R).
have margin_ge0 z : 0 <= margin z.
  rewrite mulr_ge0 ?mass_ge0 // mulr_ge0 ?invr_ge0 ?ler0n // subr_ge0; have [->|/win] := eqVneq z c => //.
  exact: ltW.
have sum0 : \sum_z margin z = 0 by apply: le_anti; rewrite sum_le sumr_ge0.
have pi0 z : z != c -> pi z = 0.
  have all0 := psumr_eq0P (fun z _ => margin_ge0 z) sum0.
  move=> ne; have /eqP := all0 z isT.
  rewrite mulf_eq0 => /orP[/eqP //|].
  by rewrite gt_eqF // divr_gt0 // subr_gt0 win.
apply: distr_eq => y; rewrite sureE; have [->|/pi0 //] := eqVneq y c.
by rewrite -(mass_sum pi) (bigD1 c) //= big1 ?addr0.
Qed.

(** P4. Sampled k times the point mass on c wins exactly this against y; k/(k+1) for y = c. *)
Theorem P4_win_rate k y : (0 < k)%N -> y != c ->
  W uniform p (draws k (sure c)) (sure [tuple y]) = above p c y + k%:R / k.+1%:R * tied p c y.
Proof.
move=> k_gt0 ne; rewrite W_utility utility_sure // -rate_complement tied_swap.
move: (k.+1%:R^-1) (above_swap p c y) => i e.
transitivity (above p c y + tied p c y + above p y c - (above p y c + tied p c y * i)).
  by rewrite e.
ring.
Qed.

(** P4. Its worst case is min(k/(k+1), min over y != c of P(c above y) + k/(k+1) P(c ties y)). *)
Theorem P4_worst_case k f : (0 < k)%N -> robust uniform p (draws k (sure c)) f <->
  f <= k%:R / k.+1%:R /\
  forall y, y != c -> f <= above p c y + k%:R / k.+1%:R * tied p c y.
Proof.
move=> k_gt0; split=> [rob|[le_k le] y].
  by split=> [|y ne]; [exact: P1_no_more rob | rewrite -P4_win_rate].
have [->|ne] := eqVneq y c; last by rewrite P4_win_rate ?le.
rewrite W_utility utility_sure // above_self add0r /tied.
under eq_bigl do rewrite eqxx; by rewrite mass_sum mul1r rate_complement.
Qed.

(** P4. For strict rankings: min(k/(k+1), m), m the least P(c above y); so at most m for all k. *)
Theorem P4_strict k f : (0 < k)%N -> strict p -> robust uniform p (draws k (sure c)) f <->
  f <= k%:R / k.+1%:R /\ forall y, y != c -> f <= above p c y.
Proof.
move=> k_gt0 st; rewrite P4_worst_case //; have no_tie y : y != c -> tied p c y = 0.
  by move=> ne; rewrite /tied big_pred0 // => u; apply: contraNF ne => /eqP/st ->.
by split=> -[le_k le]; split=> // y ne; move: (le y ne); rewrite no_tie // mulr0 addr0.
Qed.

End P4.

Section Half.

Variables (R : realFieldType) (Y : finType) (p : population R Y).

(** phi_k falls in k. *)
Lemma phi_decreasing k (pi : distr R Y) r n : phi k.+1 pi r n <= phi k pi r n.
Proof.
have C_ge0 := coef_ge0_cumulative pi r n; have Ck_ge0 := coef_ge0X k C_ge0.
rewrite -subr_ge0 -integralB exprS; set q := _ ^+ k in Ck_ge0 *.
have -> : q - cumulative pi r n * q = (1 - low pi r n) *: q + level pi r n *: (q - 'X * q).
  rewrite lowS /cumulative /line mulrDl mul_polyC -scalerAl scalerBl scale1r scalerDl scalerBr.
  move: (low pi r n.+1 *: q) (level pi r n *: q) (level pi r n *: ('X * q)) => a b c.
  by rewrite !opprD !addrA [X in X - c]addrNK.
have low_le1 : low pi r n <= 1.
  rewrite -[leRHS](mass_sum pi) [leRHS](bigID (fun y => n <= r y)%N) /= ler_paddr ?sumr_ge0 //.
  by move=> y _; exact: mass_ge0.
rewrite integralD !integralZ integralB addr_ge0 ?mulr_ge0 ?level_ge0 ?subr_ge0 ?integral_ge0 //.
by rewrite -['X]expr1 integral_shift.
Qed.

Lemma utility_decreasing k (pi : distr R Y) y : utility p k.+1 pi y <= utility p k pi y.
Proof.
rewrite !utilityE; apply: ler_sum => u _; rewrite ler_wpmul2l ?mass_ge0 //.
exact: phi_decreasing.
Qed.

(** P4. For every population and every k >= 1 NLHF's worst case is at least 1/2. *)
Theorem P4_at_least_half (pi : distr R Y) k : (0 < k)%N -> NLHF p pi ->
  robust uniform p (draws k pi) 2%:R^-1.
Proof.
move=> k_gt0 /P1_equilibrium le y; rewrite W_utility.
have {1}-> : 2%:R^-1 = 1 - 2%:R^-1 :> R by rewrite (rate_complement R 1) mul1r.
rewrite ler_add2l ler_opp2; apply: le_trans (le y).
case: k k_gt0 => // k _; elim: k => [|k IH]; first exact: lexx.
exact: le_trans (utility_decreasing _ _ _) IH.
Qed.

End Half.

Section TwoResponses.

Variables (R : realFieldType) (eps : R).
Hypotheses (eps_gt0 : 0 < eps) (eps_le : eps <= 2%:R^-1).

(** Two responses, true and false; weight 1/2 + eps for true. *)
Definition majority_share (u : bool) : R := if u then 2%:R^-1 + eps else 2%:R^-1 - eps.

Fact majority_ge0 u : 0 <= majority_share u.
Proof.
case: u; rewrite /= ?subr_ge0 //; apply: addr_ge0; [by rewrite invr_ge0 ler0n | exact: ltW].
Qed.

Fact half_half : 2%:R^-1 + 2%:R^-1 = 1 :> R.
Proof.
have two : 2%:R != 0 :> R by rewrite pnatr_eq0.
by apply: (mulIf two); rewrite mulrDl mulVf // mul1r.
Qed.

Fact majority_sum : \sum_u majority_share u = 1.
Proof. by rewrite big_bool /= addrACA subrr addr0 half_half. Qed.

Definition majority : population R [finType of bool] :=
  @Population R _ [finType of bool] (distr_of majority_ge0 majority_sum)
    (fun u y => if y == u then 0 else 1)%N.

Fact majority_above y : above majority y (~~ y) = majority_share y.
Proof.
rewrite /above big_mkcond big_bool !distr_ofE.
by case: y; rewrite /= ?addr0 ?add0r.
Qed.

Fact majority_winner : condorcet_winner majority true.
Proof.
case=> // _; rewrite (majority_above false) (majority_above true) /=.
by rewrite ler_lt_add // -subr_gt0 opprK addr_gt0.
Qed.

Fact majority_strict : strict majority.
Proof. by case=> -[] []. Qed.

(** P4. Its NLHF policy is the point mass on true, ... *)
Theorem P4_majority_NLHF (pi : distr R [finType of bool]) : NLHF majority pi <-> pi = sure true.
Proof. exact: P4_NLHF majority_winner pi. Qed.

(** ... whose k-sample worst case is min(k/(k+1), 1/2 + eps), for every k. As eps > 0 is
    arbitrary, more than 1/2 cannot be guaranteed, and by the bound above 1/2 always is. *)
Theorem P4_majority k f : (0 < k)%N -> robust uniform majority (draws k (sure true)) f <->
  f <= k%:R / k.+1%:R /\ f <= 2%:R^-1 + eps.
Proof.
move=> k_gt0; rewrite (P4_strict _ _ k_gt0 majority_strict).
have mE : above majority true false = 2%:R^-1 + eps by exact: majority_above true.
by split=> -[le_k le]; split=> //; [rewrite -mE le | case=> // _; rewrite mE].
Qed.

End TwoResponses.
