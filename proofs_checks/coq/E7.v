(** E7: when k/(k+1) is all there is. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 P4 P7 Minimax.

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

(** k - 1 copies of y, and an a. *)
Fact won_with_one_other a y : won (a :: nseq k.-1 y) y
  = above p a y + tied p a y * v + above p y a * (k.-1%:R / k%:R).
Proof.
have kE : k = k.-1.+1 by rewrite prednK // ltnW.
rewrite /above /tied !big_distrl /= [X in _ = X + _ + _]big_mkcond.
rewrite [X in _ = _ + X + _]big_mkcond [X in _ = _ + X]big_mkcond -!big_split.
apply: eq_bigr => u _ /=; set r := rank p u.
have bestE z : best r ((a :: nseq k.-1 y) ++ [:: y]) z = (r z <= r a)%N && (r z <= r y)%N.
  rewrite /best /= all_cat /= andbT all_nseq.
  by case: (r z <= r a)%N; case: (r z <= r y)%N; rewrite ?orbT ?andbF.
rewrite /picked_from /ours /theirs !(eq_count bestE) /= count_nseq !leqnn.
case: ltngtP => _ //=; rewrite ?mulr1 ?addr0 ?add0r ?mul0n ?mul1n ?addn0 ?add0n //.
  by rewrite addn1 -kE -subn1 subn_eq0 leqNgt k_gt1.
by rewrite add1n -kE addn1.
Qed.

(** E7. A single response that does so is an equilibrium, as a point mass: one there is, wherever
    no k-output policy guarantees more than k/(k+1). *)
Theorem E7_equilibrium : capped -> exists y, equilibrium p k (sure y).
Proof.
move=> /E7[y le]; exists y; apply/P1_equilibrium => a; have k_gt0 := ltnW k_gt1.
have size_S : size (a :: nseq k.-1 y) == k by rewrite /= size_nseq prednK.
have := le (Tuple size_S); rewrite won_with_one_other utility_sure //.
have := above_swap p a y; move: (above p a y) (tied p a y) (above p y a) => A T B total.
have -> : B = 1 - A - T by rewrite -total; ring.
case: k k_gt1 => // -[//|m] _ /=; rewrite -subr_le0 => gain; rewrite -subr_le0.
have := mulr_ge0_le0 (ler0n R m.+2) gain; congr (_ <= _).
have n0 i : i.+1%:R != 0 :> R by rewrite pnatr_eq0.
have := n0 m.+2; have := n0 m.+1; rewrite (mulrSr 1 m.+2) (mulrSr 1 m.+1).
by move: m.+1%:R => n n1 n2; field; rewrite n2 n1.
Qed.

(** Users with some response of S above y; if they rank strictly, S ties with y for the others, in
    as many positions as show y. *)
Definition beaten (S : seq Y) y : R :=
  \sum_(u | has (fun a => rank p u a < rank p u y)%N S) weight p u.

Fact won_strict (S : seq Y) y : strict p -> let j := count_mem y S in
  won S y = beaten S y + (1 - beaten S y) * (j%:R / j.+1%:R).
Proof.
move=> all_strict j; set P := fun u => has (fun a => rank p u a < rank p u y)%N S.
have -> : 1 - beaten S y = \sum_(u | ~~ P u) weight p u.
  by rewrite -(mass_sum (weight p)) (bigID P) /= addrC addKr.
rewrite /beaten big_distrl /= big_mkcond [X in _ + X]big_mkcond -big_split.
apply: eq_bigr => u _ /=; rewrite -/(P u); set r := rank p u.
case: (boolP (P u)) => [/hasP[a aS lt]|/hasPn none] /=.
  have lost : best r (S ++ [:: y]) y = false.
    by apply/negP=> /allP/(_ a); rewrite mem_cat aS leqNgt lt => /(_ isT).
  rewrite addr0 -[RHS]mulr1; congr (_ * _); rewrite /picked_from /theirs /= lost.
  have := @some_best Y r S [:: y]; rewrite /theirs /= lost !addn0 => some.
  by rewrite eqn0Ngt some //; case: (S).
have bestE z : z \in S -> best r (S ++ [:: y]) z = (z == y).
  move=> zS; apply/idP/eqP=> [/allP/(_ y)|->].
    rewrite mem_cat mem_head orbT => /(_ isT) le; apply: (all_strict u); apply/eqP.
    by rewrite eqn_leq le leqNgt none.
  by rewrite /best all_cat /= leqnn !andbT; apply/allP=> a /none; rewrite -leqNgt.
have best_y : best r (S ++ [:: y]) y.
  by rewrite /best all_cat /= leqnn !andbT; apply/allP=> a /none; rewrite -leqNgt.
rewrite add0r; congr (_ * _); rewrite /picked_from /ours /theirs (eq_in_count bestE) /= best_y /=.
by rewrite -/j; case: (j) => [|i] /=; rewrite ?mul0r // addn1.
Qed.

(** The union bound. *)
Fact beaten_le (S : seq Y) y : (forall a, a != y -> above p a y <= k.+1%:R^-1) ->
  beaten S y <= (size S - count_mem y S)%:R / k.+1%:R.
Proof.
move=> le; rewrite -(count_predC (pred1 y)) addKn; elim: S => [|a S IH] /=.
  by rewrite /beaten big_pred0 // mul0r.
apply: le_trans (_ : above p a y + beaten S y <= _).
  rewrite /beaten /above big_mkcond [X in X + _]big_mkcond [X in _ + X]big_mkcond -big_split.
  apply: ler_sum => u _ /=.
  by case: ltnP => _; case: has; rewrite ?addr0 ?add0r // ler_addl mass_ge0.
rewrite natrD mulrDl ler_add //; case: eqVneq => [->|/le] /=; last by rewrite mul1r.
by rewrite above_self mul0r.
Qed.

(** E7. For strict rankings no k-output policy guarantees more than k/(k+1) if and only if some
    response is preferred to every other one by k/(k+1) of the users at least. *)
Theorem E7_strict : strict p ->
  capped <-> exists y, forall a, a != y -> v <= above p y a.
Proof.
move=> all_strict; have no_tie a y : a != y -> tied p a y = 0.
  by move=> ne; apply: big_pred0 => u; rewrite (inj_eq (all_strict u)) (negPf ne).
have aboveE a y : a != y -> above p y a = 1 - above p a y.
  by move=> ne; have := above_swap p a y; rewrite (no_tie a y ne) addr0 => <-; rewrite addrC addKr.
split=> [/E7_equilibrium[y /P1_equilibrium le]|[y le]].
  exists y => a ne; have := le a; rewrite utility_sure ?(ltnW k_gt1) // no_tie // mul0r addr0.
  by rewrite (aboveE a y) // -rate_complement ler_add2l ler_opp2.
apply/E7; exists y => S; rewrite won_strict //; set j := count_mem y S.
have le_P : beaten S y <= (k - j)%:R / k.+1%:R.
  rewrite -[X in (X - j)%N](size_tuple S); apply: beaten_le => a ne.
  by have := le a ne; rewrite (aboveE a y) // -rate_complement ler_add2l ler_opp2.
have le_j : (j <= k)%N by rewrite -(size_tuple S) count_size.
have n0 i : i.+1%:R != 0 :> R by rewrite pnatr_eq0.
have -> : beaten S y + (1 - beaten S y) * (j%:R / j.+1%:R) = (beaten S y + j%:R) / j.+1%:R.
  by have := n0 j; rewrite (mulrSr 1 j); move: j%:R (beaten S y) => n b ne; field.
rewrite ler_pdivr_mulr ?ltr0n //; apply: le_trans (ler_add le_P (lexx _)) _.
rewrite natrB // le_eqVlt; apply/orP; left; apply/eqP.
by have := n0 k; rewrite (mulrSr 1 k) (mulrSr 1 j); move: j%:R k%:R => m n ne; field.
Qed.

End E7.

From Coq Require Import ZArith.
From UAlign Require Import Check CheckSound.
Local Close Scope ring_scope.

(** Of four equal users one prefers 1 to 0 to 2, one 2 to 0 to 1, one 0 and 2 to 1, and one 0 and 1
    to 2. *)
Definition four_users : seq user_data :=
  [:: (1, [:: 1; 0; 2]%N); (1, [:: 1; 2; 0]%N); (1, [:: 0; 1; 0]%N); (1, [:: 0; 0; 1]%N)]%Z.

(** E7. For weak orders an equilibrium that is a point mass does not suffice: always answering 0 is
    one of these users' for k = 2, ... *)
Theorem E7_weak_equilibrium : exact_equilibrium 3 four_users 2 [:: 1; 0; 0]%Z.
Proof. by apply: equilibrium_sound; vm_compute. Qed.

(** E7. ... but answering 1 and 2 wins 3/4 at worst, ... *)
Theorem E7_weak : win_rate 3 four_users 2 1 uniform [:: (1, Shown [:: 1; 2]%N)]%Z exactly 3 4.
Proof. by apply: (@win_rate_sound _ _ _ _ _ _ _ [:: 1]%N); vm_compute. Qed.

(** E7. ... and no two outputs win more. *)
Theorem E7_weak_value : joint_upper_bound 3 four_users 2 1 uniform 3 4.
Proof. by apply: (@joint_sound _ _ _ _ _ [:: (1, [:: 1]%N); (1, [:: 2]%N)]%Z); vm_compute. Qed.
