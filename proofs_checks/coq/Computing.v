(** What the integers of Check.v stand for: numbers of the field, rounded shares, the coefficients of
    powers, and what draws win of a tuple by the number of them in the tuple's best class. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify ssrZ.
From Coq Require Import ZArith.
From UAlign Require Import Definitions Integral Utility P1 Check.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Delimit Scope nat_scope with N.
Local Open Scope ring_scope.

Section Numbers.

Variable R : realFieldType.
Local Notation real := (real R).

Lemma realD x y : real (x + y)%Z = real x + real y.
Proof. by rewrite /real -intrD -rmorphD. Qed.
Lemma realM x y : real (x * y)%Z = real x * real y.
Proof. by rewrite /real -intrM -rmorphM. Qed.
Lemma realN x : real (- x)%Z = - real x.
Proof. by rewrite /real -mulrNz; congr _%:~R; lia. Qed.
Lemma realB x y : real (x - y)%Z = real x - real y.
Proof. by rewrite /Z.sub realD realN. Qed.
Lemma real0 : real 0 = 0. Proof. by []. Qed.
Lemma real1 : real 1 = 1. Proof. by []. Qed.
Lemma real_le x y : (real x <= real y) = (x <=? y)%Z.
Proof. by rewrite /real ler_int; apply/idP/idP; lia. Qed.
Lemma real_lt x y : (real x < real y) = (x <? y)%Z.
Proof. by rewrite /real ltr_int; apply/idP/idP; lia. Qed.
Lemma real_nat (i : nat) : real (Z.of_nat i) = i%:R.
Proof. by rewrite /real [RHS]pmulrn; congr _%:~R; lia. Qed.

Lemma real_gt0 x : (0 <? x)%Z -> 0 < real x.
Proof. by rewrite -real0 real_lt. Qed.

Lemma real_power D k : real (power D k) = real D ^+ k.
Proof. by elim: k => [|k IH]; rewrite ?expr0 //= realM IH exprS. Qed.

Lemma real_sum (s : seq Z) n : size s = n -> real (sum_of s) = \sum_(i < n) real (nth 0%Z s i).
Proof.
move<-; elim: s => [|z s IH]; first by rewrite big_ord0.
by rewrite /= realD IH big_ord_recl.
Qed.

Lemma mass_fromE b places masses m : size places = m -> size masses = m ->
  real (mass_from b places masses)
  = \sum_(y < m | (b <= nth 0 places y)%N) real (nth 0%Z masses y).
Proof.
move<-; elim: places masses => [|r places IH] [|z masses] //= => [_|[/IH {}IH]].
  by rewrite big_ord0.
rewrite big_mkcond big_ord_recl /= -big_mkcond -IH.
by case: ifP; rewrite ?realD ?add0r.
Qed.

Lemma sum_push (I : finType) (q x : I -> R) c : c * (\sum_i q i * x i) = \sum_i q i * (c * x i).
Proof. by rewrite big_distrr; apply: eq_bigr => i _; exact: mulrCA. Qed.

(** ** Rounding *)

Definition bounds (up : bool) (x y : R) := if up then x <= y else y <= x.

Lemma bounds_refl up x : bounds up x x.
Proof. by case: up => /=. Qed.

Lemma bounds_sum up (I : finType) (c x y : I -> R) : (forall i, 0 <= c i) ->
  (forall i, bounds up (x i) (y i)) -> bounds up (\sum_i c i * x i) (\sum_i c i * y i).
Proof.
by case: up => c0 le /=; apply: ler_sum => i _; rewrite ler_wpmul2l ?le //; exact: le.
Qed.

Lemma bounds_mul up c x y : 0 <= c -> bounds up x y -> bounds up (c * x) (c * y).
Proof. by case: up => c0 /= le; rewrite ler_wpmul2l. Qed.

Lemma bounds_sub up c x y : bounds (~~ up) x y -> bounds up (c - x) (c - y).
Proof. by case: up => /= le; rewrite ler_add2l ler_opp2. Qed.

Lemma units_gt0 m : 0 < real (units m).
Proof.
apply: real_gt0; elim: m => [|m IH] //; move: IH; rewrite /units -/(units m).
by move=> IH; apply/Z.ltb_lt; apply: Z.mul_pos_pos; lia.
Qed.

Lemma rounded_bounds up m f : (0 <? f.2)%Z ->
  bounds up (real (units m) * (real f.1 / real f.2)) (real (rounded up m f)).
Proof.
move=> pos; have pos' := real_gt0 pos; move/Z.ltb_lt: pos => pos.
case: up => /=; rewrite mulrA ?ler_pdivr_mulr ?ler_pdivl_mulr // -!realM real_le /rounded.
  by apply/Z.leb_le; have := Z.mul_div_le (- (units m * f.1)) f.2 pos; lia.
by apply/Z.leb_le; rewrite Z.mul_comm; apply: Z.mul_div_le.
Qed.

(** A user's share by the numbers of best positions. *)
Definition share (t : ties) (i j : nat) : R := real (fraction t i j).1 / real (fraction t i j).2.

Lemma fraction_gt0 t i j : (0 <? (fraction t i j).2)%Z.
Proof. by rewrite /fraction; case: eqP => // i0; case: eqP => // j0; case: t => //=; lia. Qed.

Lemma picked_share (Y : Type) t (r : ranking Y) (S T : seq Y) :
  picked_from R t r S T = share t (ours r S T) (theirs r S T).
Proof.
rewrite /share /fraction /picked_from; case: eqP => [_|/eqP i0]; first by rewrite real0 mul0r.
case: eqP => _; first by rewrite real1 divr1.
by case: t; rewrite /= ?real0 ?real1 ?mul0r ?divr1 ?real_nat.
Qed.

Lemma share_bounds up t m i j :
  bounds up (real (units m) * share t i j) (real (rounded up m (fraction t i j))).
Proof. exact/rounded_bounds/fraction_gt0. Qed.

(** ** Powers of something linear *)

Lemma timesE L p last q i : real (nth 0%Z (times L p last q) i)
  = real L * real (nth 0%Z q i) + real p * (if i is i'.+1 then real (nth 0%Z q i') else real last).
Proof.
elim: q last i => [|c q IH] last [|i] //=.
- by rewrite realM real0 mulr0 add0r.
- by rewrite !nth_nil real0; case: i => [|i]; rewrite ?nth_nil ?real0 !mulr0 addr0.
- by rewrite realD !realM.
- by rewrite IH; case: i.
Qed.

Lemma rowE k L p i : real (nth 0%Z (row k L p) i) = (line (real L) (real p) ^+ k)`_i.
Proof.
elim: k i => [|k IH] i /=.
  by rewrite expr0 coef1; case: i => [|i] //=; rewrite nth_nil.
rewrite timesE exprS /line mulrDl coefD coefCM IH -scalerAl coefZ coefXM.
by case: i => [|i] //=; rewrite IH.
Qed.

Lemma size_times L p last q : size (times L p last q) = (size q).+1.
Proof. by elim: q last => //= c q IH last; rewrite IH. Qed.

Lemma size_row k L p : size (row k L p) = k.+1.
Proof. by elim: k => //= k IH; rewrite size_times IH. Qed.

Lemma weightedE f j s n : size s = n ->
  real (weighted f j s) = \sum_(i < n) real (nth 0%Z s i) * real (f (j + i)%N).
Proof.
move<-; elim: s j => [|z s IH] j; first by rewrite big_ord0.
rewrite /= realD realM IH big_ord_recl /= addn0; congr (_ + _).
by apply: eq_bigr => i _; rewrite addSnnS.
Qed.

End Numbers.

(** ** Draws against a tuple, by the number of draws in the tuple's best class *)

Section Draws.

Variables (R : realFieldType) (Y : finType) (t : ties).
Implicit Types (r : ranking Y) (S T : seq Y) (y : Y) (pi : distr R Y).

Lemma picked_counts r S T y : y \in T -> best r T y -> r y = top r T ->
  picked_from R t r S T = if has (fun s => r s < top r T)%N S then 1
    else share R t (count (fun s => r s == top r T) S) (tops r T).
Proof.
move=> yT bT ry; rewrite picked_share -ry; case: ifPn => [/hasP[s sS lt]|none].
  have -> : theirs r S T = 0%N.
    rewrite /theirs (@eq_in_count _ _ pred0) ?count_pred0 // => z zT /=.
    apply/negP=> /allP/(_ s); rewrite mem_cat sS => /(_ isT).
    by rewrite leqNgt (leq_trans lt (allP bT z zT)).
  have : (0 < ours r S T + theirs r S T)%N.
    by apply: some_best; apply/eqP=> ST; have := mem_head y T; rewrite -[y :: T]/([:: y] ++ T);
       move: sS; case: (S) ST.
  rewrite (_ : theirs r S T = 0%N); last first.
    rewrite /theirs (@eq_in_count _ _ pred0) ?count_pred0 // => z zT /=.
    apply/negP=> /allP/(_ s); rewrite mem_cat sS => /(_ isT).
    by rewrite leqNgt (leq_trans lt (allP bT z zT)).
  by rewrite addn0 /share /fraction => /gtn_eqF->; rewrite eqxx /= real1 divr1.
have bestE z : z \in S ++ T -> best r (S ++ T) z = (r z == r y).
  move=> zST; apply/idP/eqP=> [/allP bz|rz].
    apply/eqP; rewrite eqn_leq bz ?mem_cat ?yT ?orbT //=; move: zST; rewrite mem_cat => /orP[zS|zT].
      by rewrite leqNgt; apply: contra none => lt; apply/hasP; exists z.
    exact: (allP bT).
  apply/allP=> v; rewrite mem_cat rz => /orP[vS|vT]; last exact: (allP bT).
  by rewrite leqNgt; apply: contra none => lt; apply/hasP; exists v.
congr share; rewrite ?/tops -?ry; apply: eq_in_count => z zS.
  by rewrite bestE // mem_cat zS.
by rewrite bestE // mem_cat zS orbT.
Qed.

(** Those of the draws that beat T, or share with it: all, but for what T gets where i of them tie
    and none is better. *)
Lemma draws_counts k pi r T : T != [::] -> \sum_S draws k pi S * picked_from R t r S T =
  1 - \sum_(i < k.+1) (cumulative pi r (top r T) ^+ k)`_i * (1 - share R t i (tops r T)).
Proof.
case/(topP r)=> y yT [bT ry]; set rest := fun i => 1 - share R t i (tops r T).
apply/eqP; rewrite eq_sym subr_eq -[X in X == _](mass_sum (draws k pi)) eq_sym; apply/eqP.
rewrite -sum_factors -sum_tuples.
under [X in _ + X]eq_bigr do rewrite coef_sum big_distrl.
rewrite exchange_big -big_split; apply: eq_bigr => S _ /=.
rewrite big_split /= -rmorph_prod /= drawsE (picked_counts S yT bT ry) factors.
under [X in _ + X]eq_bigr do rewrite coefCM -mulrA.
rewrite -big_distrr -mulrDr /= -[RHS]mulr1; congr (_ * _).
case: ifP => _; first by rewrite big1 ?addr0 // => i _; rewrite coef0 mul0r.
set c := count _ S; have c_k : (c < k.+1)%N by rewrite ltnS -(size_tuple S) count_size.
rewrite (bigD1 (Ordinal c_k)) //= coefXn eqxx mul1r big1 ?addr0 ?/rest => [|i ne].
  by rewrite addrC subrK.
by rewrite coefXn (_ : (i : nat) == c = false) ?mul0r //; apply/negbTE.
Qed.

End Draws.
