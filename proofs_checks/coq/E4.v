(** E4: what k outputs of any kind guarantee against l outputs. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 Minimax P3 P7 E5 E12.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** E4. Over every ordered field, for every population and every k, some k-output policy wins at
    least k/(k+1) against every response: exactly, and not to some eps > 0. *)
Theorem E4_single (R : realFieldType) (Y : finType) (y0 : Y) (p : population R Y) (k : nat) :
  exists P : outputs R k Y, robust uniform p P (k%:R / k.+1%:R).
Proof.
pose A (S : k.-tuple Y) y := W_shown uniform p S [:: y].
have [|P le] := @minimax_mixed R [finType of k.-tuple Y] Y [tuple y0 | _ < k] A (k%:R / k.+1%:R).
  move=> D; exists (draws k D); rewrite -rate_complement -(P1_average p k D).
  rewrite -[1](mass_sum D) -sumrB.
  under [leRHS]eq_bigr do rewrite big_distrr; rewrite exchange_big; apply: ler_sum => y _ /=.
  under eq_bigr do rewrite mulrCA; rewrite -big_distrr /=.
  have -> : \sum_(S : k.-tuple Y) draws k D S * A S y = 1 - utility p k D y.
    by rewrite -W_utility W_sure_r.
  by rewrite mulrBr mulr1.
by exists P => y; rewrite W_sure_r; exact: le.
Qed.

Section Averages.

Variable R : realFieldType.

Lemma average_swap (A B : finType) (P : distr R A) (Q : distr R B) (f : A -> B -> R) :
  \sum_a P a * (\sum_b Q b * f a b) = \sum_b Q b * (\sum_a P a * f a b).
Proof.
under eq_bigr do rewrite big_distrr; rewrite exchange_big; apply: eq_bigr => b _ /=.
by rewrite big_distrr; apply: eq_bigr => a _; exact: mulrCA.
Qed.

Lemma average_integral (A : finType) (P : distr R A) (q : {poly R}) (f : A -> {poly R}) :
  \sum_a P a * integral (q * f a) = integral (q * \sum_a P a *: f a).
Proof.
rewrite mulr_sumr integral_sum; apply: eq_bigr => a _.
by rewrite -scalerAr integralZ.
Qed.

Lemma average_below (A : finType) (P : distr R A) (f : A -> R) c :
  \sum_a P a * f a <= c -> exists a, f a <= c.
Proof.
move=> le; have [|a] := @average_exists R A P (fun a => - f a) (- c); last first.
  by rewrite ler_opp2; exists a.
by under eq_bigr do rewrite mulrN; rewrite sumrN ler_opp2.
Qed.

(** 1/x is convex, so i of j positions, kept, are worth no more than all or none of them. *)
Lemma kept_positions (i j : nat) (q : {poly R}) : (i <= j)%N -> coef_ge0 q ->
  j%:R * integral (q * 'X^i) <= (j - i)%:R * integral q + i%:R * integral (q * 'X^j).
Proof.
move=> le Hq; rewrite [q]poly_sumXn !mulr_suml !integral_sum !mulr_sumr -big_split /=.
apply: ler_sum => s _; rewrite -!scalerAl -!exprD !integralZ !integralXn.
rewrite ![_ * (q`_s * _)]mulrCA -mulrDr ler_wpmul2l ?Hq // natrB // -subr_ge0.
rewrite -!addSn !natrD; set x : R := s.+1%:R; have x_gt0 : 0 < x by rewrite ltr0n.
have i0 : 0 <= i%:R :> R by exact: ler0n.
have j0 : 0 <= j%:R :> R by exact: ler0n.
have [xi xj] : 0 < x + i%:R /\ 0 < x + j%:R by rewrite !ltr_paddr.
have -> : (j%:R - i%:R) / x + i%:R / (x + j%:R) - j%:R / (x + i%:R)
  = i%:R * j%:R * (j%:R - i%:R) / (x * (x + i%:R) * (x + j%:R)).
  by field; rewrite !lt0r_neq0.
by rewrite divr_ge0 ?mulr_ge0 ?subr_ge0 ?ler_nat // ltW.
Qed.

End Averages.

(** A window of m of a tuple's l positions, from c on, around the end. *)
Section Windows.

Variables (Y : eqType) (l' m : nat).
Hypothesis m_le : (m <= l'.+1)%N.
Local Notation l := l'.+1.

Definition places (c : 'I_l) : seq 'I_l := [seq (c + inZp i)%R | i <- iota 0 m].
Definition window (T : l.-tuple Y) (c : 'I_l) : seq Y := [seq tnth T i | i <- places c].

Lemma size_window T c : size (window T c) = m.
Proof. by rewrite !size_map size_iota. Qed.

(** Over all c every position is in m of them. *)
Lemma count_places (P : pred 'I_l) : (\sum_(c < l) count P (places c) = m * count P (enum 'I_l))%N.
Proof.
under eq_bigr do rewrite count_map -sum1_count big_mkcond.
rewrite exchange_big /= (eq_bigr (fun=> count P (enum 'I_l))) => [|i _].
  by rewrite big_const_seq count_predT size_iota iter_addn_0 mulnC.
rewrite (reindex_inj (addIr (- inZp i : 'I_l))) /= -sum1_count big_enum_cond [RHS]big_mkcond.
by apply: eq_bigr => c _; rewrite /= subrK.
Qed.

Lemma uniq_places c : uniq (places c).
Proof.
rewrite map_inj_in_uniq ?iota_uniq // => i j; rewrite !mem_iota /= !add0n => lt_i lt_j.
by move/addrI/(congr1 val); rewrite /= !modn_small ?(leq_trans _ m_le).
Qed.

End Windows.

Section OneUser.

Variables (R : realFieldType) (Y : finType) (r : ranking Y) (l' m q : nat).
Hypothesis m_le : (m <= l'.+1)%N.
Local Notation l := l'.+1.
Local Notation rho := (m%:R / l%:R : R).
Variable D : distr R [finType of l.-tuple Y].
Implicit Types (n : nat) (B T : l.-tuple Y).

(** What is shown and above place n leaves nothing, 'X counts the tied; averaged over a tuple
    drawn from D, and over a window of one. *)
Definition kept (S : seq Y) n : {poly R} := \prod_(s <- S) factor R r n s.
Definition full n : {poly R} := \sum_T D T *: kept T n.
Definition part n : {poly R} := \sum_B D B *: \sum_c even ord0 c *: kept (window m B c) n.

Lemma kept_ge0 S n : coef_ge0 (kept S n).
Proof. by rewrite /kept factors; case: ifP => _; [move=> i; rewrite coef0 | exact: coef_ge0Xn]. Qed.

Lemma full_ge0 n : coef_ge0 (full n).
Proof. by apply: coef_ge0_sum => T _; apply: coef_ge0Z; [exact: mass_ge0 | exact: kept_ge0]. Qed.

Lemma nonempty T : tval T != [::].
Proof. by rewrite -size_eq0 size_tuple. Qed.

Lemma full_deriv n : (full n)^`()
  = \sum_T D T *: (if top r T == n then (tops r T)%:R *: 'X^(tops r T).-1 else 0).
Proof. by rewrite raddf_sum; apply: eq_bigr => T _ /=; rewrite derivZ deriv_factors ?nonempty. Qed.

Lemma full_next n : (full n).[0] = (full n.+1).[1].
Proof.
rewrite !horner_sum; apply: eq_bigr => T _; rewrite !hornerZ !horner_prod; congr (_ * _).
apply: eq_bigr => s _; rewrite /factor ltnS; case: ltngtP => _; rewrite ?hornerX ?horner0 //.
by case: eqP => _; rewrite ?hornerX ?hornerC.
Qed.

Lemma full_first : (full 0).[1] = 1.
Proof.
rewrite horner_sum -[RHS](mass_sum D); apply: eq_bigr => T _; rewrite hornerZ horner_prod.
by rewrite big1 ?mulr1 // => s _; rewrite /factor; case: eqP; rewrite ?hornerX ?hornerC.
Qed.

Lemma full_last : (full (beyond r)).[1] = 0.
Proof.
rewrite horner_sum big1 // => T _; rewrite hornerZ /kept factors ifT ?horner0 ?mulr0 //.
by have [y yT _] := topP r (nonempty T); apply/hasP; exists y; rewrite ?lt_beyond.
Qed.

Lemma full_power j : \sum_(n < beyond r) integral ((full n)^`() * full n ^+ j) = j.+1%:R^-1.
Proof.
pose B n := (full n).[1] ^+ j.+1; apply: (@mulfI _ j.+1%:R); rewrite ?pnatr_eq0 //.
rewrite divff ?pnatr_eq0 // big_distrr /=.
transitivity (\sum_(n < beyond r) (B n - B n.+1)).
  apply: eq_bigr => n _; rewrite -integralZ scaler_nat -[_ *+ _]deriv_exp integral_deriv.
  by rewrite !horner_exp full_next.
rewrite -(big_mkord xpredT (fun n => B n - B n.+1)); under eq_bigr do rewrite -opprB.
by rewrite sumrN telescope_sumr // /B full_first full_last expr1n expr0n sub0r opprK.
Qed.

Lemma window_loses B n (g : {poly R}) : coef_ge0 g ->
  \sum_(c < l) integral (g * kept (window m B c) n)
    <= (l - m)%:R * integral g + m%:R * integral (g * kept B n).
Proof.
move=> Hg; have [above|none] := boolP (has (fun s => r s < n)%N B).
  rewrite {2}/kept factors above mulr0 integral0 mulr0 addr0.
  have [s /tnthP[i0 ->] lt] := hasP above.
  apply: (@le_trans _ _ (\sum_(c < l) (1 - (count_mem i0 (places m c))%:R) * integral g)).
    apply: ler_sum => c _; rewrite /kept factors; case: ifPn => [_|none].
      rewrite mulr0 integral0 mulr_ge0 ?integral_ge0 // subr_ge0 count_uniq_mem ?uniq_places //.
      by case: (i0 \in places m c); rewrite ?ler01 ?lexx.
    rewrite (count_memPn _) ?subr0 ?mul1r 1?mulrC; first exact: integral_shift.
    apply: contra none => i0c; apply/hasP; exists (tnth B i0) => //; exact: map_f.
  rewrite -mulr_suml sumrB sumr_const card_ord -natr_sum count_places.
  by rewrite count_uniq_mem ?enum_uniq // mem_enum muln1 natrB.
pose P (i : 'I_l) := r (tnth B i) == n; pose j := count P (enum 'I_l).
have windowE c : kept (window m B c) n = 'X^(count P (places m c)).
  rewrite /kept factors ifN ?count_map //; apply: contra none => /hasP[s /mapP[i _ ->] lt].
  by apply/hasP; exists (tnth B i); rewrite ?mem_tnth.
have allE : kept B n = 'X^j.
  by rewrite /kept factors (negPf none) -[in LHS](map_tnth_enum B) count_map.
have le_j c : (count P (places m c) <= j)%N.
  rewrite /j -!size_filter; apply: uniq_leq_size; rewrite ?filter_uniq ?uniq_places // => i.
  by rewrite 2!mem_filter mem_enum => /andP[-> _].
have [j0|j_gt0] := posnP j.
  rewrite (eq_bigr (fun=> integral g)) => [|c _]; last first.
    by rewrite windowE; have := le_j c; rewrite j0 leqn0 => /eqP->; rewrite expr0 mulr1.
  by rewrite allE j0 expr0 mulr1 -mulrDl -natrD subnK // sumr_const card_ord mulr_natl.
rewrite -(ler_pmul2l (_ : 0 < j%:R)) ?ltr0n // big_distrr /=.
apply: (@le_trans _ _ (\sum_(c < l) ((j%:R - (count P (places m c))%:R) * integral g
                                    + (count P (places m c))%:R * integral (g * 'X^j)))).
  by apply: ler_sum => c _; rewrite windowE -natrB ?le_j //; apply: kept_positions; rewrite ?le_j.
rewrite big_split -!mulr_suml sumrB sumr_const card_ord -natr_sum count_places -/j allE.
by rewrite natrB // natrM -[j%:R *+ l]mulr_natl /= le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

Lemma part_le n (g : {poly R}) : coef_ge0 g ->
  integral (g * part n) <= (1 - rho) * integral g + rho * integral (g * full n).
Proof.
move=> Hg; have -> : (1 - rho) * integral g + rho * integral (g * full n)
    = \sum_B D B * ((1 - rho) * integral g + rho * integral (g * kept B n)).
  under eq_bigr do rewrite mulrDr [D _ * (rho * _)]mulrCA.
  rewrite big_split mass_const -big_distrr /=.
  by rewrite average_integral.
rewrite /part -average_integral; apply: ler_sum => B _; rewrite ler_wpmul2l ?mass_ge0 //.
rewrite -average_integral.
under eq_bigr do rewrite evenE card_ord; rewrite -big_distrr /= ler_pdivr_mull ?ltr0n //.
apply: le_trans (window_loses B n Hg) _; rewrite natrB //; have := ltr0Sn R l'.
move: (l%:R) (m%:R) (integral _) (integral _) => L M a b /lt0r_neq0 L0.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
Qed.

(** Against q tuples and a window, all drawn from D, another tuple drawn from D loses that much. *)
Definition shown (A : q.-tuple (l.-tuple Y)) B c : seq Y :=
  flatten [seq tval S | S <- A] ++ window m B c.

Lemma full_draws n :
  \sum_A draws q D A *: kept (flatten [seq tval S | S <- tval A]) n = full n ^+ q.
Proof.
rewrite /full; under [X in X ^+ _]eq_bigr do rewrite -mul_polyC.
rewrite -sum_tuples; apply: eq_bigr => A _.
by rewrite big_split /= -rmorph_prod /= -drawsE mul_polyC /kept big_flatten big_map.
Qed.

Lemma tuple_loses : \sum_A draws q D A * (\sum_B D B * (\sum_c even ord0 c *
    (\sum_T D T * picked_from R uniform r T (shown A B c))))
  <= (1 - rho) / q.+1%:R + rho / q.+2%:R.
Proof.
pose g T : {poly R} := (tops r T)%:R *: 'X^(tops r T).-1.
have pickedE T A B c : let n := top r T in picked_from R uniform r T (shown A B c)
    = integral (g T * kept (flatten [seq tval S | S <- tval A]) n * kept (window m B c) n).
  have [y yT [bT ry]] := topP r (nonempty T); rewrite (share_integral R _ yT bT) /= -mulrA.
  by rewrite /g -scalerAl /kept -big_cat /tops -ry.
apply: (@le_trans _ _ (\sum_T D T * integral (g T * part (top r T) * full (top r T) ^+ q))).
  rewrite le_eqVlt; apply/orP; left; apply/eqP.
  under eq_bigr do under eq_bigr do rewrite average_swap.
  under eq_bigr do rewrite average_swap; rewrite average_swap; apply: eq_bigr => T _; congr (_ * _).
  rewrite -full_draws -(average_integral (draws q D)); apply: eq_bigr => A _; congr (_ * _).
  rewrite mulrAC /part -average_integral; apply: eq_bigr => B _; congr (_ * _).
  by rewrite -average_integral; apply: eq_bigr => c _; rewrite pickedE.
apply: (@le_trans _ _ (\sum_(n < beyond r) integral ((full n)^`() * full n ^+ q * part n))).
  rewrite le_eqVlt; apply/orP; left; apply/eqP.
  transitivity (\sum_(n < beyond r) \sum_T D T * (if top r T == n then
      integral (g T * part (top r T) * full (top r T) ^+ q) else 0)).
    rewrite exchange_big; apply: eq_bigr => T _ /=; rewrite -big_distrr /=; congr (_ * _).
    have [y _ [_ ry]] := topP r (nonempty T).
    have lt : (top r T < beyond r)%N by rewrite -ry lt_beyond.
    rewrite (bigD1 (Ordinal lt)) //= eqxx big1 ?addr0 // => n; rewrite -val_eqE eq_sym /=.
    by move/negPf->.
  apply: eq_bigr => n _; rewrite mulrAC full_deriv !big_distrl integral_sum.
  apply: eq_bigr => T _ /=.
  rewrite -2![in RHS]scalerAl [in RHS]integralZ; congr (_ * _); case: eqP => [<-|_] //.
  by rewrite !mul0r integral0.
have deriv_ge0 n : coef_ge0 (full n)^`() by move=> i; rewrite coef_deriv mulrn_wge0 // full_ge0.
apply: (@le_trans _ _ (\sum_(n < beyond r) ((1 - rho) * integral ((full n)^`() * full n ^+ q)
    + rho * integral ((full n)^`() * full n ^+ q * full n)))).
  apply: ler_sum => n _; apply: part_le; apply: coef_ge0M; first exact: deriv_ge0.
  exact: coef_ge0X (full_ge0 n).
rewrite big_split -!big_distrr /= full_power.
rewrite [X in _ + _ * X](_ : _ = q.+2%:R^-1) // -full_power; apply: eq_bigr => n _.
by rewrite -mulrA -exprSr.
Qed.

End OneUser.

(** f_l(k), which interpolates x/(x+1) linearly at x = k/l, between the integers. *)
Definition joint_rate (R : realFieldType) (l k : nat) : R :=
  let q := (k %/ l)%N in let rho := (k %% l)%:R / l%:R in
  (1 - rho) * (q%:R / q.+1%:R) + rho * (q.+1%:R / q.+2%:R).

Lemma joint_rate_lost (R : realFieldType) l k (q := (k %/ l)%N) :
  1 - joint_rate R l k
  = (1 - (k %% l)%:R / l%:R) / q.+1%:R + (k %% l)%:R / l%:R / q.+2%:R.
Proof.
rewrite /joint_rate -/q -!rate_complement.
set rho := _ / l%:R; set a := q.+1%:R^-1; set b := q.+2%:R^-1; ring.
Qed.

(** E4. Over every ordered field, for every population and all k, l >= 1, some k-output policy wins
    at least f_l(k) against every l-tuple. *)
Theorem E4 (R : realFieldType) (Y : finType) (y0 : Y) (p : population R Y) (k l : nat) :
  (0 < l)%N -> exists P : outputs R k Y,
  forall T : l.-tuple Y, joint_rate R l k <= W uniform p P (sure T).
Proof.
case: l => // l' _; set l := l'.+1; set q := (k %/ l)%N; set m := (k %% l)%N.
have m_le : (m <= l)%N by rewrite ltnW // ltn_mod.
pose A (S : k.-tuple Y) (T : l.-tuple Y) := W_shown uniform p S T.
have [D|P le] := @minimax R [finType of k.-tuple Y] [finType of l.-tuple Y] [tuple y0 | _ < k] A
  (joint_rate R l k); last by exists P => T; rewrite W_sure_r; exact: le.
pose lost S := \sum_u weight p u * (\sum_T D T * picked_from R uniform (rank p u) T S).
have [A0 /average_below[B0 /average_below[c0 le_lost]]] : exists A0,
    \sum_B D B * (\sum_c even ord0 c * lost (@shown Y l' m q A0 B c)) <= 1 - joint_rate R l k.
  apply: (average_below (P := draws q D)); rewrite joint_rate_lost -/q -/m.
  under eq_bigr do under eq_bigr do rewrite average_swap.
  under eq_bigr do rewrite average_swap; rewrite average_swap; apply: average_le => u.
  exact: tuple_loses.
have size_S : size (@shown Y l' m q A0 B0 c0) == k.
  rewrite size_cat size_window size_flatten /shape -map_comp sumnE big_map.
  rewrite (eq_bigr (fun=> l)) => [|S _]; last by rewrite /= size_tuple.
  by rewrite big_const_seq count_predT size_tuple iter_addn_0 mulnC -divn_eq.
exists (Tuple size_S); rewrite -ler_opp2 -(ler_add2l 1) in le_lost.
move: le_lost; rewrite opprB addrCA subrr addr0 => le_lost; apply: le_trans le_lost _.
rewrite /A /W_shown /= /lost; set S := shown _ _ _.
rewrite average_swap -[1 in leLHS](mass_sum D) -sumrB; apply: ler_sum => T _.
rewrite -{1}[D T]mulr1 -mulrBr ler_wpmul2l ?mass_ge0 // -(mass_sum (weight p)) -sumrB.
apply: ler_sum => u _; rewrite -{1}[weight p u]mulr1 -mulrBr ler_wpmul2l ?mass_ge0 //.
move: (S c0) => Z; rewrite ler_subl_addr picked_swap ?lexx //.
by rewrite -size_eq0 size_cat (size_tuple T) addnS.
Qed.

(** E4. f_l(k) is at most k/(k+l), with equality iff l divides k. *)
Theorem E4_at_most (R : realFieldType) l k : (0 < l)%N ->
  joint_rate R l k <= k%:R / (k + l)%:R ?= iff (l %| k)%N.
Proof.
move=> l_gt0; have lt : (k %% l < l)%N by rewrite ltn_mod.
set q := (k %/ l)%N; set m := (k %% l)%N.
have gap : k%:R / (k + l)%:R - joint_rate R l k
    = m%:R * (l - m)%:R / (l%:R * (k + l)%:R * (q.+1%:R * q.+2%:R)).
  have kE : k%:R = q%:R * l%:R + m%:R :> R by rewrite -natrM -natrD -divn_eq.
  have l0 : l%:R != 0 :> R by rewrite pnatr_eq0 -lt0n.
  have N0 : (k + l)%:R != 0 :> R by rewrite pnatr_eq0 addn_eq0 negb_and -!lt0n l_gt0 orbT.
  have q1 : q.+1%:R != 0 :> R by rewrite pnatr_eq0.
  have q2 : q.+2%:R != 0 :> R by rewrite pnatr_eq0.
  have q1E : q.+1%:R = q%:R + 1 :> R by rewrite -addn1 natrD.
  have q2E : q.+2%:R = q%:R + 2%:R :> R by rewrite -addn2 natrD.
  rewrite /joint_rate -/q -/m natrB ?(ltnW lt) //; move: N0 q1 q2; rewrite natrD kE q1E q2E.
  move: (l%:R) (m%:R) (q%:R) l0 => L M Q l0 N0 q1 q2; field.
  by rewrite l0 N0 q1 q2.
have den : 0 < l%:R * (k + l)%:R * (q.+1%:R * q.+2%:R) :> R.
  by rewrite !mulr_gt0 ?ltr0n // addn_gt0 l_gt0 orbT.
split.
  rewrite -subr_ge0 gap; apply: divr_ge0; last exact: ltW.
  by rewrite mulr_ge0 ?ler0n.
rewrite eq_sym -subr_eq0 gap mulf_eq0 invr_eq0 (gt_eqF den) orbF mulf_eq0 !pnatr_eq0.
by rewrite subn_eq0 leqNgt lt orbF.
Qed.

(** E4. It is at least 1 - l/(k+1): as k grows, f_l(k) tends to 1. *)
Theorem E4_at_least (R : realFieldType) l k : (0 < l)%N ->
  1 - l%:R / k.+1%:R <= joint_rate R l k.
Proof.
move=> l_gt0; rewrite ler_subl_addr addrC -ler_subl_addr joint_rate_lost; set q := (k %/ l)%N.
have rho_ge0 : 0 <= (k %% l)%:R / l%:R :> R by rewrite divr_ge0 ?ler0n.
apply: le_trans (_ : q.+1%:R^-1 <= _); last first.
  rewrite ler_pdivl_mulr ?ltr0n // mulrC ler_pdivr_mulr ?ltr0n // -natrM ler_nat mulnC.
  exact: ltn_ceil.
rewrite mulrBl mul1r -addrA ger_addl addrC subr_le0 ler_wpmul2l //.
by rewrite lef_pinv ?posrE ?ltr0n // ler_nat.
Qed.

Section NoMore.

Variables (R : realFieldType) (l' k : nat).
Local Notation l := l'.+1.
Local Notation p := (favourites R l').

Lemma share_favourite (S : seq 'I_l) (u : 'I_l) : let c := count_mem u S in
  picked_from R uniform (rank p u) S (ord_tuple l) = 1 - c.+1%:R^-1.
Proof.
have best_u y : y \in S ++ ord_tuple l -> best (rank p u) (S ++ ord_tuple l) y = (y == u).
  by move=> _; apply: best_favourite; rewrite mem_cat mem_enum orbT.
rewrite /picked_from /ours /theirs.
rewrite (@eq_in_count _ (best _ _) (pred1 u) S) => [|y yS]; last first.
  by rewrite best_u ?mem_cat ?yS.
rewrite (@eq_in_count _ (best _ _) (pred1 u) (ord_tuple l)) => [|y yT]; last first.
  by rewrite best_u // mem_cat yT orbT.
rewrite [count_mem u (ord_tuple l)]count_uniq_mem ?enum_uniq // mem_enum /= addn1.
rewrite rate_complement; case: eqP => [->|//]; by rewrite mul0r.
Qed.

(** E4. That is all there is: where l users have distinct favourites, no k-output policy of any
    kind wins more than f_l(k) against these l. *)
Theorem E4_no_more (P : outputs R k [finType of 'I_l]) :
  W uniform p P (sure (ord_tuple l)) <= joint_rate R l k.
Proof.
rewrite W_sure_r; apply: average_le => S; rewrite /W_shown; set q := (k %/ l)%N.
apply: (@le_trans _ _ (\sum_(u : 'I_l) l%:R^-1 * (1 - (2%:R / q.+2%:R
    - (count_mem u S)%:R / (q.+1%:R * q.+2%:R))))).
  apply: ler_sum => u _; rewrite ffunE card_ord share_favourite ler_wpmul2l ?invr_ge0 ?ler0n //.
  by rewrite ler_add2l ler_opp2 chord.
set a := 2%:R / q.+2%:R; set b := q.+1%:R * q.+2%:R.
have sumE : \sum_(u : 'I_l) (1 - (a - (count_mem u S)%:R / b)) = l%:R - (l%:R * a - k%:R / b).
  rewrite sumrB; congr (_ - _); first by rewrite sumr_const card_ord.
  rewrite sumrB; congr (_ - _); first by rewrite sumr_const card_ord mulr_natl.
  by rewrite -mulr_suml -natr_sum sum_counts size_tuple.
rewrite -big_distrr /= sumE /a /b {sumE a b}.
have kE : k%:R = q%:R * l%:R + (k %% l)%:R :> R by rewrite -natrM -natrD -divn_eq.
rewrite kE /joint_rate -/q.
have l0 : l%:R != 0 :> R by rewrite pnatr_eq0.
have q1 : q.+1%:R != 0 :> R by rewrite pnatr_eq0.
have q2 : q.+2%:R != 0 :> R by rewrite pnatr_eq0.
have q1E : q.+1%:R = q%:R + 1 :> R by rewrite -addn1 natrD.
have q2E : q.+2%:R = q%:R + 2%:R :> R by rewrite -addn2 natrD.
move: q1 q2; rewrite q1E q2E; move: (l%:R) ((k %% l)%:R) (q%:R) l0 => L M Q l0 q1 q2.
rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
by rewrite l0 q1 q2.
Qed.

End NoMore.
