(** The deciders of Check.v are sound. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify ssrZ.
From Coq Require Import ZArith.
From UAlign Require Import Definitions Integral Utility P1 Check.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
From UAlign Require Import Computing. (* its realD, realM, ... hide Num.Theory's *)
Delimit Scope nat_scope with N.
Local Open Scope ring_scope.

(** ** What is written down *)

Section Listed.

Variable R : realFieldType.
Local Notation real := (real R).

Lemma shares_size n s : shares n s -> size s = n.-1.+1.
Proof. by case/and4P=> n0 /eqP-> _ _; rewrite prednK. Qed.

Lemma shares_gt0 n s : shares n s -> 0 < real (sum_of s).
Proof. by case/and4P=> _ _ _; exact: real_gt0. Qed.

Lemma shares_ge0 n s i : shares n s -> 0 <= real (nth 0%Z s i).
Proof.
case/and4P=> _ _ /allP all0 _; rewrite -real0 real_le; have [lt|ge] := ltnP i (size s).
  by apply: all0; rewrite mem_nth.
by rewrite nth_default.
Qed.

Lemma listedE n s (i : upto n) : shares n s ->
  listed R n s i = real (nth 0%Z s i) / real (sum_of s).
Proof.
move=> ok; rewrite /listed val_insubd ifT ?ffunE //; apply/andP; split.
  apply/forallP=> j; rewrite ffunE divr_ge0 ?(shares_ge0 _ ok) //; exact/ltW/(shares_gt0 ok).
under eq_bigr do rewrite ffunE; rewrite -big_distrl /= -(real_sum R (shares_size ok)) divff //.
exact/lt0r_neq0/(shares_gt0 ok).
Qed.

Lemma average_bounds up (A : Type) (d : Z * A) (s : seq (Z * A)) (f : Z * A -> Z)
    (x : upto (size s) -> R) : shares (size s) (map fst s) ->
  (forall i : upto (size s), bounds up (x i) (real (f (nth d s i)))) ->
  bounds up (real (sum_of (map fst s)) * \sum_i listed R (size s) (map fst s) i * x i)
    (real (sum_of [seq (e.1 * f e)%Z | e <- s])).
Proof.
move=> ok le; have size_s := shares_size ok; rewrite size_map in size_s.
have small (i : upto (size s)) : (i < size s)%N by rewrite [X in (_ < X)%N]size_s.
have -> : real (sum_of (map fst s)) * (\sum_i listed R (size s) (map fst s) i * x i)
        = \sum_(i : upto (size s)) real (nth d s i).1 * x i.
  rewrite big_distrr; apply: eq_bigr => i _ /=; rewrite (listedE _ ok).
  rewrite (nth_map d) ?small //; have := lt0r_neq0 (shares_gt0 ok).
  by move: (real _) (real _) (x i) => w W y W0; field.
rewrite (@real_sum _ _ (size s).-1.+1) ?size_map //.
rewrite [X in bounds _ _ X](eq_bigr (fun i : upto (size s) =>
  real (nth d s i).1 * real (f (nth d s i)))) => [|i _]; last first.
  by rewrite (nth_map d) ?small // realM.
apply: (@bounds_sum _ up (upto (size s)) (fun i => real (nth d s i).1)) => // i.
by have := shares_ge0 i ok; rewrite (nth_map d) ?small.
Qed.

Variable n : nat.
Hypothesis n_gt0 : (0 < n)%N.
Local Notation Y := (upto n).

Lemma picked_val t (r : ranking nat) (S T : seq Y) :
  picked_from R t (fun y : Y => r (y : 'I_n.-1.+1)) S T = picked_from R t r (map val S) (map val T).
Proof.
have bestE : preim val (best r (map val S ++ map val T))
           =1 best (fun y : Y => r (y : 'I_n.-1.+1)) (S ++ T).
  by move=> y; rewrite /best /= -map_cat all_map.
by rewrite /picked_from /ours /theirs !count_map !(eq_count bestE).
Qed.

Lemma tuple_ofK k S : tuple_ok n k S -> map val (tuple_of n k S) = S.
Proof.
case/andP=> /eqP size_S small.
apply: (@eq_from_nth _ 0%N) => [|i]; rewrite size_map size_tuple // => i_k.
rewrite (nth_map ord0) ?size_tuple // -(tnth_nth ord0 (tuple_of n k S) (Ordinal i_k)).
rewrite tnth_mktuple /= inordK // prednK //; apply: (allP small).
by rewrite mem_nth ?size_S.
Qed.

Lemma map_val_ok k (S : k.-tuple Y) : tuple_ok n k (map val S).
Proof.
rewrite /tuple_ok size_map size_tuple eqxx; apply/allP=> y /mapP[x _ ->].
by rewrite -[X in (_ < X)%N](prednK n_gt0) ltn_ord.
Qed.

Lemma top_val (r : ranking nat) (T : seq Y) :
  top (fun y : Y => r (y : 'I_n.-1.+1)) T = top r (map val T).
Proof. by case: T => // y T /=; elim: T => //= z T ->. Qed.

Lemma tops_val (r : ranking nat) (T : seq Y) :
  tops (fun y : Y => r (y : 'I_n.-1.+1)) T = tops r (map val T).
Proof. by rewrite /tops -top_val count_map. Qed.

(** An item as a policy. *)
Definition policy_item k (i : item) : outputs R k Y :=
  match i with
  | Shown ys => sure (tuple_of n k ys)
  | Draws masses => draws k (listed R n masses)
  end.

Section Users.

Variables (t : ties) (m : nat) (D : Z) (k : nat).
Hypothesis D_gt0 : (0 <? D)%Z.

Lemma mass_low b (u : user_data) masses : size u.2 = n -> shares n masses ->
  sum_of masses = D -> real (mass_from b u.2 masses)
  = real D * low (listed R n masses) (fun y : Y => ranks u (y : 'I_n.-1.+1)) b.
Proof.
move=> size_u ok eq_D; rewrite (@mass_fromE R b _ _ n.-1.+1) ?(shares_size ok) ?prednK //.
rewrite /low big_distrr; apply: eq_bigr => y _ /=; rewrite (listedE _ ok) eq_D.
by rewrite mulrCA divff ?mulr1 // lt0r_neq0 ?real_gt0.
Qed.

Lemma won_bounds up i u l (T : l.-tuple Y) : (0 < l)%N -> size u.2 = n -> item_ok n k i ->
  (if i is Draws masses then (sum_of masses =? D)%Z else true) ->
  bounds up (real (power D k) * real (units m) * \sum_S policy_item k i S *
      picked_from R t (fun y : Y => ranks u (y : 'I_n.-1.+1)) S T)
    (real (won up t m D k i u (map val T))).
Proof.
move=> l_gt0 size_u; set r := fun y : Y => _.
have D0 : 0 <= real (power D k) by rewrite real_power exprn_ge0 ?ltW ?real_gt0.
case: i => [ys ok _|masses ok /Z.eqb_spec eq_D] /=.
  under eq_bigr do rewrite sureE.
  rewrite (sum_at (tuple_of n k ys) (fun S : k.-tuple Y => picked_from R t r S T)).
  rewrite picked_val tuple_ofK // realM -mulrA picked_share.
  by apply: bounds_mul => //; exact: share_bounds.
have T0 : tval T != [::] by rewrite -size_eq0 size_tuple -lt0n.
rewrite (draws_counts _ _ _ _ T0) top_val tops_val realB realM.
rewrite (@weightedE R _ _ _ k.+1) ?size_row //.
set b := top _ _; set j := tops _ _; set c := cumulative _ _ _.
have rowE' i : real (nth 0%Z (row k (mass_from b.+1 u.2 masses)
      (mass_from b u.2 masses - mass_from b.+1 u.2 masses)) i) = real (power D k) * (c ^+ k)`_i.
  rewrite rowE realB !(mass_low _ size_u ok eq_D) real_power -coefZ -exprZn.
  rewrite (_ : line _ _ = real D *: c) //.
  rewrite /c /cumulative /line scalerDr scalerA -[_ *: _%:P]mul_polyC -polyCM -mulrBr [low _ _ b]lowS.
  by rewrite [low _ _ _ + level _ _ _]addrC addrK.
have c0 i : 0 <= (c ^+ k)`_i by apply: coef_ge0X; exact: coef_ge0_cumulative.
rewrite mulrBr mulr1; apply: bounds_sub; rewrite big_distrr /=.
have flip a : real (power D k) * real (units m) * ((c ^+ k)`_a * (1 - share R t a j))
  = real (power D k) * (c ^+ k)`_a * (real (units m) - real (units m) * share R t a j).
  by rewrite mulrACA; congr (_ * _); rewrite mulrBr mulr1.
under eq_bigr do rewrite flip; under [X in bounds _ _ X]eq_bigr do rewrite rowE' realB.
apply: (@bounds_sum _ (~~ up)) => a; first by rewrite mulr_ge0.
have := share_bounds R up t m a j.
by case: (up) => /=; rewrite ler_add2l ler_opp2.
Qed.

End Users.

Lemma small (A : Type) (s : seq (Z * A)) (i : upto (size s)) :
  shares (size s) (map fst s) -> (i < size s)%N.
Proof. by case/and4P=> s0 _ _ _; rewrite -[X in (_ < X)%N](prednK s0) ltn_ord. Qed.

Section Population.

Variables (us : seq user_data) (okU : population_ok n us).
Local Notation p := (population_of R n us).

Fact users_ok : shares (size us) (map fst us).
Proof. by case/and3P: okU. Qed.

Fact user_size (i : upto (size us)) : size (nth no_user us i).2 = n.
Proof.
by case/and3P: okU => _ _ /(all_nthP no_user)/(_ i (small i users_ok))/eqP.
Qed.

Lemma W_policy t k P l (T : l.-tuple Y) : W t p (policy_of R n k P) (sure T)
  = \sum_(i : upto (size P)) listed R (size P) (map fst P) i *
      \sum_u weight p u * \sum_S policy_item k (nth no_item P i).2 S *
        picked_from R t (rank p u) S T.
Proof.
rewrite W_sure_r; under eq_bigr do rewrite mixtureE big_distrl.
rewrite exchange_big; apply: eq_bigr => i _ /=; under eq_bigr do rewrite -mulrA.
rewrite -big_distrr; congr (_ * _); under eq_bigr do rewrite big_distrr.
rewrite exchange_big; apply: eq_bigr => u _; rewrite big_distrr; apply: eq_bigr => S _ /=.
exact: mulrCA.
Qed.

Lemma policy_bounds up t m D k P l (T : l.-tuple Y) : (0 < l)%N -> policy_ok n k P ->
  common D P -> bounds up
  (real (sum_of (map fst P)) * (real (sum_of (map fst us)) * (real (power D k) * real (units m))) *
    W t p (policy_of R n k P) (sure T))
  (real (of_items P (fun i => of_users us (fun u => won up t m D k i u (map val T))))).
Proof.
move=> l_gt0 /andP[okP items] /andP[same D_gt0]; rewrite W_policy -mulrA.
rewrite sum_push; apply: (@average_bounds up _ no_item P (fun e => of_users us _) _ okP) => i.
rewrite -mulrA sum_push; apply: (@average_bounds up _ no_user us _ _ users_ok) => u.
have i_P := small i okP.
apply: won_bounds => //; first exact: user_size.
  exact: (all_nthP no_item items).
exact: (all_nthP no_item same).
Qed.

End Population.

Lemma multisetsP m (S : seq nat) : all (fun y => y < m)%N S ->
  exists2 S', S' \in multisets m (size S) & perm_eq S S'.
Proof.
elim: m S => [|m IH] S small_S.
  by case: S small_S => // _; exists [::]; rewrite ?inE.
pose rest := [seq y <- S | y != m]; pose j := count_mem m S.
have size_S : size S = (j + size rest)%N by rewrite size_filter count_predC.
have [|S' mem perm] := IH rest.
  apply/allP=> y; rewrite mem_filter => /andP[ne /(allP small_S)].
  by rewrite ltnS leq_eqVlt (negPf ne).
exists (nseq j m ++ S').
  apply/flatten_mapP; exists j; first by rewrite mem_iota /= add0n ltnS size_S leq_addr.
  by apply: map_f; rewrite size_S addKn.
have same : [seq y <- S | pred1 m y] = nseq j m.
  by rewrite /j -size_filter; apply/all_pred1P; exact: filter_all.
by rewrite -(perm_filterC (pred1 m) S) same perm_cat.
Qed.

(** Every tuple is, up to its order, one that is listed. *)
Lemma listed_tuple k (S : k.-tuple Y) :
  exists2 S' : k.-tuple Y, map val S' \in multisets n k & perm_eq S S'.
Proof.
have /andP[_ small_S] := map_val_ok S; have [S' mem perm] := multisetsP small_S.
rewrite size_map size_tuple in mem.
have ok : tuple_ok n k S'.
  by rewrite /tuple_ok -(perm_size perm) -(perm_all _ perm) size_map size_tuple eqxx.
exists (tuple_of n k S'); first by rewrite tuple_ofK.
by apply: (perm_map_inj val_inj); rewrite tuple_ofK.
Qed.

End Listed.

(** ** The deciders are sound *)

(** What decide_win_rate computes proves a `win-rate` claim: of product, joint and mixed policies,
    against any number of outputs, under all tie conventions. *)
Theorem win_rate_sound n us k l t P rel opponent a b :
  decide_win_rate n us k l t P rel opponent a b -> win_rate n us k l t P rel a b.
Proof.
case/and5P=> okU okP b_gt0 l_gt0 /and3P[same wins attained].
have n_gt0 : (0 < n)%N by case/and3P: okU.
split=> // [|R]; first exact/Z.ltb_lt.
set p := population_of R n us; set policy := policy_of R n k P; move=> /=.
have b0 : 0 < real R b by exact: real_gt0.
set A := real R (sum_of (map fst P)) * (real R (sum_of (map fst us)) *
           (real R (power (denominator P) k) * real R (units (k + l)))).
have A_gt0 : 0 < A.
  case/andP: same => _ D0; case/andP: okP => okP _; rewrite /A !mulr_gt0 ?units_gt0 //.
  - exact: (shares_gt0 _ okP).
  - exact/shares_gt0/users_ok/okU.
  - by rewrite real_power exprn_gt0 ?real_gt0.
have least : rel <> at_most -> forall T : l.-tuple (upto n),
  real R a / real R b <= W t p policy (sure T).
  move=> ne T; have [T' mem perm] := listed_tuple n_gt0 T.
  have -> : W t p policy (sure T) = W t p policy (sure T').
    by rewrite !W_sure_r; apply: eq_bigr => S _; rewrite (W_shown_perm _ _ (perm_refl _) perm).
  have : real R a * A <= real R b * real R (of_items P (fun i => of_users us (fun u =>
      won false t (k + l) (denominator P) k i u (map val T')))).
    by rewrite /A -!realM real_le; case: (rel) ne wins => // _ /allP/(_ _ mem).
  move=> le; rewrite ler_pdivr_mulr // -(ler_pmul2r A_gt0).
  apply: le_trans le _; rewrite mulrAC [leRHS]mulrC ler_pmul2l // mulrC.
  by have /= := policy_bounds R n_gt0 okU false t (k + l) T' l_gt0 okP same; rewrite -/A.
have most : rel <> at_least -> exists T : l.-tuple (upto n),
  W t p policy (sure T) <= real R a / real R b.
  move=> ne; have [okT le] : tuple_ok n l opponent /\ real R b * real R (of_items P (fun i =>
      of_users us (fun u => won true t (k + l) (denominator P) k i u opponent))) <= real R a * A.
    by rewrite /A -!realM real_le; case: (rel) ne attained => // _ /andP.
  exists (tuple_of n l opponent).
  rewrite ler_pdivl_mulr // -(ler_pmul2r A_gt0); apply: le_trans le.
  rewrite mulrAC [leLHS]mulrC ler_pmul2l // mulrC.
  have /= := policy_bounds R n_gt0 okU true t (k + l) (tuple_of n l opponent) l_gt0 okP same.
  by rewrite -/A tuple_ofK.
case: (rel) least most => least most; [exact: least | split | exact: most].
  exact: least.
have [T le] : exists T : l.-tuple (upto n), W t p policy (sure T) <= real R a / real R b by exact: most.
by exists T; apply: le_anti; rewrite le least.
Qed.

(** What it computes of a mixture of opponents bounds what S wins against it. *)
Lemma mixed_bound (R : realFieldType) n us k l t (Q : seq (Z * seq nat)) (S : k.-tuple (upto n)) :
  population_ok n us -> shares (size Q) (map fst Q) -> all (fun T => tuple_ok n l T.2) Q ->
  real R (sum_of (map fst Q)) * (real R (sum_of (map fst us)) * real R (units (k + l))) *
    (\sum_(i : upto (size Q)) listed R (size Q) (map fst Q) i *
       W_shown t (population_of R n us) S (tuple_of n l (nth no_user Q i).2))
  <= real R (sum_of [seq (T.1 * of_users us (fun u =>
       won true t (k + l) 1 k (Shown (map val S)) u T.2))%Z | T <- Q]).
Proof.
move=> okU okQ okT; have n_gt0 : (0 < n)%N by case/and3P: okU.
rewrite -mulrA sum_push -[_ <= _]/(bounds true _ _).
apply: (@average_bounds R true _ no_user Q (fun T => of_users us
  (fun u => won true t (k + l) 1 k (Shown (map val S)) u T.2)) _ okQ) => i.
rewrite /W_shown -mulrA sum_push.
apply: (@average_bounds R true _ no_user us _ _ (users_ok okU)) => u.
have ok_i := all_nthP no_user okT i (small i okQ).
rewrite picked_val (tuple_ofK n_gt0 ok_i) picked_share /won realM real_power expr1n mul1r.
exact: share_bounds.
Qed.

(** What decide_joint computes, with the claim's mixture of opponents, proves a
    `joint-upper-bound` claim. *)
Theorem joint_sound n us k l t Q a b :
  decide_joint n us k l t Q a b -> joint_upper_bound n us k l t a b.
Proof.
case/and5P=> okU b_gt0 okQ okT held; have n_gt0 : (0 < n)%N by case/and3P: okU.
split=> // [|R P f le_f]; first exact/Z.ltb_lt.
have b0 : 0 < real R b by exact: real_gt0.
set p := population_of R n us in le_f *; pose U := real R (sum_of (map fst us)).
pose tuple i : l.-tuple (upto n) := tuple_of n l (nth no_user Q i).2.
pose q := listed R (size Q) (map fst Q).
have U_gt0 : 0 < U by exact/shares_gt0/users_ok/okU.
have Q_gt0 : 0 < real R (sum_of (map fst Q)) by exact: (shares_gt0 _ okQ).
have M_gt0 := units_gt0 R (k + l).
apply: le_trans (_ : _ <= \sum_(i : upto (size Q)) q i * W t p P (sure (tuple i))) _.
  exact: average_ge.
under eq_bigr do rewrite W_sure_r big_distrr; rewrite exchange_big /=.
under eq_bigr do under eq_bigr do rewrite mulrCA.
under eq_bigr do rewrite -big_distrr; apply: average_le => S /=.
have [S' mem perm] := listed_tuple n_gt0 S.
under eq_bigr do rewrite (W_shown_perm _ _ perm (perm_refl _)).
have /allP/(_ _ mem) := held; rewrite -(real_le R) !realM => le.
set A := real R (sum_of (map fst Q)) * (U * real R (units (k + l))).
have A_gt0 : 0 < A by rewrite !mulr_gt0.
rewrite ler_pdivl_mulr // -(ler_pmul2r A_gt0); apply: le_trans le.
rewrite mulrAC [leLHS]mulrC ler_pmul2l // mulrC; exact: mixed_bound.
Qed.

(** What decide_equilibrium computes proves an `equilibrium` claim with delta = 0. *)
Theorem equilibrium_sound n us k masses :
  decide_equilibrium n us k masses -> exact_equilibrium n us k masses.
Proof.
case/andP=> /win_rate_sound[okU okP _ wins] ok; split=> // R; apply/P1_robust=> y.
have := wins R [tuple y]; rewrite !real_nat (_ : policy_of R n k _ = draws k (listed R n masses)) //.
by apply: distr_eq => S; rewrite mixtureE big_ord1 listedE //= real1 divr1 mul1r.
Qed.
