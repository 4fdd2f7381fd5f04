(** P3: the rate k/(k+1) is optimal: the best k-output policy of any kind against the users who
    have all rankings, for all n and k and both conventions. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

From mathcomp Require Import all_fingroup.

Section UniformRankings.

Variables (R : realFieldType) (n' : nat).
Let n := n'.+1.
Implicit Types (s : {perm 'I_n}) (y z : 'I_n) (S : seq 'I_n) (A : {set 'I_n}).

(** The users have all n! strict rankings, equally often. *)
Definition uniform_rankings : population R [finType of 'I_n] :=
  @Population R _ [finType of {perm 'I_n}] (even (1%g : {perm 'I_n})) (fun s y => s y : nat).

Definition leads A y s := [forall z in A, s y <= s z]%N.

Definition average_perm (f : {perm 'I_n} -> R) : R := \sum_s weight uniform_rankings s * f s.

Lemma average_perm_mul (g : {perm 'I_n}) f : average_perm (fun s => f (g * s)%g) = average_perm f.
Proof.
rewrite /average_perm [RHS](reindex_inj (mulgI g)); apply: eq_bigr => s _.
by rewrite !evenE.
Qed.

Lemma average_perm_const c : average_perm (fun=> c) = c. Proof. exact: mass_const. Qed.

Lemma leads_sum A s : (0 < #|A|)%N -> \sum_(y in A) (leads A y s)%:R = 1 :> R.
Proof.
case/card_gt0P=> a aA; case: (arg_minnP (fun y => s y : nat) aA) => y yA min.
rewrite (bigD1 y) //= big1 ?addr0 => [|z /andP[zA ne]].
  by rewrite (_ : leads A y s) //; apply/forall_inP=> z /min.
rewrite (_ : leads A z s = false) //; apply: contraNF ne => /forall_inP/(_ y yA) le.
by apply/eqP/(@perm_inj _ s)/val_inj/eqP; rewrite eqn_leq le min.
Qed.

Lemma leads_swap A y z s : y \in A -> z \in A -> leads A y (tperm y z * s)%g = leads A z s.
Proof.
move=> yA zA; rewrite /leads permM tpermL.
have tA x : (tperm y z x \in A) = (x \in A).
  by case: tpermP => [->|->|//]; rewrite yA zA.
apply/forall_inP/forall_inP=> H x xA; last by rewrite permM H ?tA.
by have := H (tperm y z x); rewrite permM tpermK tA; apply.
Qed.

(** Each of the members of A leads it equally often. *)
Lemma leads_average A y : y \in A -> average_perm (fun s => (leads A y s)%:R) = #|A|%:R^-1.
Proof.
move=> yA; have A_gt0 : (0 < #|A|)%N by apply/card_gt0P; exists y.
have A_neq0 : #|A|%:R != 0 :> R by rewrite pnatr_eq0 -lt0n.
apply: (mulIf A_neq0); rewrite mulVf // mulr_natr -sumr_const -[RHS](average_perm_const 1).
transitivity (\sum_(z in A) average_perm (fun s => (leads A z s)%:R)).
  apply: eq_bigr => z zA; rewrite -(average_perm_mul (tperm y z)) /average_perm.
  by apply: eq_bigr => s _; rewrite leads_swap.
rewrite /average_perm exchange_big; apply: eq_bigr => s _ /=.
by rewrite -big_distrr leads_sum.
Qed.

(** What S loses to y where y is strictly best but for its own copies in S. *)
Definition shared t c : R := if t is win then (c == 0%N)%:R else c.+1%:R^-1.

Lemma lost t s S y : t = uniform \/ t = win ->
  1 - picked_from R t (fun z => s z : nat) S [:: y]
  = (leads (y |: [set z in S]) y s)%:R * shared t (count_mem y S).
Proof.
set r := fun z => (s z : nat) => t_or; rewrite /picked_from /ours /theirs /= addn0.
have bestE z : best r (S ++ [:: y]) z = leads (y |: [set x in S]) z s.
  apply/allP/forall_inP=> H x; first by rewrite !inE => xS; apply: H; rewrite mem_cat inE orbC.
  by rewrite mem_cat inE orbC => xS; apply: H; rewrite !inE.
have [/forall_inP lead|nlead] := boolP (leads _ y s); last first.
  have ne : S ++ [:: y] != [::] by rewrite -size_eq0 size_cat addn1.
  have := some_best r ne; rewrite /ours /theirs /= bestE (negPf nlead) addn0 mul0r.
  by case: eqP => [->|_ _] //; rewrite subrr.
have -> : count (best r (S ++ [:: y])) S = count_mem y S.
  apply: eq_in_count => z zS; rewrite bestE; apply/forall_inP/eqP=> [H|-> //].
  apply: (@perm_inj _ s); apply/val_inj/eqP; rewrite eqn_leq lead ?H ?inE ?eqxx ?zS ?orbT //.
rewrite bestE (_ : leads _ y s) ?mul1r; last exact/forall_inP.
case: (count_mem y S) => [|c] /=.
  by rewrite subr0; case: t_or => -> /=; rewrite ?invr1.
case: t_or => -> /=; last by rewrite subrr.
have c_neq0 : c.+2%:R != 0 :> R by rewrite pnatr_eq0.
by apply: (mulIf c_neq0); rewrite mulrBl addn1 divfK // mul1r mulVf // -natrB // subSnn.
Qed.

Variables (t : ties) (k : nat).
Hypothesis t_or : t = uniform \/ t = win.

Definition loss S y : R := shared t (count_mem y S) / #|y |: [set z in S]|%:R.

Lemma W_shown_loss S y : W_shown t uniform_rankings S [:: y] = 1 - loss S y.
Proof.
apply/eqP; rewrite eq_sym subr_eq addrC -subr_eq eq_sym; apply/eqP.
rewrite /W_shown -[X in X - _](average_perm_const 1) /average_perm -sumrB /loss mulrC.
rewrite -(@leads_average (y |: [set z in S]) y) ?setU11 // big_distrl; apply: eq_bigr => s _ /=.
by rewrite -mulrBr lost // mulrA.
Qed.

(** The average over y decides: above it no policy gets, ... *)
Lemma upper (P : outputs R k [finType of 'I_n]) f v :
  (forall S : k.-tuple 'I_n, n%:R * (1 - v) <= \sum_y loss S y) ->
  robust t uniform_rankings P f -> f <= v.
Proof.
move=> least rob; have n_gt0 : 0 < n%:R :> R by rewrite ltr0n.
rewrite -(ler_pmul2l n_gt0).
have : n%:R * f <= \sum_(y : 'I_n) W t uniform_rankings P (sure [tuple y]).
  rewrite mulr_natl -[n in _ *+ n]card_ord -sumr_const; apply: ler_sum => y _; exact: rob.
move/le_trans; apply; under eq_bigr do rewrite W_sure_r; rewrite exchange_big /=.
under eq_bigr do rewrite -big_distrr; apply: average_le => S /=.
under eq_bigr do rewrite W_shown_loss; rewrite sumrB sumr_const card_ord.
by rewrite ler_subl_addr -ler_subl_addl; have := least S; rewrite mulrBr mulr1.
Qed.

(** ... and every tuple, its responses renamed at random, gets its own average against all y. *)
Lemma attained (S : k.-tuple 'I_n) : exists P : outputs R k [finType of 'I_n], forall y,
  W t uniform_rankings P (sure [tuple y]) = 1 - (\sum_y loss S y) / n%:R.
Proof.
exists (mixture (even (1%g : {perm 'I_n})) (fun s => sure (map_tuple (fun y => s y) S))) => y.
rewrite W_sure_r; transitivity (average_perm (fun s => 1 - loss (map s S) y)).
  under eq_bigr do rewrite mixtureE big_distrl; rewrite exchange_big; apply: eq_bigr => s _ /=.
  rewrite -W_shown_loss -(sum_at (map_tuple (fun y => s y) S)
    (fun S' : k.-tuple 'I_n => W_shown t uniform_rankings S' [:: y])) big_distrr /=.
  by apply: eq_bigr => S' _; rewrite sureE mulrA.
have renamed s : loss (map s S) y = loss S (s^-1 y)%g.
  rewrite /loss count_map; congr (shared t _ / _%:R).
    by apply: eq_count => z /=; apply/eqP/eqP=> [<-|->]; rewrite ?permK ?permKV.
  rewrite -[RHS](card_imset _ (@perm_inj _ s)); congr #|pred_of_set _|; apply/setP=> z.
  rewrite -[z](permKV s) mem_imset ?inE; last exact: perm_inj.
  rewrite mem_map; last exact: perm_inj.
  by rewrite -(inj_eq (@perm_inj _ s) _ (s^-1 y)%g) permKV.
rewrite /average_perm; under eq_bigr do rewrite renamed mulrBr mulr1; rewrite sumrB mass_sum.
congr (1 - _); have n_neq0 : n%:R != 0 :> R by rewrite pnatr_eq0.
have inv f : average_perm (fun s => f (s^-1)%g) = average_perm f.
  rewrite /average_perm [RHS](reindex_inj invg_inj); apply: eq_bigr => s _; by rewrite !evenE.
rewrite -/(average_perm (fun s => loss S (s^-1 y)%g)) (inv (fun s => loss S (s y))).
apply: (mulIf n_neq0); rewrite divfK // mulr_natr -[n in _ *+ n]card_ord -sumr_const.
transitivity (\sum_(z : 'I_n) average_perm (fun s => loss S (s z))).
  apply: eq_bigr => z _; rewrite -(average_perm_mul (tperm y z)); apply: eq_bigr => s _.
  by rewrite permM tpermL.
rewrite /average_perm exchange_big -[RHS]average_perm_const; apply: eq_bigr => s _ /=.
by rewrite -big_distrr [in RHS](reindex_inj (@perm_inj _ s)).
Qed.

Lemma total_loss S : (0 < size S)%N -> let m := #|[set z in S]| in
  \sum_y loss S y = (n - m)%:R / m.+1%:R + (\sum_(y in [set z in S]) shared t (count_mem y S)) / m%:R.
Proof.
move=> _ m; rewrite (bigID (mem [set z in S])) /= addrC; congr (_ + _).
  rewrite (eq_bigr (fun=> m.+1%:R^-1)) => [|y yS].
    by rewrite sumr_const -[LHS]mulr_natl; congr (_%:R * _); rewrite -cardsCs -cardsE -setCE cardsCs setCK card_ord.
  rewrite /loss cardsU1 yS add1n (count_memPn _) ?mul1r; last by move: yS; rewrite inE.
  by rewrite /shared; case: t_or => ->; rewrite ?invr1 mul1r.
by rewrite big_distrl; apply: eq_bigr => y yS; rewrite /loss (setUidPr _) // sub1set.
Qed.

End UniformRankings.
