(** What a user said of the responses, what follows from it, and the weak order in which it holds
    that is the worst for a response. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** What a user has said: some responses are above others, some tie. That is closed under what
    follows from it, and puts nothing above itself. *)
Record statements (Y : finType) := Statements {
  higher : rel Y;
  same : rel Y;
  higher_irr : irreflexive higher;
  higher_trans : transitive higher;
  same_eq : equivalence_rel same;
  same_left : forall a b c, same a b -> higher a c = higher b c;
  same_right : forall a b c, same a b -> higher c a = higher c b }.

(** A weak order in which all of it holds. *)
Definition completes (Y : finType) (s : statements Y) (r : ranking Y) := forall a b,
  (higher s a b -> (r a < r b)%N) /\ (same s a b -> r a = r b).

Section OneUser.

Variables (Y : finType) (s : statements Y) (y : Y).

Lemma same_refl a : same s a a.
Proof. by have [] := same_eq s a a a. Qed.

Lemma higher_not_same z : higher s z y -> ~~ same s z y.
Proof. by move=> above; apply/negP=> /same_left eq; move: above; rewrite eq higher_irr. Qed.

(** As much as possible is below y: first what is known to be above it, then what ties with it,
    then the rest, in each of these by how much is known to be above. *)
Definition worst (z : Y) : nat :=
  let h := #|[pred x | higher s x z]| in
  if higher s z y then h else if same s z y then #|Y| else (#|Y|.+1 + h)%N.

Lemma preds_lt z : (#|[pred x | higher s x z]| < #|Y|)%N.
Proof.
apply: proper_card; apply/properP; split; first exact/subsetP.
by exists z; rewrite ?inE ?higher_irr.
Qed.

Lemma preds_higher a b : higher s a b ->
  (#|[pred x | higher s x a]| < #|[pred x | higher s x b]|)%N.
Proof.
move=> ab; apply: proper_card; apply/properP; split.
  by apply/subsetP=> x; rewrite !inE => xa; exact: higher_trans ab.
by exists a; rewrite !inE ?higher_irr.
Qed.

Lemma worst_above z : (worst z < worst y)%N = higher s z y.
Proof.
rewrite {2}/worst higher_irr same_refl /worst; case: ifP => [_|_]; first exact: preds_lt.
by case: ifP => _; rewrite ?ltnn // ltnNge leqW // leq_addr.
Qed.

Lemma worst_tied z : (worst z == worst y) = same s z y.
Proof.
rewrite {2}/worst higher_irr same_refl /worst; case: ifP => [above|_].
  by rewrite (negPf (higher_not_same above)) ltn_eqF // preds_lt.
by case: ifP => _; rewrite ?eqxx // gtn_eqF // ltnS leq_addr.
Qed.

Lemma worst_completes : completes s worst.
Proof.
move=> a b; split=> [ab|ab]; last first.
  rewrite /worst (same_left _ ab); congr (if _ then _ else if _ then _ else (_ + _)%N).
  - by apply: eq_card => x; rewrite !inE (same_right _ ab).
  - by have [_ ->] := same_eq s a b y.
  - by apply: eq_card => x; rewrite !inE (same_right _ ab).
have preds := preds_higher ab.
rewrite /worst; case: (boolP (higher s a y)) => [ay|nay].
  case: ifP => // _; case: ifP => _; first exact: preds_lt.
  by rewrite (leq_trans (preds_lt a)) // leqW // leq_addr.
have nby : higher s b y = false by apply: contraNF nay; exact: higher_trans.
rewrite nby; case: (boolP (same s b y)) => [sb|_]; first by rewrite -(same_right _ sb) ab in nay.
by case: ifP => _; rewrite ?ltn_add2l // ltnS leq_addr.
Qed.

End OneUser.

(** Shown in a tuple T: its best declared classes, where they tie, do no better together than the
    mean of what each does if it is put above the others. *)
Section OneUserTuple.

Variables (R : realFieldType) (Y : finType) (s : statements Y).
Implicit Types (r : ranking Y) (S T : seq Y) (y z : Y).

Lemma same_sym a b : same s a b = same s b a.
Proof.
have sym x y : same s x y -> same s y x.
  by move=> xy; have [_ /(_ xy) <-] := same_eq s x y x; rewrite same_refl.
by apply/idP/idP; exact: sym.
Qed.

Lemma top_best r T y : y \in T -> best r T y = (r y == top r T).
Proof.
move=> yT; have T0 : T != [::] by apply: contraTneq yT => ->.
have [z zT [bz <-]] := topP r T0; apply/allP/eqP=> [le|eq_r v vT]; last by rewrite eq_r (allP bz).
by apply/eqP; rewrite eqn_leq le //=; exact: (allP bz).
Qed.

Lemma picked_tops r S T : T != [::] -> picked_from R uniform r T S =
  if has (fun v => r v < top r T)%N S then 0
  else (tops r T)%:R / (tops r T + count (fun v => r v == top r T) S)%:R.
Proof.
move=> T0; have [y yT [bT ry]] := topP r T0; have j_gt0 := tops_gt0 r T0.
rewrite (share_integral R S yT bT) factors ry -/(tops r T); case: ifP => _.
  by rewrite mulr0 scaler0 integral0.
by rewrite -exprD integralZ integralXn -addSn prednK.
Qed.

(** Nothing in T is known to be above y. *)
Definition undominated T y := all (fun z => ~~ higher s z y) T.

Lemma best_undominated r T y : completes s r -> best r T y -> undominated T y.
Proof.
move=> complete /allP best_y; apply/allP=> z /best_y le; apply/negP=> /(complete z y).1.
by rewrite ltnNge le.
Qed.

Lemma worst_top T y : y \in T -> undominated T y -> top (worst s y) T = worst s y y.
Proof.
move=> yT none; apply/eqP; rewrite eq_sym -top_best //; apply/allP=> z /(allP none).
by rewrite leqNgt worst_above.
Qed.

Lemma worst_tops T y : y \in T -> undominated T y ->
  tops (worst s y) T = count (fun z => same s z y) T.
Proof. by move=> yT none; rewrite /tops worst_top //; apply: eq_count => z; exact: worst_tied. Qed.

Lemma split_ties r S T : completes s r -> T != [::] ->
  (tops r T)%:R * picked_from R uniform r T S
    <= \sum_(y <- T | best r T y) picked_from R uniform (worst s y) T S.
Proof.
move=> complete T0; rewrite picked_tops //; have j_gt0 := tops_gt0 r T0.
set j := tops r T in j_gt0 *.
case: ifPn => [_|/hasPn none]; first by rewrite mulr0; apply: sumr_ge0 => y _; exact: picked_ge0.
set m := count _ S; pose own (V : seq Y) y := count (fun z => same s z y) V.
have own_gt0 y : y \in T -> (0 < own T y)%N.
  by move=> yT; rewrite -has_count; apply/hasP; exists y => //; exact: same_refl.
have pickE y : y \in T -> best r T y ->
    picked_from R uniform (worst s y) T S = (own T y)%:R / (own T y + own S y)%:R.
  move=> yT by_; have undom := best_undominated complete by_.
  rewrite picked_tops // worst_tops // worst_top //.
  rewrite (eq_has (worst_above s y)) (eq_count (worst_tied s y)); case: ifPn => // /hasP[v /none lt /(complete v y).1].
  by move: by_; rewrite top_best // => /eqP->; rewrite (negPf lt).
pose c : R := j%:R / (j + m)%:R; have jR : 0 < j%:R :> R by rewrite ltr0n.
have tangent_at y : y \in T ->
    c * 2%:R - c ^+ 2 * (1 + (own S y)%:R / (own T y)%:R) <= (own T y)%:R / (own T y + own S y)%:R.
  move=> yT; have i_gt0 : 0 < (own T y)%:R :> R by rewrite ltr0n own_gt0.
  rewrite natrD; move: (own T y)%:R (own S y)%:R i_gt0 (ler0n R (own S y)) => i d i_gt0 d_ge0.
  have sum_gt0 : 0 < i + d by rewrite ltr_paddr.
  rewrite -subr_ge0.
  have -> : i / (i + d) - (c * 2%:R - c ^+ 2 * (1 + d / i))
          = (i - c * (i + d)) ^+ 2 / ((i + d) * i).
    by field; rewrite !gt_eqF.
  by rewrite divr_ge0 ?sqr_ge0 // mulr_ge0 // ltW.
have bestT : \sum_(y <- T | best r T y) 1 = j%:R :> R.
  rewrite (_ : j = count (best r T) T); first by rewrite -sum1_count natr_sum.
  by apply: eq_in_count => y yT; rewrite top_best.
have others : \sum_(y <- T | best r T y) (own S y)%:R / (own T y)%:R <= m%:R :> R.
  have -> : \sum_(y <- T | best r T y) (own S y)%:R / (own T y)%:R
    = \sum_(v <- S) \sum_(y <- T | best r T y) (same s v y)%:R / (own T y)%:R :> R.
    rewrite exchange_big; apply: eq_bigr => y _ /=.
    rewrite -big_distrl /=; congr (_ * _); rewrite /own -sum1_count natr_sum big_mkcond.
    by apply: eq_bigr => v _; case: (same s v y).
  rewrite /m -sum1_count natr_sum [leRHS]big_mkcond; apply: ler_sum => v _ /=.
  have [_|ne] := eqVneq; last first.
    rewrite big_seq_cond big1 // => y /andP[yT]; rewrite top_best // => /eqP ry.
    rewrite (_ : same s v y = false) ?mul0r //; apply/negP=> /(complete v y).2 eq_r.
    by rewrite eq_r ry eqxx in ne.
  apply: le_trans (_ : \sum_(y <- T) (same s y v)%:R / (own T v)%:R <= _).
    rewrite big_mkcond; apply: ler_sum => y _; case: ifP => _; last by rewrite divr_ge0 ?ler0n.
    rewrite same_sym; have [yv|] := boolP (same s y v); last by rewrite !mul0r.
    rewrite (_ : own T y = own T v) //; apply: eq_count => z.
    by rewrite ![same s z _]same_sym; have [_ /(_ yv)] := same_eq s y v z.
  rewrite -big_distrl /= -natr_sum -big_mkcond sum1_count -/(own T v).
  by case: (own T v) => [|i]; rewrite ?mul0r ?ler01 // divff // pnatr_eq0.
have c_ge0 : 0 <= c by rewrite divr_ge0 ?ler0n.
have cE : c * (j + m)%:R = j%:R by rewrite divfK // pnatr_eq0 -lt0n addn_gt0 j_gt0.
rewrite -/c; apply: le_trans (_ : \sum_(y <- T | best r T y)
    (c * 2%:R - c ^+ 2 * (1 + (own S y)%:R / (own T y)%:R)) <= _); last first.
  rewrite big_seq_cond [leRHS]big_seq_cond; apply: ler_sum => y /andP[yT by_].
  by rewrite pickE ?tangent_at.
rewrite sumrB -[X in _ - X]big_distrr big_split /= bestT ler_subr_addr.
have -> : \sum_(y <- T | best r T y) c * 2%:R = j%:R * c + c * j%:R.
  transitivity (c * 2%:R * j%:R); last by ring.
  by rewrite -bestT big_distrr; apply: eq_bigr => y _; rewrite /= mulr1.
rewrite ler_add2l expr2 -mulrA ler_wpmul2l // -[leRHS]cE natrD ler_wpmul2l // ler_add2l.
exact: others.
Qed.

End OneUserTuple.

(** What a user said as it stands, nothing inferred: some responses above others, some tied. *)
Section Closure.

Variables (Y : finType) (above_as_said tied_as_said : rel Y).

(** A weak order in which all of it holds. *)
Definition agrees (r : ranking Y) := forall a b,
  (above_as_said a b -> (r a < r b)%N) /\ (tied_as_said a b -> r a = r b).

(** b follows a in a chain of what was said, ties in either direction. *)
Definition step a b := [|| above_as_said a b, tied_as_said a b | tied_as_said b a].
Definition chained := connect step.

(** No chain leads from a response back to one that was said to be above it. *)
Definition acyclic := forall a b, above_as_said a b -> ~~ chained b a.

Lemma chained_le r a b : agrees r -> chained a b -> (r a <= r b)%N.
Proof.
move=> fits /connectP[c path_c ->]; elim: c a path_c => //= d c IH a /andP[step_ad path_c].
apply: leq_trans (IH d path_c); case/or3P: step_ad => [/(fits a d).1/ltnW|/(fits a d).2->|] //.
by move/(fits d a).2->.
Qed.

Definition follows_above a b :=
  [exists x, exists y, [&& chained a x, above_as_said x y & chained y b]].
Definition follows_tied a b := chained a b && chained b a.

Lemma above_chained a b : above_as_said a b -> chained a b.
Proof. by move=> ab; apply: connect1; rewrite /step ab. Qed.

Lemma follows_aboveP a b :
  reflect (exists x y, [/\ chained a x, above_as_said x y & chained y b]) (follows_above a b).
Proof.
apply: (iffP existsP) => [[x /existsP[y /and3P[ax xy yb]]]|[x [y [ax xy yb]]]].
  by exists x, y.
by exists x; apply/existsP; exists y; rewrite ax xy.
Qed.

Hypothesis no_cycle : acyclic.

Fact follows_irr : irreflexive follows_above.
Proof.
move=> a; apply/follows_aboveP=> -[x [y [ax xy ya]]].
by have := no_cycle xy; rewrite /chained (connect_trans ya ax).
Qed.

Fact follows_trans : transitive follows_above.
Proof.
move=> b a c /follows_aboveP[x [y [ax xy yb]]] /follows_aboveP[v [w [bv vw wc]]].
apply/follows_aboveP; exists x, y; split=> //.
exact: connect_trans (connect_trans yb bv) (connect_trans (above_chained vw) wc).
Qed.

Fact follows_eq : equivalence_rel follows_tied.
Proof.
move=> a b c; rewrite /follows_tied /chained connect0; split=> // /andP[ab ba].
by apply/andP/andP=> -[H1 H2]; split; apply: connect_trans; eassumption.
Qed.

Fact follows_left a b c : follows_tied a b -> follows_above a c = follows_above b c.
Proof.
case/andP=> ab ba; apply/follows_aboveP/follows_aboveP=> -[x [y [ax xy yc]]];
  exists x, y; split=> //.
  exact: connect_trans ba ax.
exact: connect_trans ab ax.
Qed.

Fact follows_right a b c : follows_tied a b -> follows_above c a = follows_above c b.
Proof.
case/andP=> ab ba; apply/follows_aboveP/follows_aboveP=> -[x [y [cx xy yc]]];
  exists x, y; split=> //.
  exact: connect_trans yc ab.
exact: connect_trans yc ba.
Qed.

(** The closure: above is what a chain with something above in it leads down from, tied what
    chains lead to and back from. *)
Definition closure : statements Y :=
  Statements follows_irr follows_trans follows_eq follows_left follows_right.

End Closure.
