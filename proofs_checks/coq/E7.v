(** E7: when k/(k+1) is all there is. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 P7 Minimax.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section E7.

Variables (R : realFieldType) (Y : finType) (y0 : Y) (p : population R Y) (k : nat).
Hypothesis k_gt1 : (1 < k)%N.
Local Notation v := (k%:R / k.+1%:R : R).
Local Notation won S y := (W_shown uniform p S [:: y]).

(** No k-output policy of any kind guarantees more than k/(k+1). *)
Definition capped := forall (P : outputs R k Y) f, robust uniform p P f -> f <= v.

(** Some mixture of responses holds every k-tuple to k/(k+1). *)
Lemma held : capped -> exists Q : distr R Y, forall S : k.-tuple Y, \sum_y Q y * won S y <= v.
Proof.
move=> cap; have [[Q le]|[P lt]] := @alternatives R Y [finType of k.-tuple Y] y0
  (fun y (S : k.-tuple Y) => - won S y) (- v).
  exists Q => S; have := le S; under eq_bigr do rewrite mulrN.
  by rewrite sumrN ler_opp2.
have above y : v < W uniform p P (sure [tuple y]).
  have := lt y; under eq_bigr do rewrite mulrN.
  by rewrite sumrN ltr_opp2 W_sure_r.
pose y := [arg min_(z < y0) W uniform p P (sure [tuple z])]%O.
have least z : W uniform p P (sure [tuple y]) <= W uniform p P (sure [tuple z]).
  by rewrite /y; case: arg_minP => // a _; exact.
by have := cap P _ least; rewrite leNgt above.
Qed.

Section Held.

Variable Q : distr R Y.
Hypothesis Q_holds : forall S : k.-tuple Y, \sum_y Q y * won S y <= v.

Fact all_attain (S : k.-tuple Y) : draws k Q S != 0 -> \sum_y Q y * won S y = v.
Proof.
move=> S0; pose gap (T : k.-tuple Y) := v - \sum_y Q y * won T y.
have gap_ge0 (T : k.-tuple Y) : true -> 0 <= draws k Q T * gap T.
  by move=> _; rewrite mulr_ge0 ?mass_ge0 // subr_ge0.
have total : \sum_(T : k.-tuple Y) draws k Q T * gap T = 0.
  under eq_bigr do rewrite mulrBr; rewrite sumrB mass_const; apply/eqP; rewrite subr_eq0; apply/eqP.
  under [RHS]eq_bigr do rewrite big_distrr; rewrite exchange_big /=.
  under [RHS]eq_bigr do under eq_bigr do rewrite mulrCA.
  under [RHS]eq_bigr do rewrite -big_distrr /= -(W_sure_r p uniform (draws k Q) [tuple _]).
  under [RHS]eq_bigr do rewrite W_utility mulrBr mulr1.
  by rewrite sumrB mass_sum P1_average rate_complement.
have zero := psumr_eq0P gap_ge0 total; have /eqP := zero S isT.
by rewrite mulf_eq0 (negPf S0) subr_eq0 => /eqP.
Qed.

(** Copies of one of its responses lose 1/(k+1) to it. *)
Fact copies_lose y : Q y != 0 ->
  \sum_z Q z * (above p z y + tied p z y / k.+1%:R) = k.+1%:R^-1.
Proof.
move=> Qy; have k_gt0 := ltnW k_gt1; pose S := [tuple of nseq k y].
have S0 : draws k Q S != 0 by rewrite drawsE prodf_seq_neq0; apply/allP=> z /nseqP[-> _].
have copies (T : k.-tuple Y) : draws k (sure y) T = (T == S)%:R :> R.
  rewrite drawsE; transitivity ((all (pred1 y) T)%:R : R).
    elim: (tval T) => [|z s IH]; first by rewrite big_nil.
    by rewrite big_cons IH sureE -natrM mulnb.
  congr ((nat_of_bool _)%:R); apply/idP/eqP=> [/all_pred1P eq_T|->]; last exact: all_pred1_nseq.
  by apply/val_inj; rewrite /= eq_T size_tuple.
have wonE z : above p z y + tied p z y / k.+1%:R = 1 - won S z.
  rewrite -utility_sure // -[LHS](subKr 1) -W_utility; congr (1 - _); rewrite W_sure_r.
  under eq_bigr do rewrite copies; exact: (sum_at S (fun T : k.-tuple Y => won T z)).
under eq_bigr do rewrite wonE mulrBr mulr1.
by rewrite sumrB mass_sum all_attain // -rate_complement subKr.
Qed.

(** So all of its responses are tied for every user. *)
Fact all_tied y z : Q y != 0 -> Q z != 0 -> tied p z y = 1.
Proof.
move=> Qy Qz; pose A := \sum_a Q a * \sum_b Q b * above p b a.
pose T := \sum_a Q a * \sum_b Q b * tied p b a.
have sums a b : above p b a + above p a b + tied p b a = 1.
  rewrite -(mass_sum (weight p)) /above /tied big_mkcond [X in _ + X + _]big_mkcond /=.
  rewrite [X in _ + X = _]big_mkcond -!big_split; apply: eq_bigr => u _ /=.
  by case: ltngtP => _; rewrite ?addr0 ?add0r.
have swap : \sum_a Q a * (\sum_b Q b * above p a b) = A.
  under eq_bigr do rewrite big_distrr; rewrite exchange_big; apply: eq_bigr => a _ /=.
  by rewrite big_distrr; apply: eq_bigr => b _; exact: mulrCA.
have all3 : A + A + T = 1.
  rewrite -{2}swap -!big_split -[RHS](mass_sum Q); apply: eq_bigr => a _ /=.
  rewrite -!mulrDr -!big_split /=; under eq_bigr do rewrite -!mulrDr sums mulr1.
  by rewrite mass_sum mulr1.
have lose : A + T / k.+1%:R = k.+1%:R^-1.
  rewrite -[RHS](mass_const Q) big_distrl -big_split; apply: eq_bigr => a _ /=.
  rewrite -mulrA -mulrDr big_distrl -big_split /=.
  have [->|Qa] := eqVneq (Q a) 0; first by rewrite !mul0r.
  by congr (_ * _); rewrite -[RHS](copies_lose Qa); apply: eq_bigr => b _; rewrite mulrDr mulrA.
have T1 : T = 1.
  have AE : A = (1 - T) / 2%:R.
    have -> : 1 - T = A + A by rewrite -all3 addrK.
    by rewrite -mulr2n -mulr_natr mulfK // pnatr_eq0.
  have : (1 - T) * (k.-1)%:R = 0.
    have k1 : k.+1%:R != 0 :> R by rewrite pnatr_eq0.
    have kE : (k.-1)%:R = k.+1%:R - 2%:R :> R.
      by rewrite -{2}(prednK (ltnW k_gt1)) -addn2 natrD addrK.
    rewrite kE; have := lose; rewrite AE; move: (k.+1%:R) k1 => n n0 eq_n.
    have -> : (1 - T) * (n - 2%:R) = 2%:R * n * ((1 - T) / 2%:R + T / n - n^-1).
      by field; rewrite n0.
    by rewrite eq_n subrr mulr0.
  move/eqP; rewrite mulf_eq0 pnatr_eq0 subr_eq0 eq_sym => /orP[/eqP //|].
  by case: (k) k_gt1 => [|[]].
have le1 a b : tied p b a <= 1.
  by rewrite -(sums a b) ler_addr addr_ge0 //; apply: sumr_ge0 => u _; exact: mass_ge0.
have inner_ge0 a : 0 <= \sum_b Q b * (1 - tied p b a).
  by apply: sumr_ge0 => b _; rewrite mulr_ge0 ?mass_ge0 ?subr_ge0.
have outer0 : \sum_a Q a * (\sum_b Q b * (1 - tied p b a)) = 0.
  under eq_bigr do under eq_bigr do rewrite mulrBr mulr1.
  under eq_bigr do rewrite sumrB mass_sum mulrBr mulr1.
  by rewrite sumrB mass_sum -/T T1 subrr.
have outer := psumr_eq0P (fun a (_ : true) => mulr_ge0 (mass_ge0 Q a) (inner_ge0 a)) outer0.
have /eqP := outer y isT; rewrite mulf_eq0 (negPf Qy) /= => /eqP inner0.
have terms_ge0 b : true -> 0 <= Q b * (1 - tied p b y).
  by move=> _; rewrite mulr_ge0 ?mass_ge0 ?subr_ge0.
have inner := psumr_eq0P terms_ge0 inner0; have /eqP := inner z isT.
by rewrite mulf_eq0 (negPf Qz) subr_eq0 eq_sym => /eqP.
Qed.

(** They are the same opponent, then. *)
Fact same_opponent y z (S : seq Y) : tied p z y = 1 -> won S z = won S y.
Proof.
move=> tie; apply: eq_bigr => u _; have [w0|w0] := eqVneq (weight p u) 0; first by rewrite w0 !mul0r.
have same : rank p u z = rank p u y.
  apply/eqP; apply: contraT => ne; have := mass_sum (weight p).
  rewrite (bigID (fun u => rank p u z == rank p u y)) /= -/(tied p z y) tie.
  move/eqP; rewrite -subr_eq0 addrAC subrr add0r psumr_eq0 => [|a _]; last exact: mass_ge0.
  by move/allP/(_ u); rewrite mem_index_enum ne (negPf w0) => /(_ isT).
have bestE w : best (rank p u) (S ++ [:: z]) w = best (rank p u) (S ++ [:: y]) w.
  by rewrite /best !all_cat /= same.
congr (_ * _); rewrite /picked_from /ours /theirs !(eq_count bestE) /=.
suff -> : best (rank p u) (S ++ [:: y]) z = best (rank p u) (S ++ [:: y]) y by [].
by rewrite /best !all_cat /= same.
Qed.

Fact one_holds : exists y, forall S : k.-tuple Y, won S y <= v.
Proof.
have [y Qy] : exists y, Q y != 0.
  apply/existsP; apply: contraT => /existsPn zero; have := mass_sum Q.
  by rewrite big1 => [/eqP|y _]; [rewrite eq_sym oner_eq0 | apply/eqP; have := zero y; rewrite negbK].
exists y => S; apply: le_trans (Q_holds S); rewrite -[leLHS](mass_const Q); apply: ler_sum => z _.
have [->|Qz] := eqVneq (Q z) 0; first by rewrite !mul0r.
by rewrite (same_opponent S (all_tied Qz Qy)).
Qed.

End Held.

(** E7. For k >= 2 the best k-output policy wins k/(k+1) and no more if and only if some single
    response holds every k-tuple to k/(k+1). *)
Theorem E7 : capped <-> exists y, forall S : k.-tuple Y, won S y <= v.
Proof.
split=> [/held[Q Q_holds]|[y le] P f rob]; first exact: one_holds Q_holds.
by apply: le_trans (rob y) _; rewrite W_sure_r; apply: average_le.
Qed.

End E7.
