(** E5: what k-sample product policies guarantee against opponents with l outputs. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 E1 Learning Continuum Exponential P7.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Pieces.

Variable R : realFieldType.
Implicit Types (q b : {poly R}) (a c d t : R).

Lemma comp_Xn i q : 'X^i \Po q = q ^+ i.
Proof. by rewrite rmorphX /= comp_polyX. Qed.

(** [0, 1] cut at t. *)
Lemma integral_cut t q : integral q
  = t * integral (q \Po (t *: 'X)) + (1 - t) * integral (q \Po line t (1 - t)).
Proof.
rewrite [q]poly_sumXn; elim/big_rec: _ => [|i g _ IH].
  by rewrite !comp_poly0 !integral0 !mulr0 addr0.
rewrite !comp_polyD !integralD IH !comp_polyZ !integralZ !comp_Xn exprZn integralZ.
have := integral_line_exp t (1 - t) i; rewrite [t + _]addrC subrK expr1n integralXn => cut.
rewrite [X in _ * X + _ = _](_ : _ = t * (t ^+ i / i.+1%:R)
    + (1 - t) * integral (line t (1 - t) ^+ i)).
  by set w := t ^+ i / _; ring.
by rewrite cut mulrBl mul1r mulrA -exprS addrC subrK.
Qed.

(** The largest of j quantiles is at most 1. *)
Lemma integral_most j q : (0 < j)%N -> coef_ge0 q -> j%:R * integral ('X^j.-1 * q) <= q.[1].
Proof.
move=> j_gt0 Hq; rewrite horner_coef [X in integral (_ * X)]poly_sumXn.
rewrite [X in integral X]big_distrr integral_sum big_distrr.
apply: ler_sum => i _ /=; rewrite expr1n mulr1 -scalerAr integralZ -exprD integralXn mulrCA.
rewrite ler_pimulr ?Hq // ler_pdivr_mulr ?ltr0n // mul1r ler_nat.
by rewrite -addSn prednK // leq_addr.
Qed.

Lemma integral_weighted b q : coef_ge0 b -> b.[1] <= 1 -> coef_ge0 q ->
  integral (b * q) <= integral q.
Proof.
move=> Hb b1 Hq; apply: le_trans (_ : _ <= b.[1] * integral q) _; last first.
  by rewrite ler_pimull ?integral_ge0.
rewrite horner_coef [X in integral (X * _)]poly_sumXn.
rewrite [X in integral X]big_distrl integral_sum big_distrl.
apply: ler_sum => i _ /=; rewrite expr1n mulr1 -scalerAl integralZ ler_wpmul2l ?Hb //.
exact: integral_shift.
Qed.

Lemma integral_flat j a : (0 < j)%N -> j%:R * integral ('X^j.-1 * (a%:P : {poly R})) = a.
Proof.
move=> j_gt0; rewrite [_ * a%:P]mulrC mul_polyC integralZ integralXn prednK //.
rewrite mulrCA divff ?mulr1 //.
by rewrite pnatr_eq0 -lt0n.
Qed.

Lemma coef_ge0_excess a c d k : 0 <= a -> a <= c -> 0 <= d ->
  coef_ge0 (line c d ^+ k - (a ^+ k)%:P).
Proof.
move=> a_ge0 le d_ge0 i; rewrite coefB coefC; case: eqP => [->|_].
  rewrite -horner_coef0 horner_exp lineE mulr0 addr0 subr_ge0.
  by rewrite ler_expn2r ?nnegrE // (le_trans a_ge0).
by rewrite subr0; apply: coef_ge0X; apply: coef_ge0_line => //; exact: le_trans le.
Qed.

(** The integral of c^k - a^k from a to x, and 0 below a. *)
Definition excess a k x : R :=
  let m := Num.max a x in (m ^+ k.+1 - a ^+ k.+1) / k.+1%:R - a ^+ k * (m - a).

Lemma excess_below a k x : x <= a -> excess a k x = 0.
Proof. by move=> le; rewrite /excess max_l // !subrr mul0r mulr0 subrr. Qed.

Lemma excess_above a k c d : a <= c -> 0 <= d ->
  excess a k (c + d) - excess a k c = d * integral (line c d ^+ k - (a ^+ k)%:P).
Proof.
move=> le d_ge0; rewrite /excess !max_r //; last by rewrite ler_paddr.
rewrite integralB integralC [RHS]mulrBr integral_line_exp.
move: (_ ^+ k.+1) (_ ^+ k.+1) (_ ^+ k.+1) (_ ^+ k) (_^-1) => A B C D v; ring.
Qed.

Lemma excess_le a k c d : 0 <= a -> 0 <= c -> 0 <= d -> excess a k c <= excess a k (c + d).
Proof.
move=> a_ge0 c_ge0 d_ge0; have above x e : a <= x -> 0 <= e -> excess a k x <= excess a k (x + e).
  move=> le e_ge0; rewrite -subr_ge0 excess_above // mulr_ge0 // integral_ge0 //.
  exact: coef_ge0_excess.
have [le|/ltW le] := leP a c; first exact: above.
rewrite [leLHS]excess_below // -(excess_below k (lexx a)).
have [le2|lt] := leP (c + d) a; first by rewrite [leRHS]excess_below // excess_below.
by rewrite -[c + d](subrK a) addrC above // subr_ge0 ltW.
Qed.

(** j positions in a class of mass d above mass c: their best quantile's k-th power is at most a^k
    and, for each position, what its own is above a^k. *)
Lemma best_quantile a c d j k : (0 < j)%N -> 0 <= a -> 0 <= c -> 0 <= d ->
  d * integral (j%:R *: ('X^j.-1 * line c d ^+ k))
    <= d * a ^+ k + j%:R * (excess a k (c + d) - excess a k c).
Proof.
move=> j_gt0 a_ge0 c_ge0 d_ge0; rewrite integralZ.
have C_ge0 e : 0 <= e -> coef_ge0 (line c e ^+ k) by move=> e_ge0; apply/coef_ge0X/coef_ge0_line.
have most e : 0 <= e -> j%:R * integral ('X^j.-1 * line c e ^+ k) <= (c + e) ^+ k.
  move=> e_ge0; apply: le_trans (integral_most j_gt0 (C_ge0 e e_ge0)) _.
  by rewrite horner_exp lineE mulr1.
have [below|above] := leP (c + d) a.
  rewrite !excess_below ?subrr ?mulr0 ?addr0 //; last by rewrite (le_trans _ below) ?ler_addl.
  rewrite ler_wpmul2l // (le_trans (most d d_ge0)) // ler_expn2r ?nnegrE ?addr_ge0 //.
set q := 'X^j.-1 * (line c d ^+ k - (a ^+ k)%:P).
have -> : d * (j%:R * integral ('X^j.-1 * line c d ^+ k)) = d * a ^+ k + j%:R * (d * integral q).
  rewrite /q mulrBr integralB; have := integral_flat (a ^+ k) j_gt0.
  set F := integral ('X^j.-1 * (a ^+ k)%:P) => flat; rewrite -{1}flat.
  by move: F {flat} (integral _) => F I; ring.
rewrite ler_add2l ler_wpmul2l ?ler0n //.
have [le|lt] := leP a c.
  by rewrite excess_above // ler_wpmul2l // integral_shift //; exact: coef_ge0_excess.
have d_gt0 : 0 < d by rewrite -(ltr_add2l c) addr0 (lt_trans lt).
pose t := (a - c) / d; have dt : d * t = a - c by rewrite mulrCA divff ?mulr1 ?lt0r_neq0.
have t_ge0 : 0 <= t by rewrite divr_ge0 // subr_ge0 ltW.
have t_le1 : t <= 1 by rewrite ler_pdivr_mulr // mul1r ler_subl_addl ltW.
rewrite (excess_below k (ltW lt)) subr0 (integral_cut t q) mulrDr.
have cutE (h : {poly R}) : q \Po h = h ^+ j.-1 * ((c%:P + d *: h) ^+ k - (a ^+ k)%:P).
  rewrite /q comp_polyM comp_Xn comp_polyB comp_polyC rmorphX /= /line comp_polyD comp_polyC.
  by rewrite comp_polyZ comp_polyX.
have low_part : integral (q \Po (t *: 'X)) <= 0.
  rewrite cutE exprZn -scalerAl integralZ mulr_ge0_le0 ?exprn_ge0 //.
  rewrite scalerA dt -(pmulr_rle0 _ (_ : 0 < j%:R)) ?ltr0n // mulrBr integralB mulrBr.
  rewrite integral_flat //.
  rewrite subr_le0 (le_trans (most (a - c) _)) ?subr_ge0 ?(ltW lt) //.
  by rewrite addrC subrK.
have high_part : d * (1 - t) * integral (q \Po line t (1 - t)) <= excess a k (c + d).
  have -> : d * (1 - t) = c + d - a by rewrite mulrBr mulr1 dt; ring.
  have -> : excess a k (c + d) = (c + d - a) * integral (line a (c + d - a) ^+ k - (a ^+ k)%:P).
    rewrite -excess_above ?subr_ge0 ?(ltW above) // [excess a k a]excess_below // subr0.
    by congr (excess _ _ _); ring.
  rewrite ler_wpmul2l ?subr_ge0 ?(ltW above) // cutE.
  have -> : c%:P + d *: line t (1 - t) = line a (c + d - a).
    rewrite lineZ dt /line addrA -polyCD; congr (_%:P + _ *: _); first by rewrite addrC subrK.
    by rewrite mulrBr mulr1 dt; ring.
  apply: integral_weighted; first by apply/coef_ge0X/coef_ge0_line; rewrite ?subr_ge0.
    by rewrite horner_exp lineE mulr1 addrC subrK expr1n.
  by apply: coef_ge0_excess; rewrite ?subr_ge0 ?(ltW above).
rewrite [d * ((1 - t) * _)]mulrA -[leRHS]add0r ler_add //.
by rewrite mulr_ge0_le0 // mulr_ge0_le0.
Qed.

End Pieces.

(** g_l(k). *)
Definition product_rate (R : realFieldType) (l k : nat) : R :=
  1 - l%:R / k.+1%:R * (1 - (1 - l%:R^-1) ^+ k.+1).

Section Answer.

Variables (R : realFieldType) (Y : finType) (l' k : nat).
Local Notation l := l'.+1.
Local Notation a := (1 - l%:R^-1 : R).

Fact a_ge0 : 0 <= a.
Proof. by rewrite subr_ge0 invf_le1 ?ltr0n // ler1n. Qed.

Fact rest_ge0 : 0 <= 1 - a.
Proof. by rewrite subKr invr_ge0 ler0n. Qed.

Lemma rate_integral : 1 - product_rate R l k = integral (line a (1 - a) ^+ k).
Proof.
rewrite /product_rate subKr; apply: (@mulfI _ (1 - a)); first by rewrite subKr invr_eq0 pnatr_eq0.
rewrite integral_line_exp [a + _]addrC subrK expr1n subKr mulrA mulrA mulVf ?pnatr_eq0 //.
by rewrite mul1r mulrC.
Qed.

Lemma rate_bounds : 0 <= 1 - product_rate R l k <= 1.
Proof.
have line_ge0 : coef_ge0 (line a (1 - a) ^+ k).
  by apply/coef_ge0X/coef_ge0_line; [exact: a_ge0 | exact: rest_ge0].
rewrite rate_integral integral_ge0 //=.
have := @integral_most _ 1 _ isT line_ge0; rewrite mul1r expr0 mul1r => le.
by apply: le_trans le _; rewrite horner_exp lineE mulr1 addrC subrK expr1n.
Qed.

(** A mixture of opponents is answered by the law of a random position of its tuple. *)
Variable D : distr R [finType of l.-tuple Y].
Definition position : distr R Y :=
  mixture D (fun T => mixture (even ord0) (fun i : 'I_l => sure (tnth T i))).

Lemma level_position r n :
  l%:R * level position r n = \sum_T D T * (count (fun y => r y == n) T)%:R.
Proof.
rewrite level_mixture big_distrr; apply: eq_bigr => T _ /=; rewrite mulrCA; congr (_ * _).
rewrite level_mixture -sum1_count big_tuple natr_sum big_distrr [RHS]big_mkcond /=.
apply: eq_bigr => i _; rewrite ffunE card_ord level_sure mulrA divff ?pnatr_eq0 // mul1r.
by case: eqP.
Qed.

Lemma answer_user r : \sum_T D T * chance k position r T <= 1 - product_rate R l k.
Proof.
pose H n := excess a k (low position r n).
pose K n := (H n - H n.+1) / level position r n.
have H_le n : 0 <= H n - H n.+1.
  by rewrite subr_ge0 /H (lowS _ _ n) excess_le ?a_ge0 ?low_ge0 ?level_ge0.
have K_ge0 n : 0 <= K n by rewrite divr_ge0 ?level_ge0.
have mass_K n : level position r n * K n = H n - H n.+1.
  have [flat|pos] := eqVneq (level position r n) 0; last by rewrite mulrC divfK.
  by rewrite flat mul0r /H (lowS _ _ n) flat addr0 subrr.
have nonempty (T : l.-tuple Y) : tval T != [::] by rewrite -size_eq0 size_tuple.
have one (T : l.-tuple Y) : D T * chance k position r T
    <= D T * (a ^+ k + (tops r T)%:R * K (top r T)).
  have [->|D0] := eqVneq (D T) 0; first by rewrite !mul0r.
  rewrite ler_wpmul2l ?mass_ge0 //; set n := top r T.
  have tops_pos := tops_gt0 r (nonempty T).
  have pos : 0 < level position r n.
    rewrite -(pmulr_rgt0 _ (_ : 0 < l%:R)) ?ltr0n // level_position (bigD1 T) //= ltr_paddr //.
      by apply: sumr_ge0 => T' _; rewrite mulr_ge0 ?mass_ge0 ?ler0n.
    by rewrite mulr_gt0 ?ltr0n // lt_def D0 mass_ge0.
  rewrite -(ler_pmul2l pos) mulrDr mulrCA mass_K /H (lowS _ _ n).
  by apply: best_quantile; rewrite ?a_ge0 ?low_ge0 ?level_ge0.
apply: le_trans (ler_sum _ (fun T _ => one T)) _.
under eq_bigr do rewrite mulrDr; rewrite big_split mass_const /=.
have ends : \sum_(n < beyond r) (H n - H n.+1) = (1 - a ^+ k.+1) / k.+1%:R - a ^+ k * (1 - a).
  rewrite -(big_mkord xpredT (fun n => H n - H n.+1)); under eq_bigr do rewrite -opprB.
  rewrite sumrN telescope_sumr // opprB /H low_beyond low0 [excess a k 0]excess_below ?a_ge0 //.
  by rewrite subr0 /excess max_r ?expr1n // -subr_ge0 rest_ge0.
have -> : 1 - product_rate R l k = a ^+ k + l%:R * \sum_(n < beyond r) (H n - H n.+1).
  have la : l%:R * (1 - a) = 1 by rewrite subKr divff ?pnatr_eq0.
  rewrite ends /product_rate subKr [RHS]addrC [l%:R * (_ - a ^+ k * _)]mulrBr.
  by rewrite [l%:R * (a ^+ k * _)]mulrCA la mulr1 subrK mulrAC -mulrA.
rewrite ler_add2l.
apply: (@le_trans _ _ (\sum_T D T * \sum_(n < beyond r) (count (fun y => r y == n) T)%:R * K n)).
  apply: ler_sum => T _; rewrite ler_wpmul2l ?mass_ge0 //.
  have [y _ [_ ry]] := topP r (nonempty T).
  have lt : (top r T < beyond r)%N by rewrite -ry lt_beyond.
  rewrite (bigD1 (Ordinal lt)) //= -/(tops r T) ler_addl; apply: sumr_ge0 => n _.
  by rewrite mulr_ge0 ?ler0n.
under eq_bigr do rewrite big_distrr; rewrite exchange_big big_distrr; apply: ler_sum => n _ /=.
by under eq_bigr do rewrite mulrA; rewrite -big_distrl /= -level_position -mulrA mass_K.
Qed.

End Answer.

Section E5.

Variables (R : archiFieldType) (Y : finType) (y0 : Y) (p : population R Y) (l' k : nat).
Local Notation l := l'.+1.

Lemma most_eps (eps : R) : 0 < eps -> exists pi : distr R Y, forall T : l.-tuple Y,
  W uniform p (sure T) (draws k pi) <= 1 - product_rate R l k + eps.
Proof.
have /andP[v0 v1] := rate_bounds R l' k.
apply: (approach y0 (cost := fun (T : l.-tuple Y) pi => W uniform p (sure T) (draws k pi)))
  => [T pi|D|T i q f].
- rewrite ler_subr_addr ler_subl_addr; apply/andP; split.
    by apply: le_trans (W_ge0 _ _ _ _); rewrite addrC subr_le0.
  by apply: le_trans (W_le1 _ _ _ _) _; rewrite ler_addl.
- exists (position D); under eq_bigr do rewrite W_chance // big_distrr.
  rewrite exchange_big /=; under eq_bigr do under eq_bigr do rewrite mulrCA.
  under eq_bigr do rewrite -big_distrr; apply: (average_le (weight p)) => u.
  exact: answer_user.
- exact: E1_convex.
Qed.

(** E5. For every population, k, l >= 1 and eps > 0 some single-output policy, sampled k times,
    wins at least g_l(k) - eps against every l-tuple. *)
Theorem E5 (eps : R) : 0 < eps -> exists pi : distr R Y,
  forall T : l.-tuple Y, product_rate R l k - eps <= W uniform p (draws k pi) (sure T).
Proof.
case/most_eps=> pi most; exists pi => T.
by rewrite W_swap ?addnS // ler_subr_addr addrC -ler_subr_addr opprB addrA addrAC.
Qed.

(** E5. Over the real numbers, or any field in which [0, 1] is compact, one wins g_l(k). *)
Theorem E5_exists : bolzano_weierstrass R -> exists pi : distr R Y,
  forall T : l.-tuple Y, product_rate R l k <= W uniform p (draws k pi) (sure T).
Proof.
move=> bw; have [pi most] := attained bw most_eps; exists pi => T.
by rewrite W_swap ?addnS // ler_subr_addr addrC -ler_subr_addr.
Qed.

End E5.

Section Favourites.

Variables (R : realFieldType) (l' k : nat).
Local Notation l := l'.+1.
Local Notation a := (1 - l%:R^-1 : R).

(** l users with distinct favourites; the rest tie below. *)
Definition favourites : population R [finType of 'I_l] :=
  @Population R _ [finType of 'I_l] (even ord0) (fun u y => (y != u) : nat).

Lemma best_favourite (S : seq 'I_l) (u y : 'I_l) : u \in S ->
  best (rank favourites u) S y = (y == u).
Proof.
move=> uS; apply/allP/eqP=> [/(_ u uS)|->]; last by move=> z _; rewrite /= eqxx.
by rewrite /= eqxx leqn0 eqb0 negbK => /eqP.
Qed.

Lemma chance_favourite (pi : distr R [finType of 'I_l]) (u : 'I_l) :
  chance k pi (rank favourites u) (ord_tuple l) = integral (line (1 - pi u) (pi u) ^+ k).
Proof.
have topE : top (rank favourites u) (ord_tuple l) = 0%N.
  apply/eqP; rewrite -leqn0; have := @top_le _ (rank favourites u) (ord_tuple l) u.
  by rewrite /= eqxx; apply; rewrite mem_enum.
have topsE : tops (rank favourites u) (ord_tuple l) = 1%N.
  rewrite /tops topE (eq_count (a2 := pred1 u)) => [|y] /=; last by case: (y == u).
  by rewrite -/(count_mem u _) count_uniq_mem ?enum_uniq // mem_enum.
rewrite /chance topsE expr0 mul1r scale1r topE; congr (integral (_ ^+ _)).
have levelE : level pi (rank favourites u) 0%N = pi u.
  by rewrite /level (big_pred1 u) // => y /=; case: (y == u).
have := lowS pi (rank favourites u) 0%N; rewrite low0 levelE => /eqP; rewrite -subr_eq => /eqP low1.
by rewrite /cumulative levelE -low1.
Qed.

(** E5. That is all there is: where l users have distinct favourites, no product policy wins more
    than g_l(k) against these l. *)
Theorem E5_no_more (pi : distr R [finType of 'I_l]) :
  W uniform favourites (draws k pi) (sure (ord_tuple l)) <= product_rate R l k.
Proof.
rewrite W_swap ?addnS // ler_subl_addr -ler_subl_addl rate_integral W_chance //.
pose m := line a (1 - a); have m_ge0 : 0 <= 1 - a by exact: rest_ge0.
apply: (@le_trans _ _ (\sum_(u : 'I_l) weight favourites u * (integral (1 * m ^+ k)
  + k%:R * integral (1 * m ^+ k.-1 * (line (1 - pi u) (pi u) - m))))); last first.
  apply: ler_sum => u _; rewrite chance_favourite ler_wpmul2l ?mass_ge0 //.
  rewrite -[X in _ <= integral X]mul1r; apply: tangent => //; rewrite ?mass_ge0 ?a_ge0 //.
    exact: coef_ge0_1.
  rewrite subr_ge0 -(mass_sum pi) (bigD1 u) //= ler_addl.
  by apply: sumr_ge0 => y _; exact: mass_ge0.
under eq_bigr do rewrite mulrDr mulrCA; rewrite big_split mass_const mul1r /= ler_addl.
rewrite -big_distrr mulr_ge0 ?ler0n //=; under eq_bigr do rewrite -integralZ scalerAr.
rewrite -integral_sum -big_distrr /= (_ : \sum_i _ = 0) ?mulr0 ?integral0 //.
have all : \sum_(i < l) l%:R^-1 = 1 :> R.
  by rewrite sumr_const card_ord -[_ *+ _]mulr_natl divff ?pnatr_eq0.
under eq_bigr do rewrite ffunE card_ord scalerBr lineZ.
rewrite sumrB -[X in _ - X]scaler_suml all scale1r /line big_split /= -raddf_sum -scaler_suml.
have -> : \sum_i l%:R^-1 * pi i = l%:R^-1 by rewrite -big_distrr /= mass_sum mulr1.
under eq_bigr do rewrite mulrBr mulr1; rewrite sumrB all -big_distrr /= mass_sum mulr1.
by rewrite /m /line subKr subrr.
Qed.

End Favourites.

(** E5. So P7's 1 - l/(k+1) is not the best rate of product policies, for l >= 2; ... *)
Theorem E5_beyond_P7 (R : realFieldType) l k : (1 < l)%N ->
  1 - l%:R / k.+1%:R < product_rate R l k.
Proof.
move=> l_gt1; rewrite ltr_add2l ltr_opp2 gtr_pmulr ?divr_gt0 ?ltr0n ?(ltnW l_gt1) //.
rewrite ltr_subl_addr ltr_addl exprn_gt0 // subr_gt0 invf_lt1 ?ltr0n ?(ltnW l_gt1) //.
by rewrite ltr1n.
Qed.

(** E5. ... and for l = 1 it is. *)
Theorem E5_single (R : realFieldType) k : product_rate R 1 k = k%:R / k.+1%:R.
Proof. by rewrite /product_rate invr1 subrr expr0n subr0 mulr1 mul1r rate_complement. Qed.

(** E5. Three draws against two outputs win 17/32. *)
Theorem E5_three_two (R : realFieldType) : product_rate R 2 3 = 17%:R / 32%:R.
Proof. by rewrite /product_rate; field. Qed.

(** E5. Against as many outputs as one's own the rate tends to 1/e = exp(-1): it is at most
    1/(l+1) away. *)
Theorem E5_limit (R : realFieldType) (E : R -> R) l : exponential E -> (0 < l)%N ->
  `|product_rate R l l - E (- 1)| <= l.+1%:R^-1.
Proof.
move=> expE; case: l => // l _; set m : R := l.+1%:R; set a := 1 - m^-1; set e := E (- 1).
have m_gt0 : 0 < m by rewrite ltr0n.
have a_ge0 : 0 <= a by rewrite subr_ge0 invf_le1 // ler1n.
have e_ge0 : 0 <= e := ltW (exp_gt0 expE _).
have power b n : E (n%:R * b) = E b ^+ n.
  elim: n => [|n IH]; first by rewrite mul0r (exp0 expE).
  by rewrite mulrSr mulrDl mul1r (expD expE) IH exprSr.
have most : a ^+ l.+1 <= e.
  have -> : e = E (- m^-1) ^+ l.+1 by rewrite -power mulrN divff ?lt0r_neq0.
  by rewrite ler_expn2r ?nnegrE ?(ltW (exp_gt0 expE _)) ?exp_ge.
have least : a * e <= a ^+ l.+1.
  rewrite exprS ler_wpmul2l //; case: l @m @a m_gt0 a_ge0 {most} => [|n] m a m_gt0 a_ge0.
    by rewrite expr0 -(exp0 expE) (exp_le expE) oppr_le0 ler01.
  have n_neq0 : n.+1%:R != 0 :> R by rewrite pnatr_eq0.
  rewrite -(ler_pmul2l (exp_gt0 expE 1)) (expN expE).
  have -> : E 1 = E n.+1%:R^-1 ^+ n.+1 by rewrite -power divff.
  rewrite -exprMn exprn_ege1 //; apply: le_trans (ler_wpmul2r a_ge0 (exp_ge expE _)).
  have mE : m = n.+1%:R + 1 by rewrite /m mulrSr.
  have -> // : (1 + n.+1%:R^-1) * a = 1.
  by rewrite /a mE; field; rewrite -mulrS -mulrSr !pnatr_eq0.
have e_le : e <= 2%:R^-1.
  rewrite -[leRHS]mul1r ler_pdivl_mulr ?ltr0n // mulrC -[leRHS](expN expE 1) ler_wpmul2r //.
  exact: exp_ge expE 1.
have m1_gt0 : 0 < m + 1 by rewrite addr_gt0 ?ltr01.
have -> : product_rate R l.+1 l.+1 = (1 + (m - 1) * a ^+ l.+1) / (m + 1).
  rewrite /product_rate -/m -/a [l.+2%:R]mulrSr -/m exprS.
  set P := a ^+ l.+1; rewrite /a; field; rewrite !lt0r_neq0 //.
rewrite [l.+2%:R]mulrSr -/m -[e](@mulfK _ (m + 1)) ?lt0r_neq0 // -mulrBl normrM.
rewrite [`|_^-1|]ger0_norm ?invr_ge0 ?(ltW m1_gt0) // ler_pimull ?invr_ge0 ?(ltW m1_gt0) //.
have m_ge1 : 1 <= m by rewrite ler1n.
rewrite ler_norml -subr_ge0 opprK -[X in _ && X]subr_ge0; apply/andP; split.
  have -> : 1 + (m - 1) * a ^+ l.+1 - e * (m + 1) + 1 = (m - 1) * (a ^+ l.+1 - a * e)
      + (4%:R * (2%:R^-1 - e) + e * (1 + m^-1)).
    by move: (a ^+ l.+1) => P; rewrite /a; field; exact: lt0r_neq0.
  apply: addr_ge0; first by rewrite mulr_ge0 ?subr_ge0.
  by rewrite addr_ge0 ?mulr_ge0 ?subr_ge0 ?addr_ge0 ?ler01 ?ler0n ?invr_ge0 ?(ltW m_gt0).
have -> : 1 - (1 + (m - 1) * a ^+ l.+1 - e * (m + 1))
        = (m - 1) * (e - a ^+ l.+1) + 2%:R * e by ring.
by rewrite addr_ge0 ?mulr_ge0 ?subr_ge0 ?ler0n.
Qed.
