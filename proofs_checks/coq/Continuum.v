(** What exact existence needs of the numbers: that [0, 1] is compact. It makes a policy of every
    approximation, so that infima over policies are attained. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** The property of Bolzano and Weierstrass: every sequence in [0, 1] has a cluster point. The real
    numbers have it, and no other ordered field; theorems that need it say so. *)
Definition bolzano_weierstrass (R : realFieldType) := forall x : nat -> R,
  (forall n, 0 <= x n <= 1) ->
  exists l, forall eps N, 0 < eps -> exists n, (N <= n)%N && (`|x n - l| < eps).

(** Of the policies with a property that can be decided one can be chosen. *)
Definition distr_eqMixin (R : realFieldType) (A : finType) := [eqMixin of distr R A by <:].
Canonical distr_eqType R A := EqType (distr R A) (@distr_eqMixin R A).
Definition distr_choiceMixin (R : realFieldType) (A : finType) := [choiceMixin of distr R A by <:].
Canonical distr_choiceType R A := ChoiceType (distr R A) (@distr_choiceMixin R A).

Section Compactness.

Variable R : archiFieldType.
Hypothesis bw : bolzano_weierstrass R.

Lemma small_fraction (eps : R) : 0 < eps -> exists N : nat, N.+1%:R^-1 < eps.
Proof.
move=> eps_gt0; have inv_ge0 : 0 <= eps^-1 by rewrite invr_ge0 ltW.
exists (Num.bound eps^-1); rewrite -[ltRHS]invrK ltf_pinv ?posrE ?ltr0n ?invr_gt0 //.
by apply: lt_le_trans (archi_boundP inv_ge0) _; rewrite ler_nat.
Qed.

(** x comes as near to l as one likes, and stays there. *)
Definition converges (x : nat -> R) l :=
  forall eps, 0 < eps -> exists N, forall n, (N <= n)%N -> `|x n - l| < eps.

Lemma converges_sub (f : nat -> nat) x l : (forall n, n <= f n)%N ->
  converges x l -> converges (fun n => x (f n)) l.
Proof.
move=> le_f cvg eps /cvg[N near]; exists N => n le; apply: near.
exact: leq_trans le (le_f n).
Qed.

(** Which of the terms are near the cluster point can be decided, so a subsequence is found. *)
Lemma subsequence (x : nat -> R) : (forall n, 0 <= x n <= 1) ->
  exists l (f : nat -> nat), (forall n, n <= f n)%N /\ converges (fun n => x (f n)) l.
Proof.
move=> /bw[l cluster]; have next n := cluster n.+1%:R^-1 n.
have pos n : 0 < n.+1%:R^-1 :> R by rewrite invr_gt0 ltr0n.
exists l, (fun n => xchoose (next n (pos n))).
have nextP n := xchooseP (next n (pos n)); split=> [n|eps /small_fraction[N small]].
  by have /andP[] := nextP n.
exists N => n le; have /andP[_ near] := nextP n; apply: lt_trans near _.
by apply: le_lt_trans small; rewrite lef_pinv ?posrE ?ltr0n // ler_nat.
Qed.

Lemma subsequences (I : finType) (x : nat -> I -> R) : (forall n i, 0 <= x n i <= 1) ->
  exists (l : I -> R) (f : nat -> nat),
    (forall n, n <= f n)%N /\ forall i, converges (fun n => x (f n) i) (l i).
Proof.
move=> x01; suff [l [f [le_f cvg]]] : exists (l : I -> R) (f : nat -> nat),
    (forall n, n <= f n)%N /\ forall i, i \in enum I -> converges (fun n => x (f n) i) (l i).
  by exists l, f; split=> // i; apply: cvg; rewrite mem_enum.
elim: (enum I) => [|i s [l [f [le_f cvg]]]]; first by exists (fun=> 0), id.
have [l0 [g [le_g cvg0]]] := subsequence (fun n => x01 (f n) i).
exists (fun j => if j == i then l0 else l j), (fun n => f (g n)); split=> [n|j].
  exact: leq_trans (le_g n) (le_f (g n)).
rewrite inE; have [->|_ /= js] := eqVneq j i; first by move=> _; exact: cvg0.
exact: converges_sub le_g (cvg j js).
Qed.

Lemma le0_small (a c : R) : 0 <= c -> (forall eps, 0 < eps -> a <= c * eps) -> a <= 0.
Proof.
move=> c_ge0 small; rewrite leNgt; apply/negP=> a_gt0.
have c1_gt0 : 0 < c + 1 by rewrite ltr_paddl ?ltr01.
have := small (a / (c + 1)); rewrite divr_gt0 // => /(_ isT).
by rewrite mulrA ler_pdivl_mulr // mulrC ler_pmul2r // ger_addl ler10.
Qed.

Variable Y : finType.
Implicit Types pi rho : distr R Y.

(** No mass of pi differs from rho's by more than eps. *)
Definition near (eps : R) pi rho := forall y, `|pi y - rho y| <= eps.

(** Every sequence of policies has a cluster point. *)
Lemma policy_cluster (f : nat -> distr R Y) :
  exists pi, forall eps N, 0 < eps -> exists n, (N <= n)%N /\ near eps (f n) pi.
Proof.
have f01 n y : 0 <= f n y <= 1 by rewrite mass_ge0 mass_le1.
have [l [g [le_g cvg]]] := subsequences f01.
have close eps N : 0 < eps -> exists n, (N <= n)%N /\ forall y, `|f n y - l y| <= eps.
  move=> eps_gt0; have [M near_l] := fin_all_exists (fun y => cvg y eps eps_gt0).
  pose n := maxn N (\max_y M y); exists (g n).
  split=> [|y]; first exact: leq_trans (leq_maxl _ _) (le_g n).
  by apply/ltW/near_l; apply: leq_trans (leq_maxr N _); exact: leq_bigmax.
have l_ge0 y : 0 <= l y.
  rewrite -oppr_le0; apply: (le0_small ler01) => eps eps_gt0; rewrite mul1r.
  have [n [_ /(_ y)]] := close eps 0%N eps_gt0; rewrite ler_norml => /andP[_]; apply: le_trans.
  by rewrite ler_addr mass_ge0.
have l_sum : \sum_y l y = 1.
  apply/eqP; rewrite -subr_eq0 -normr_le0.
  apply: (le0_small (ler0n _ #|Y|)) => eps eps_gt0.
  have [n [_ near_l]] := close eps 0%N eps_gt0.
  rewrite -[X in _ - X](mass_sum (f n)) distrC -sumrB; apply: le_trans (ler_norm_sum _ _ _) _.
  by apply: le_trans (ler_sum _ (fun y _ => near_l y)) _; rewrite sumr_const mulr_natl.
exists (distr_of l_ge0 l_sum) => eps N /(close eps N)[n [le near_l]]; exists n.
by split=> // y; rewrite distr_ofE.
Qed.

(** What is sampled from two policies that are near each other is near. *)
Lemma prod_near eps pi rho (S : seq Y) : near eps pi rho ->
  `|\prod_(y <- S) pi y - \prod_(y <- S) rho y| <= (size S)%:R * eps.
Proof.
move=> near_rho; have prod01 (T : seq Y) : 0 <= \prod_(y <- T) pi y <= 1.
  apply: (big_ind (fun a => 0 <= a <= 1)) => [|a b /andP[a0 a1] /andP[b0 b1]|y _].
  - by rewrite ler01 lexx.
  - by rewrite mulr_ge0 ?mulr_ile1.
  - by rewrite mass_ge0 mass_le1.
elim: S => [|y S IH]; first by rewrite !big_nil subrr normr0 mul0r.
set A := \prod_(z <- S) pi z in IH; set B := \prod_(z <- S) rho z in IH.
rewrite !big_cons -/A -/B.
have -> : pi y * A - rho y * B = (pi y - rho y) * A + rho y * (A - B) by ring.
apply: le_trans (ler_norm_add _ _) _; rewrite !normrM /= mulrSr mulrDl mul1r addrC ler_add //.
  by apply: le_trans IH; rewrite ler_pimull // ger0_norm ?mass_ge0 ?mass_le1.
apply: le_trans (near_rho y); rewrite ler_pimulr //.
by have /andP[A_ge0 A_le1] := prod01 S; rewrite ger0_norm.
Qed.

Variables (t : ties) (p : population R Y) (k l : nat).

Lemma W_near eps pi rho (T : l.-tuple Y) : near eps pi rho ->
  W t p (sure T) (draws k pi) <= W t p (sure T) (draws k rho) + (#|{: k.-tuple Y}| * k)%:R * eps.
Proof.
move=> near_rho; rewrite -ler_subl_addl !W_sure_l -sumrB natrM -mulrA.
rewrite mulr_natl -sumr_const; apply: ler_sum => S _; rewrite -mulrBl !drawsE.
apply: le_trans (ler_norm _) _; rewrite normrM; apply: le_trans (ler_pimulr (normr_ge0 _) _) _.
  by rewrite ger0_norm ?W_shown_ge0 ?W_shown_le1.
by have := prod_near S near_rho; rewrite size_tuple.
Qed.

(** So the policies' least worst case against tuples is attained: if for every eps > 0 one policy
    keeps all of them below v + eps, then one keeps all of them below v. *)
Lemma attained (v : R) :
  (forall eps, 0 < eps -> exists pi, forall T : l.-tuple Y,
     W t p (sure T) (draws k pi) <= v + eps) ->
  exists pi, forall T : l.-tuple Y, W t p (sure T) (draws k pi) <= v.
Proof.
pose below (a : R) pi := [forall T : l.-tuple Y, W t p (sure T) (draws k pi) <= a].
move=> approached; have pos n : 0 < n.+1%:R^-1 :> R by rewrite invr_gt0 ltr0n.
have ex n : exists pi, below (v + n.+1%:R^-1) pi.
  by have [pi le] := approached _ (pos n); exists pi; apply/forallP.
have [pi cluster] := policy_cluster (fun n => xchoose (ex n)); exists pi => T.
rewrite -subr_le0; set c := (#|{: k.-tuple Y}| * k)%:R : R.
apply: (@le0_small _ (c + 1)) => [|eps eps_gt0]; first by rewrite addr_ge0 ?ler0n ?ler01.
have [N small] := small_fraction eps_gt0; have [n [le near_pi]] := cluster eps N eps_gt0.
rewrite ler_subl_addl mulrDl mul1r.
have near_n : near eps pi (xchoose (ex n)) by move=> y; rewrite distrC.
apply: le_trans (W_near T near_n) _; rewrite -/c addrC addrCA ler_add2l.
apply: le_trans (forallP (xchooseP (ex n)) T) _; rewrite ler_add2l.
by apply/ltW/(le_lt_trans _ small); rewrite lef_pinv ?posrE ?ltr0n // ler_nat.
Qed.

End Compactness.
