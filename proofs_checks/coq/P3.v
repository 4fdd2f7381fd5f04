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
  by rewrite -(inj_eq (@perm_inj _ s) _ (s^-1 y)%g) !permKV.
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
    rewrite sumr_const -[LHS]mulr_natl; congr (_%:R * _).
    by rewrite -[n in RHS](card_ord n) -(cardC (mem [set z in S])) addKn; exact: eq_card.
  rewrite /loss cardsU1 yS add1n (count_memPn _) ?mul1r; last by move: yS; rewrite inE.
  by rewrite /shared; case: t_or => ->; rewrite ?invr1 mul1r.
by rewrite big_distrl; apply: eq_bigr => y yS; rewrite /loss (setUidPr _) // sub1set.
Qed.

End UniformRankings.

Section Rate.

Variables (R : realFieldType) (n' k' : nat).
Let n := n'.+1.
Let k := k'.+1.

Lemma sum_counts (S : seq 'I_n) : (\sum_y count_mem y S = size S)%N.
Proof.
elim: S => [|x S IH] /=; first by rewrite big1.
rewrite big_split /= IH -add1n; congr (_ + _)%N.
by rewrite (bigD1 x) //= eqxx big1 // => y; rewrite eq_sym => /negPf->.
Qed.

(** All multiplicities that sum to k occur. *)
Lemma tuple_of_counts (c : 'I_n -> nat) : (\sum_y c y = k)%N ->
  exists S : k.-tuple 'I_n, forall y, count_mem y S = c y.
Proof.
move=> sum; pose s := flatten [seq nseq (c z) z | z <- index_enum [finType of 'I_n]].
have count_s y : count_mem y s = c y.
  rewrite count_flatten sumnE !big_map (bigD1 y) //= count_nseq /= eqxx mul1n.
  by rewrite big1 ?addn0 // => z /negPf ne; rewrite count_nseq /= ne.
have size_s : size s == k by rewrite -sum_counts -sum; apply/eqP/eq_bigr => y _.
by exists (Tuple size_s).
Qed.

(** 1/(c+1) lies on or above its chord from q to q+1, for all integers c. *)
Lemma chord (q c : nat) :
  2%:R / q.+2%:R - c%:R / (q.+1%:R * q.+2%:R) <= c.+1%:R^-1 :> R.
Proof.
have [c0 q1 q2] : [/\ c.+1%:R != 0 :> R, q.+1%:R != 0 :> R & q.+2%:R != 0 :> R].
  by rewrite !pnatr_eq0.
rewrite -subr_ge0; have -> : c.+1%:R^-1 - (2%:R / q.+2%:R - c%:R / (q.+1%:R * q.+2%:R))
    = ((c%:R - q%:R) * (c%:R - q.+1%:R)) / (c.+1%:R * q.+1%:R * q.+2%:R) :> R.
  move: c0 q1 q2; rewrite -[c.+1]addn1 -[q.+2]addn2 -[q.+1]addn1 !natrD => c0 q1 q2; field.
  by rewrite c0 q1 q2.
apply: divr_ge0; last by rewrite !mulr_ge0 ?ler0n.
have [le|lt] := leqP c q.
  by rewrite mulr_le0 // subr_le0 ler_nat ?(leq_trans le).
by rewrite mulr_ge0 // subr_ge0 ler_nat // ltnW.
Qed.

Lemma many (m d e : R) : 1 <= m -> 0 <= d -> 0 <= e -> forall a b, a = m + d -> b = m + d + e ->
  b * (1 - (a / (a + 1) + (a - 1) / (2%:R * b * (a + 1)))) <=
  (b - m) / (m + 1) + (1 - a / 2%:R / m).
Proof.
move=> m1 d0 e0 a b aE bE; have m_gt0 : 0 < m by exact: lt_le_trans ltr01 m1.
have a_gt0 : 0 < a + 1 by rewrite addr_gt0 ?ltr01 // aE ltr_paddr.
have b_gt0 : 0 < b by rewrite bE -addrA ltr_paddr ?addr_ge0.
have m1_gt0 : 0 < m + 1 by rewrite addr_gt0 ?ltr01.
have two : 0 < 2%:R :> R by rewrite ltr0n.
rewrite -subr_ge0.
have -> : (b - m) / (m + 1) + (1 - a / 2%:R / m)
   - b * (1 - (a / (a + 1) + (a - 1) / (2%:R * b * (a + 1))))
 = d * ((m - 1) * (a + 1) + 2%:R * m * e) / (2%:R * m * (m + 1) * (a + 1)).
  rewrite aE bE in a_gt0 b_gt0 *; field.
  by rewrite !lt0r_neq0.
apply: divr_ge0; last by rewrite !mulr_ge0 // ltW.
by rewrite mulr_ge0 // addr_ge0 ?mulr_ge0 ?subr_ge0 // ltW.
Qed.

Lemma few (m d q f : R) : 1 <= m -> 0 <= d -> 0 <= q -> 0 <= f ->
  forall a b s, b = m + d -> a = (q + 1) * b - f -> s = ((q + 1) * (q + 2%:R))^-1 ->
  2%:R / (q + 2%:R) - a * s / b <= (b - m) / (m + 1) + (2%:R / (q + 2%:R) - a * s / m).
Proof.
move=> m1 d0 q0 f0 a b s bE aE sE; have m_gt0 : 0 < m by exact: lt_le_trans ltr01 m1.
have b_gt0 : 0 < b by rewrite bE ltr_paddr.
have m1_gt0 : 0 < m + 1 by rewrite addr_gt0 ?ltr01.
have q1_gt0 : 0 < q + 1 by rewrite ltr_paddl ?ltr01.
have q2_gt0 : 0 < q + 2%:R by rewrite ltr_paddl ?ltr0n.
rewrite -subr_ge0.
have -> : (b - m) / (m + 1) + (2%:R / (q + 2%:R) - a * s / m) - (2%:R / (q + 2%:R) - a * s / b)
 = d * (b * (q + 1) * (m - 1 + m * q) + f * (m + 1))
   / ((m + 1) * m * b * ((q + 1) * (q + 2%:R))).
  rewrite aE sE bE in b_gt0 *; field.
  by rewrite !lt0r_neq0.
have [[b_ge0 q1_ge0] m_ge0] := (ltW b_gt0, ltW q1_gt0, ltW m_gt0).
apply: divr_ge0; last by rewrite !mulr_ge0 // ltW.
apply: mulr_ge0 => //; apply: addr_ge0; apply: mulr_ge0 => //; last exact: ltW.
  exact: mulr_ge0.
by rewrite addr_ge0 ?subr_ge0 // mulr_ge0.
Qed.

(** The values, with q = k div n and r = k mod n where there are fewer responses than outputs. *)
Definition P3_value t : R :=
  match t with
  | win => if (k <= n)%N then k%:R * n.+1%:R / (n%:R * k.+1%:R) else 1
  | _ => if (k <= n)%N then k%:R / k.+1%:R + k.-1%:R / (2%:R * n%:R * k.+1%:R)
         else let q := (k %/ n)%N in let r := (k %% n)%N in
              1 - ((n - r)%:R / q.+1%:R + r%:R / q.+2%:R) / n%:R ^+ 2
  end.

Lemma natr_succ (i : nat) : i.+1%:R = i%:R + 1 :> R. Proof. by rewrite -addn1 natrD. Qed.

Section Least.

Variable S : k.-tuple 'I_n.
Let m := #|[set z in S]|.

Fact m_gt0 : (0 < m)%N.
Proof. by apply/card_gt0P; exists (thead S); rewrite inE mem_tnth. Qed.

Fact m_le_k : (m <= k)%N.
Proof. by rewrite /m cardsE (leq_trans (card_size _)) ?size_tuple. Qed.

Fact m_le_n : (m <= n)%N.
Proof. by rewrite -[n in (_ <= n)%N]card_ord max_card. Qed.

Lemma shared_ge q : 2%:R / q.+2%:R - k%:R * (q.+1%:R * q.+2%:R)^-1 / m%:R
  <= (\sum_(y in [set z in S]) shared R uniform (count_mem y S)) / m%:R.
Proof.
have m0 : 0 < m%:R :> R by rewrite ltr0n m_gt0.
have counted : (\sum_(y in [set z in S]) count_mem y S = k)%N.
  rewrite -[k in RHS](size_tuple S) -sum_counts [RHS](bigID (mem [set z in S])) /=.
  by rewrite [X in (_ + X)%N]big1 ?addn0 // => y; rewrite inE => /count_memPn.
rewrite ler_pdivl_mulr // mulrBl divfK ?lt0r_neq0 //.
apply: le_trans (_ : _ <= \sum_(y in [set z in S])
    (2%:R / q.+2%:R - (count_mem y S)%:R / (q.+1%:R * q.+2%:R))) _; last first.
  by apply: ler_sum => y _; exact: chord.
rewrite sumrB sumr_const -/m -[(2%:R / _) *+ m]mulr_natr -big_distrl -natr_sum /=.
by rewrite counted.
Qed.

Lemma least t : t = uniform \/ t = win -> n%:R * (1 - P3_value t) <= \sum_y loss R t S y.
Proof.
move=> t_or; rewrite total_loss ?size_tuple // -/m.
have [n0 k1 m0 m1] : [/\ n%:R != 0 :> R, k%:R + 1 != 0 :> R, 0 < m%:R :> R & 0 < m%:R + 1 :> R].
  by rewrite -!natr_succ !pnatr_eq0 !ltr0n m_gt0.
have natB i j : (j <= i)%N -> i%:R = j%:R + (i - j)%:R :> R by move=> le; rewrite natrB // addrC subrK.
rewrite !natrB ?m_le_n // (natr_succ m); case: t_or => -> /=; have [le|le] := leqP k n.
- apply: (@le_trans _ _ ((n%:R - m%:R) / (m%:R + 1) + (1 - k%:R / 2%:R / m%:R))); last first.
    rewrite ler_add2l; apply: le_trans (shared_ge 0).
    by rewrite mul1r divff ?pnatr_eq0.
  rewrite (natr_succ k) (_ : k'%:R = k%:R - 1); last by rewrite /k (natr_succ k') addrK.
  apply: (@many _ (k - m)%:R (n - k)%:R); rewrite ?ler0n ?ler1n ?m_gt0 //.
    exact: natB m_le_k.
  by rewrite -(natB _ _ m_le_k); exact: natB.
- set q := (k %/ n)%N; set r := (k %% n)%N; have r_le : (r <= n)%N by rewrite ltnW ?ltn_mod.
  have kE : k%:R = q%:R * n%:R + r%:R :> R by rewrite -natrM -natrD -divn_eq.
  apply: (@le_trans _ _ ((n%:R - m%:R) / (m%:R + 1)
      + (2%:R / q.+2%:R - k%:R * (q.+1%:R * q.+2%:R)^-1 / m%:R))); last first.
    by rewrite ler_add2l; exact: shared_ge.
  have q2E : q.+2%:R = q%:R + 2%:R :> R by rewrite -natrD addn2.
  rewrite q2E (natr_succ q).
  apply: le_trans (_ : _ <= 2%:R / (q%:R + 2%:R)
      - k%:R * ((q%:R + 1) * (q%:R + 2%:R))^-1 / n%:R) _; last first.
    apply: (@few m%:R (n - m)%:R q%:R (n - r)%:R) => //; rewrite ?ler0n ?ler1n ?m_gt0 //.
      exact: natB m_le_n.
    by rewrite kE natrB // mulrDl; ring.
  have [q1 q2] : q%:R + 1 != 0 :> R /\ q%:R + 2%:R != 0 :> R.
    by rewrite -q2E -natr_succ !pnatr_eq0.
  rewrite -/q -/r kE natrB // le_eqVlt; apply/orP; left; apply/eqP.
  by field; rewrite n0 q1 q2.
- rewrite big1 => [|y]; last by rewrite inE -has_pred1 has_count lt0n => /negPf->.
  rewrite mul0r addr0 (natr_succ k) (natr_succ n) -subr_ge0.
  have -> : (n%:R - m%:R) / (m%:R + 1) - n%:R * (1 - k%:R * (n%:R + 1) / (n%:R * (k%:R + 1)))
      = (k%:R - m%:R) * (n%:R + 1) / ((m%:R + 1) * (k%:R + 1)) :> R.
    by field; rewrite n0 k1 lt0r_neq0.
  by rewrite divr_ge0 ?mulr_ge0 ?subr_ge0 ?ler_nat ?m_le_k // -natr_succ ler0n.
rewrite subrr mulr0 addr_ge0 ?mulr_ge0 ?invr_ge0 ?subr_ge0 ?ler_nat ?m_le_n ?(ltW m0) ?(ltW m1) //.
by apply: sumr_ge0 => y _; exact: ler0n.
Qed.

End Least.

Lemma sum_step (r : nat) (a b : R) : (r <= n)%N ->
  \sum_(y < n) (if (y < r)%N then a else b) = n%:R * b + r%:R * (a - b).
Proof.
move=> le; transitivity (\sum_(y < n) (b + (if (y < r)%N then a - b else 0))).
  by apply: eq_bigr => y _; case: ifP; rewrite ?addr0 // addrC subrK.
rewrite big_split /= sumr_const card_ord -big_mkcond -(big_ord_widen n (fun=> a - b)) //.
by rewrite sumr_const card_ord !mulr_natl.
Qed.

Lemma sum_nat_step (r : nat) : (r <= n)%N -> (\sum_(y < n) (y < r) = r)%N.
Proof.
move=> le; transitivity (\sum_(y < n | (y < r)%N) 1)%N.
  by rewrite [RHS]big_mkcond; apply: eq_bigr => y _; case: ifP.
by rewrite -(big_ord_widen n (fun=> 1%N)) // sum1_card card_ord.
Qed.

Lemma reached t : t = uniform \/ t = win ->
  exists S : k.-tuple 'I_n, \sum_y loss R t S y = n%:R * (1 - P3_value t).
Proof.
move=> t_or; have [n0 k1 k0] : [/\ n%:R != 0 :> R, k%:R + 1 != 0 :> R & k%:R != 0 :> R].
  by rewrite -!natr_succ !pnatr_eq0.
have [le|gt] := leqP k n.
  have [S counts] := @tuple_of_counts (fun y => (y < k)%N : nat) (sum_nat_step le).
  exists S; rewrite total_loss ?size_tuple //.
  have inS y : (y \in [set z in S]) = (y < k)%N.
    by rewrite inE -has_pred1 has_count counts; case: (y < k)%N.
  have m_eq : #|[set z in S]| = k.
    rewrite -sum1_card big_mkcond -[RHS](sum_nat_step le); apply: eq_bigr => y _.
    by rewrite inS; case: ifP.
  rewrite m_eq -/n natrB // (natr_succ k); case: t_or => -> /=; rewrite le.
    rewrite (eq_bigr (fun=> 2%:R^-1)) => [|y yS]; last by rewrite counts; move: yS; rewrite inS => ->.
    rewrite sumr_const m_eq -[2%:R^-1 *+ k]mulr_natl (natr_succ k).
    rewrite (_ : k'%:R = k%:R - 1); last by rewrite /k (natr_succ k') addrK.
    by field; rewrite n0 k0 k1.
  rewrite big1 => [|y yS]; last by rewrite counts; move: yS; rewrite inS => ->.
  by rewrite mul0r addr0 (natr_succ k) (natr_succ n); field; rewrite n0 k1.
set q := (k %/ n)%N; set r := (k %% n)%N; have r_le : (r <= n)%N by rewrite ltnW ?ltn_mod.
have q_gt0 : (0 < q)%N by rewrite divn_gt0 // ltnW.
have [|S counts] := @tuple_of_counts (fun y => (q + (y < r))%N).
  by rewrite big_split /= sum_nat_step // sum_nat_const card_ord mulnC -divn_eq.
exists S; rewrite total_loss ?size_tuple //.
have all_S : [set z in S] = setT.
  apply/setP=> y; rewrite !inE -has_pred1 has_count counts addn_gt0 q_gt0 //.
rewrite all_S cardsT card_ord -/n subnn mul0r add0r big_mkcond /=.
case: t_or => -> /=; rewrite leqNgt gt /=; last first.
  rewrite subrr mulr0 big1 ?mul0r // => y _; rewrite in_setT counts.
  by rewrite addn_eq0 (gtn_eqF q_gt0).
rewrite (eq_bigr (fun y : 'I_n => if (y < r)%N then q.+2%:R^-1 else q.+1%:R^-1)) => [|y _].
  rewrite sum_step // -/q -/r natrB //.
  have [q1 q2] : q.+1%:R != 0 :> R /\ q.+2%:R != 0 :> R by rewrite !pnatr_eq0.
  move: (n%:R) (r%:R) (q.+1%:R) (q.+2%:R) n0 q1 q2 => N r0 a b N0 a0 b0.
  by field; rewrite N0 a0 b0.
by rewrite in_setT counts; case: ifP; rewrite ?addn1 ?addn0.
Qed.

(** P3. Users uniform over all n! strict rankings, n, k >= 1: no k-output policy of any kind
    guarantees more than this value, and one attains exactly it against every response, with
    `uniform` ties and under the `win` convention. *)
Theorem P3 t : t = uniform \/ t = win ->
  (forall (P : outputs R k [finType of 'I_n]) f,
     robust t (uniform_rankings R n') P f -> f <= P3_value t) /\
  (exists P : outputs R k [finType of 'I_n], forall y,
     W t (uniform_rankings R n') P (sure [tuple y]) = P3_value t).
Proof.
move=> t_or; split=> [P f|]; first by apply: (@upper R n' t k t_or) => S; exact: least.
have [S total] := reached t_or; have [P won] := @attained R n' t k t_or S; exists P => y.
by rewrite won total mulrAC divff ?pnatr_eq0 // mul1r subKr.
Qed.

(** Where n >= k: k/(k+1) + (k-1)/(2n(k+1)), which is at most 1/(2n) above k/(k+1); ... *)
Theorem P3_uniform_limit : (k <= n)%N ->
  P3_value uniform <= k%:R / k.+1%:R + (2%:R * n%:R)^-1.
Proof.
move=> le; rewrite /P3_value le ler_add2l ler_pdivr_mulr ?mulr_gt0 ?ltr0n //.
rewrite mulKf ?mulf_neq0 ?pnatr_eq0 // ler_nat ltnW // ltnW //.
Qed.

(** P3. ... under `win` it is at most 1/n above. *)
Theorem P3_win_limit : (k <= n)%N -> P3_value win <= k%:R / k.+1%:R + n%:R^-1.
Proof.
move=> le; rewrite /P3_value le.
have -> : k%:R * n.+1%:R / (n%:R * k.+1%:R) = k%:R / k.+1%:R + k%:R / k.+1%:R / n%:R :> R.
  rewrite (natr_succ n); move: (pnatr_eq0 R n) (pnatr_eq0 R k.+1) => /negbT n0 /negbT k0.
  by move: (n%:R) (k%:R) (k.+1%:R) n0 k0 => N K K1 N0 K0; field; rewrite N0 K0.
rewrite ler_add2l ler_pdivr_mulr ?ltr0n // mulVf ?pnatr_eq0 // ler_pdivr_mulr ?ltr0n // mul1r.
by rewrite ler_nat.
Qed.

End Rate.

(** P3. So no rate above k/(k+1) is guaranteed for all populations. *)
Theorem P3_optimal (R : archiFieldType) (k : nat) (f : R) : (0 < k)%N -> k%:R / k.+1%:R < f ->
  exists (Y : finType) (p : population R Y), forall P : outputs R k Y, ~ robust uniform p P f.
Proof.
case: k => // k _ lt; set gap := f - k.+1%:R / k.+2%:R; have gap_gt0 : 0 < gap by rewrite subr_gt0.
have /archi_boundP bound : 0 <= gap^-1 by rewrite invr_ge0 ltW.
pose n' := (Num.bound gap^-1 + k)%N; exists [finType of 'I_n'.+1], (uniform_rankings R n') => P rob.
have [/(_ P f rob) le _] := @P3 R n' k uniform (or_introl erefl).
have := le_trans le (@P3_uniform_limit R n' k _); rewrite ltnS leq_addl => /(_ isT).
apply/negP; rewrite -ltNge -ltr_subr_addl -/gap -[gap]invrK ltf_pinv ?posrE ?invr_gt0 ?mulr_gt0 ?ltr0n //.
apply: lt_le_trans bound _; rewrite -natrM ler_nat (leq_trans (leq_addr k _)) //.
by rewrite mul2n -addnn (leq_trans (leqnSn _)) // leq_addr.
Qed.
