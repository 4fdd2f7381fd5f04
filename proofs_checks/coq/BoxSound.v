(** The decider of enclosed equilibria in Check.v is sound. *)

From mathcomp Require Import all_ssreflect all_algebra.
From Coq Require Import ZArith.
From mathcomp Require Import ring zify ssrZ.
From UAlign Require Import Definitions Integral Utility P1 Continuum Box Check.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
From UAlign Require Import Computing CheckSound.
Delimit Scope nat_scope with N.
Local Open Scope ring_scope.

(** ** What is computed is exact *)

Lemma units_multiple d m : (0 < d <= m)%N -> exists q, units m = (Z.of_nat d * q)%Z.
Proof.
elim: m => [|m IH]; first by case: d.
case/andP=> d_gt0; rewrite leq_eqVlt => /orP[/eqP->|lt]; first by exists (units m).
have [|q eq_m] := IH; first by rewrite d_gt0.
exists (Z.of_nat m.+1 * q)%Z; rewrite /units -/(units m) eq_m; lia.
Qed.

Lemma rounded_exact m i j : (i + j <= m)%N ->
  rounded true m (fraction uniform i j) = rounded false m (fraction uniform i j).
Proof.
rewrite /rounded /fraction; case: eqP => [_|/eqP i0]; first by rewrite /= !Z.div_1_r; lia.
case: eqP => [_|_] le_m; first by rewrite /= !Z.div_1_r; lia.
have [|q ->] := @units_multiple (i + j) m; first by rewrite le_m addn_gt0 lt0n i0.
have d0 : (Z.of_nat (i + j) <> 0)%Z by move: i0; rewrite -lt0n; lia.
move: d0; rewrite /=; move: (Z.of_nat (i + j)) (Z.of_nat i) => d z d0.
have -> : (d * q * z = q * z * d)%Z by nia.
by rewrite -Z.mul_opp_l !Z.div_mul // Z.opp_involutive.
Qed.

Lemma weighted_eq f g o (s : seq Z) : (forall i, (i < size s)%N -> f (o + i)%N = g (o + i)%N) ->
  weighted f o s = weighted g o s.
Proof.
elim: s o => //= z s IH o eq_fg; rewrite -[in f o](addn0 o) -[in g o](addn0 o) eq_fg //.
by congr (_ + _)%Z; apply: IH => i lt; rewrite !addSnnS eq_fg.
Qed.

Lemma real_abs (R : realFieldType) z : real R (Z.abs z) = `|real R z|.
Proof.
have [le|lt] := Z.leb_spec 0 z.
  by rewrite Z.abs_eq // ger0_norm // -(real0 R) real_le; apply/Z.leb_le.
rewrite Z.abs_neq ?realN ?ler0_norm //; last by lia.
by rewrite -(real0 R) real_le; apply/Z.leb_le; lia.
Qed.

Section Exact.

Variables (R : realFieldType) (n : nat).
Hypothesis n_gt0 : (0 < n)%N.
Local Notation Y := (upto n).
Local Notation real := (real R).

Lemma real_sum_on (P : nat -> bool) (f : nat -> Z) :
  real (sum_of [seq f j | j <- iota 0 n & P j]) = \sum_(j : Y | P j) real (f j).
Proof.
have real_seq (s : seq nat) : real (sum_of [seq f j | j <- s]) = \sum_(j <- s) real (f j).
  by elim: s => [|j s IH]; rewrite ?big_nil //= realD IH big_cons.
rewrite real_seq big_filter; case: (n) n_gt0 => // n' _.
by rewrite -[iota 0 n'.+1]/(index_iota 0 n'.+1) big_mkord.
Qed.

Lemma lost_exact m k masses u l (T : l.-tuple Y) : (0 < l)%N -> (k + l <= m)%N ->
  size u.2 = n -> shares n masses ->
  real (lost m k masses u (map val T)) = real (power (sum_of masses) k) * real (units m) *
    \sum_S draws k (listed R n masses) S *
      picked_from R uniform (fun y : Y => ranks u (y : 'I_n.-1.+1)) T S.
Proof.
move=> l_gt0 le_m size_u ok; set r := fun y : Y => _.
have D_gt0 : (0 <? sum_of masses)%Z by case/and4P: ok.
have same : won true uniform m (sum_of masses) k (Draws masses) u (map val T)
    = won false uniform m (sum_of masses) k (Draws masses) u (map val T).
  rewrite /won; congr (_ - _)%Z; apply: weighted_eq => i; rewrite size_row add0n => i_k.
  rewrite rounded_exact //; apply: leq_trans le_m; rewrite leq_add // /tops.
  by rewrite -[X in (_ <= X)%N](size_tuple T) -(size_map val T) count_size.
have bounds_won up := @won_bounds R n n_gt0 uniform m _ k D_gt0 up (Draws masses) u l T l_gt0
  size_u ok (introT (Z.eqb_spec _ _) erefl).
have exact_won : real (won false uniform m (sum_of masses) k (Draws masses) u (map val T))
    = real (power (sum_of masses) k) * real (units m) * \sum_S draws k (listed R n masses) S *
        picked_from R uniform r S T.
  have := bounds_won true; rewrite same => hi; apply: le_anti.
  by apply/andP; split; [exact: (bounds_won false) | exact: hi].
rewrite /lost realB realM exact_won -[X in X - _]mulr1 -mulrBr; congr (_ * _).
rewrite -(mass_sum (draws k (listed R n masses))) -sumrB; apply: eq_bigr => S _.
have TS0 : tval T ++ tval S != [::].
  by rewrite -size_eq0 size_cat size_tuple addn_eq0 negb_and -lt0n l_gt0.
by rewrite -[X in X - _]mulr1 -mulrBr -(picked_swap R r TS0) addrK.
Qed.

End Exact.

(** What is left for i when j is shown with S. *)
Lemma picked_more (R : realFieldType) (Y : Type) (r : ranking Y) i j (S : seq Y) :
  2%:R * picked_from R uniform r [:: i] (j :: S) = if (r i <= r j)%N then
    (if r i == r j then 1 else 2%:R) * picked_from R uniform r [:: i; j] S else 0.
Proof.
have bi : best r [:: i, j & S] i = [&& (r i <= r j)%N & all (fun z => r i <= r z)%N S].
  by rewrite /best /= leqnn.
have bj : best r [:: i, j & S] j = [&& (r j <= r i)%N & all (fun z => r j <= r z)%N S].
  by rewrite /best /= leqnn.
rewrite /picked_from /ours /theirs -[[:: i; j] ++ S]/[:: i, j & S] -[[:: i] ++ _]/[:: i, j & S].
move: (best r _) bi bj => b bi bj; rewrite /= !addn0; set c := count b S.
have [lt|gt|eq_r] := ltngtP (r i) (r j).
- have -> : b j = false by rewrite bj leqNgt lt.
  by case: (b i); rewrite ?mulr0 //= !add0n.
- by rewrite bi leqNgt gt /= mulr0.
have -> : b j = b i by rewrite bi bj eq_r !leqnn.
case: (b i); rewrite ?mulr0 //= mul1r; case: c => [|d] //=.
  by rewrite mulrA mulr1 divff ?pnatr_eq0.
by rewrite mulrA mulr1 addnA.
Qed.

Section Game.

Variables (R : realFieldType) (n : nat) (us : seq user_data) (masses : seq Z) (m : nat).
Hypotheses (okU : population_ok n us) (ok : shares n masses).
Local Notation Y := (upto n).
Local Notation real := (real R).
Local Notation p := (population_of R n us).
Local Notation x := (listed R n masses).

Fact n_positive : (0 < n)%N. Proof. by case/and3P: okU. Qed.

(** Sums over users, as averages. *)
Lemma of_usersE (f : user_data -> Z) c (g : user p -> R) :
  (forall u : user p, real (f (nth no_user us u)) = c * g u) ->
  real (of_users us f) = real (sum_of (map fst us)) * c * \sum_u weight p u * g u.
Proof.
move=> eq_f; rewrite -mulrA sum_push; apply: le_anti; apply/andP; split.
  by apply: (@average_bounds R false _ no_user us f _ (users_ok okU)) => u; rewrite eq_f /=.
by apply: (@average_bounds R true _ no_user us f _ (users_ok okU)) => u; rewrite eq_f /=.
Qed.

Definition one : R := real (unit_of us m masses).

Lemma oneE : one = 2%:R * real (sum_of (map fst us)) *
  (real (power (sum_of masses) m.+1) * real (units m.+2)).
Proof. by rewrite /one /unit_of !realM mulrA. Qed.

Lemma one_gt0 : 0 < one.
Proof.
rewrite oneE !mulr_gt0 ?ltr0n ?units_gt0 //; first exact: (shares_gt0 R (users_ok okU)).
by rewrite real_power exprn_gt0 ?(shares_gt0 R ok).
Qed.

Lemma real_2 : real 2 = 2%:R. Proof. by []. Qed.

Lemma swap_users k (f : user p -> k.-tuple Y -> R) :
  \sum_u weight p u * (\sum_S draws k x S * f u S)
  = \sum_(S : k.-tuple Y) (\prod_(s <- S) x s) * \sum_u weight p u * f u S.
Proof.
under eq_bigr do rewrite big_distrr; rewrite exchange_big; apply: eq_bigr => S _ /=.
by rewrite sum_push; apply: eq_bigr => u _; rewrite drawsE.
Qed.

Lemma U_ofE (i : Y) : real (U_of us m masses (i : 'I_n.-1.+1)) = one * U p m x i.
Proof.
rewrite /U_of !realM real_2 real_nat.
rewrite (@of_usersE _ (real (power (sum_of masses) m.+1) * real (units m.+2))
  (fun u => \sum_S draws m.+1 x S * picked_from R uniform (rank p u) [:: i] S)) => [|u]; last first.
  rewrite -[[:: _]]/(map val [tuple i]) (lost_exact R n_positive) ?addn1 //.
  exact: user_size.
rewrite oneE swap_users /U /W_shown; move: (\sum_S _) => total; ring.
Qed.

Lemma slope_ofE (i j : Y) : real (slope_of us m masses (i : 'I_n.-1.+1) (j : 'I_n.-1.+1))
  = one * slope p m x i j.
Proof.
rewrite /slope_of !realM real_nat.
rewrite (@of_usersE _ (real (power (sum_of masses) m) * real (units m.+2))
  (fun u => \sum_S draws m x S * (2%:R * picked_from R uniform (rank p u) [:: i] (j :: S)))).
  rewrite swap_users oneE /slope (listedE R j ok) -[power _ m.+1]/(_ * power _ m)%Z realM.
  have D0 := lt0r_neq0 (shares_gt0 R ok).
  have -> : \sum_(S : m.-tuple Y) (\prod_(s <- S) x s) *
      (\sum_u weight p u * (2%:R * picked_from R uniform (rank p u) [:: i] (j :: S)))
    = 2%:R * \sum_(S : m.-tuple Y) (\prod_(s <- S) x s) * W_shown uniform p [:: i] (j :: S).
    rewrite sum_push; apply: eq_bigr => S _; congr (_ * _); rewrite /W_shown sum_push.
    by apply: eq_bigr.
  move: (\sum_(S : m.-tuple Y) _) => total; by field.
move=> u; rewrite -[rank p u]/(fun y : Y => ranks (nth no_user us u) (y : 'I_n.-1.+1)).
under [in RHS]eq_bigr do rewrite picked_more; rewrite -/(ranks _ _).
case: leqP => [le|lt]; last first.
  by rewrite real0 big1 ?mulr0 // => S _; rewrite mulr0.
rewrite realM -[[:: _; _]]/(map val [tuple i; j]) (lost_exact R n_positive) ?addn2 //; last first.
  exact: user_size.
rewrite mulrCA; congr (_ * _); rewrite big_distrr; apply: eq_bigr => S _ /=.
by rewrite mulrCA; congr (_ * (_ * _)); case: eqP.
Qed.

End Game.

(** The matrix that is written down. *)
Definition entry (R : realFieldType) n (rows : seq (seq Z)) q (i j : upto n) : R :=
  real R (nth 0%Z (nth [::] rows (i : 'I_n.-1.+1)) (j : 'I_n.-1.+1)) / real R q.

Lemma decide_conditions (R : realFieldType) n us m masses rows q a b :
  decide_enclosed n us m.+1 masses rows q a b ->
  let p := population_of R n us in let x := listed R n masses in
  let B := @entry R n rows q in let delta := real R a / real R b in
  (forall i, i \in support x -> beta p m x B i + rate p m x B delta i * delta < delta) /\
  (forall y, y \notin support x -> U p m x y * (1 + delta) ^+ m.+1 <= 1).
Proof.
case/and5P=> okU ok q_gt0 a_gt0 /and3P[lt_ab held off] p x B delta.
have n_gt0 := n_positive okU; have [a0 q0] : 0 < real R a /\ 0 < real R q by split; exact: real_gt0.
have b0 : 0 < real R b by apply: lt_trans a0 _; rewrite real_lt.
pose C := one R us masses m; have C0 : 0 < C := one_gt0 R m okU ok.
have CE : real R (unit_of us m masses) = C by [].
have aE : real R a = delta * real R b.
  by rewrite divfK ?lt0r_neq0.
have BE (i j : upto n) :
    real R (nth 0%Z (nth [::] rows (i : 'I_n.-1.+1)) (j : 'I_n.-1.+1)) = real R q * B i j.
  by rewrite mulrC divfK ?lt0r_neq0.
have in_n (y : upto n) : ((y : 'I_n.-1.+1) < n)%N.
  by rewrite -[X in (_ < X)%N](prednK n_gt0) ltn_ord.
have UE (y : upto n) : real R (nth 0%Z (mkseq (U_of us m masses) n) (y : 'I_n.-1.+1))
    = C * U p m x y.
  by rewrite nth_mkseq ?in_n // (U_ofE R m okU ok).
have slopeE (i j : upto n) : real R (nth 0%Z (nth [::]
    (mkseq (fun i => mkseq (slope_of us m masses i) n) n) (i : 'I_n.-1.+1)) (j : 'I_n.-1.+1))
    = C * slope p m x i j.
  by rewrite !nth_mkseq ?in_n // (slope_ofE R m okU ok).
have massE (y : upto n) : (0 <? nth 0 masses (y : 'I_n.-1.+1))%Z = (y \in support x).
  rewrite -(real_lt R) real0 inE (listedE R y ok) pmulr_lgt0 // invr_gt0.
  exact: (shares_gt0 R ok).
have sumE (f : nat -> Z) : real R (sum_of [seq f j | j <- iota 0 n & (0 <? nth 0 masses j)%Z])
    = \sum_(j in support x) real R (f (j : 'I_n.-1.+1)).
  by rewrite (real_sum_on R n_gt0); apply: eq_bigl => j; rewrite massE.
clearbody B C delta.
have powerE : real R (power (a + b) m) = real R (power b m) * (1 + delta) ^+ m.
  by rewrite !real_power realD aE -exprMn; congr (_ ^+ _); ring.
have bm0 : 0 < real R (power b m) by rewrite real_power exprn_gt0.
split=> [i iT|y yT].
- have : nat_of_ord i \in [seq y <- iota 0 n | (0 <? nth 0 masses y)%Z].
    by rewrite mem_filter massE iT mem_iota in_n.
  move/(allP held); rewrite /contracts -(real_lt R).
  set beta' := Z.abs _; set there := sum_of _; set variation' := (_ * sum_of _)%Z.
  have betaE : real R beta' = real R q * C * beta p m x B i.
    rewrite real_abs sumE /beta -[_ * C]gtr0_norm ?mulr_gt0 // -normrM big_distrr.
    congr `|_|; apply: eq_bigr => j _ /=; rewrite realM realB BE UE CE.
    by move: (B i j) (U p m x j) (real R q) => s t r; ring.
  have thereE : real R there = real R q * C * rate_there p m x B i.
    rewrite sumE /rate_there big_distrr; apply: eq_bigr => l _ /=.
    rewrite real_abs realB sumE -[_ * C]gtr0_norm ?mulr_gt0 // -normrM mulrBr big_distrr.
    congr `|_ - _|.
      rewrite -[(i == l) in RHS]/(nat_of_ord i == nat_of_ord l).
      case: (nat_of_ord i == nat_of_ord l); last by rewrite mulr0.
      by rewrite realM CE -[true%:R]/(1 : R) mulr1.
    apply: eq_bigr => j _ /=; rewrite realM BE slopeE.
    by move: (B i j) (slope p m x j l) (real R q) => s t r; ring.
  have variationE : real R variation' = real R q * C * variation p m x B i.
    rewrite realM real_nat sumE /variation mulrCA; congr (_ * _); rewrite big_distrr.
    apply: eq_bigr => j _ /=; rewrite realM real_abs BE UE normrM gtr0_norm //.
    by move: `|B i j| (U p m x j) (real R q) => s t r; ring.
  have K0 : 0 < real R q * C * (real R b * real R (power b m)) by rewrite !mulr_gt0.
  clearbody beta' there variation'; move: (unit_of us m masses) CE => Cz CE.
  rewrite !(realD, realM, realB) betaE thereE variationE powerE aE CE -(ltr_pmul2l K0).
  by congr (_ < _); rewrite /rate; ring.
have : nat_of_ord y \in iota 0 n by rewrite mem_iota in_n.
move/(allP off); move: (unit_of us m masses) CE => Cz CE.
rewrite massE (negPf yT) /= -(real_le R) !realM UE powerE realD aE CE.
have K0 : 0 < C * (real R b * real R (power b m)) by rewrite !mulr_gt0.
rewrite -(ler_pmul2l K0) mulr1; congr (_ <= _); rewrite exprS.
by move: (U p m x y) (real R _) (real R _) => u s t; ring.
Qed.

(** What decide_enclosed computes, with the claim's matrix, proves an `equilibrium` claim with
    delta > 0. *)
Theorem enclosed_sound n us k masses rows q a b :
  decide_enclosed n us k masses rows q a b -> enclosed_equilibrium n us k masses a b.
Proof.
case: k => // m decided; have conditions := decide_conditions _ decided.
have /and5P[okU ok _ a_gt0 /and3P[lt_ab _ _]] := decided; split=> //; first by lia.
move=> R bw; have [contraction off] := conditions R.
have a0 := real_gt0 R a_gt0; have lt_ab0 : real R a < real R b by rewrite real_lt.
apply: equilibrium_in_box bw _ _ contraction off; first by rewrite divr_gt0 // (lt_trans a0).
by rewrite ltr_pdivr_mulr ?mul1r // (lt_trans a0).
Qed.
