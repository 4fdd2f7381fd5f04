(** E6: what counts where both sides show a user's best. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 P2 Continuum Minimax.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section E6.

Variables (R : realFieldType) (Y : finType) (p : population R Y).

(** E6. A policy wins under `win` at least what it wins under `uniform`, ... *)
Theorem E6_win k l (P : outputs R k Y) (Q : outputs R l Y) : W uniform p P Q <= W win p P Q.
Proof.
apply: ler_sum => S _; apply: ler_sum => T _; rewrite ler_wpmul2l ?mulr_ge0 ?mass_ge0 //.
apply: ler_sum => u _; rewrite ler_wpmul2l ?mass_ge0 // /picked_from.
case: eqP => // i0; case: eqP => // _; rewrite ler_pdivr_mulr ?mul1r ?ler_nat ?leq_addr //.
by rewrite ltr0n addn_gt0; case: (ours _ _ _) i0.
Qed.

(** If one response is the unique best of every user, ... *)
Variable y : Y.
Hypothesis is_best : forall u z, z != y -> (rank p u y < rank p u z)%N.

Lemma theirs_best k (S : k.-tuple Y) u : theirs (rank p u) S [:: y] = 1%N.
Proof.
rewrite /theirs /= (_ : best _ _ y) //; apply/allP=> z _; have [->|ne] := eqVneq z y => //.
exact/ltnW/is_best.
Qed.

Lemma at_best t c k (P : outputs R k Y) :
  (forall i, (if i == 0%N then 0 else match t with
     | uniform => i%:R / (i + 1)%:R | win => 1 | half => 1 / 2%:R | lose => 0 end) <= c) ->
  W t p P (sure [tuple y]) <= c.
Proof.
move=> le; rewrite W_sure_r; apply: average_le => S; apply: average_le => u.
by rewrite /picked_from theirs_best; exact: le.
Qed.

(** E6. ... then under `half` no policy is sure to win more than 1/2, whatever k is, ... *)
Theorem E6_half k (P : outputs R k Y) f : robust half p P f -> f <= 2%:R^-1.
Proof.
move/(_ y)/le_trans; apply; apply: at_best => i.
by case: eqP => _; rewrite ?div1r ?invr_ge0 ?ler0n.
Qed.

(** E6. ... which k copies of that response reach, ... *)
Theorem E6_half_reached k : (0 < k)%N -> robust half p (sure [tuple of nseq k y]) 2%:R^-1.
Proof.
move=> k_gt0 z; set S := [tuple of nseq k y]; rewrite W_sure_r; under eq_bigr do rewrite sureE.
rewrite (sum_at S (fun S' : k.-tuple Y => W_shown half p S' [tuple z])); apply: average_ge => u.
have best_y : best (rank p u) (nseq k y ++ [:: z]) y.
  rewrite /best all_cat all_nseq /= leqnn orbT andbT /=.
  by have [->|/(is_best u)/ltnW] := eqVneq z y.
rewrite /picked_from /ours /= count_nseq best_y mul1n (gtn_eqF k_gt0).
by case: ifP => _; rewrite ?div1r // invf_le1 ?ler1n ?ltr0n.
Qed.

(** ... and under `lose` none is sure to win anything. *)
Theorem E6_lose k (P : outputs R k Y) f : robust lose p P f -> f <= 0.
Proof. by move/(_ y)/le_trans; apply; apply: at_best => i; case: eqP. Qed.

End E6.

(** E6. So the guarantee k/(k+1), to any eps > 0, holds under `win` as well as under `uniform`. *)
Theorem E6_guarantee (R : archiFieldType) (Y : finType) (y0 : Y) (p : population R Y) k (eps : R) : 0 < eps ->
  exists pi : distr R Y, robust win p (draws k pi) (k%:R / k.+1%:R - eps).
Proof.
move=> eps_gt0; have [pi rob] := P2_robust y0 p k eps_gt0; exists pi => y.
exact: le_trans (rob y) (E6_win _ _ _).
Qed.

(** E6. Over the real numbers, or any field in which [0, 1] is compact, it holds exactly. *)
Theorem E6_exists (R : archiFieldType) (Y : finType) (y0 : Y) (p : population R Y) k :
  bolzano_weierstrass R -> exists pi : distr R Y, robust win p (draws k pi) (k%:R / k.+1%:R).
Proof.
move/(P2_exists y0 p k) => [pi /P1_robust rob]; exists pi => y.
exact: le_trans (rob y) (E6_win _ _ _).
Qed.

(** The elementary symmetric polynomials of masses D. *)
Section Symmetric.

Variables (R : realFieldType) (Y : finType) (D : distr R Y).
Implicit Types (A B C : {set Y}) (y z : Y).
Local Notation n := #|Y|.

Definition joint A : R := \prod_(y in A) D y.
Definition symmetric j : R := \sum_(A : {set Y} | #|A| == j) joint A.

Lemma joint_ge0 A : 0 <= joint A.
Proof. by apply: prodr_ge0 => y _; exact: mass_ge0. Qed.

Lemma joint_without A y : y \in A -> joint A = D y * joint (A :\ y).
Proof. exact: big_setD1. Qed.

(** A set and one of its members is a smaller set and one that is not. *)
Lemma apart j (G : Y -> {set Y} -> R) :
  \sum_(A : {set Y} | #|A| == j.+1) \sum_(y in A) G y (A :\ y)
  = \sum_(C : {set Y} | #|C| == j) \sum_(y | y \notin C) G y C.
Proof.
rewrite (exchange_big_dep xpredT) // [RHS](exchange_big_dep xpredT) //; apply: eq_bigr => y _ /=.
rewrite (reindex_onto (fun C => y |: C) (fun A => A :\ y)) => [|A /andP[_ yA]]; last exact: setD1K.
apply: eq_big => [C|C /andP[_ /eqP->] //].
rewrite setU11 andbT cardsU1; have [yC|nyC] /= := boolP (y \in C).
  by rewrite andbF; apply/nandP; right; apply: contraTneq yC => <-; rewrite setD11.
by rewrite setU1K // eqxx !andbT add1n eqSS.
Qed.

(** Newton's inequality, for masses that sum to 1. *)
Lemma newton k : (0 < k <= n)%N ->
  n%:R * k.+1%:R * symmetric k.+1 <= (n - k)%:R * symmetric k.
Proof.
case: k => // j /= le_n; set k := j.+1.
pose inside := \sum_(A : {set Y} | #|A| == k) joint A * \sum_(y in A) D y.
pose outside := \sum_(A : {set Y} | #|A| == k) joint A * \sum_(y | y \notin A) D y.
have outsideE : k.+1%:R * symmetric k.+1 = outside.
  transitivity (\sum_(A : {set Y} | #|A| == k.+1) \sum_(y in A) D y * joint (A :\ y)).
    rewrite big_distrr; apply: eq_bigr => A /eqP sizeA /=; rewrite -sizeA mulr_natl -sumr_const.
    by apply: eq_bigr => y yA; rewrite -joint_without.
  rewrite (apart k (fun y C => D y * joint C)); apply: eq_bigr => A _; rewrite big_distrr.
  by apply: eq_bigr => y _; exact: mulrC.
have total : symmetric k = inside + outside.
  rewrite -big_split; apply: eq_bigr => A _ /=.
  by rewrite -mulrDr -[LHS]mulr1 -(mass_sum D) (bigID (mem A)).
have insideE : inside = \sum_(C : {set Y} | #|C| == j) joint C * \sum_(y | y \notin C) D y ^+ 2.
  transitivity (\sum_(A : {set Y} | #|A| == k) \sum_(y in A) D y ^+ 2 * joint (A :\ y)).
    apply: eq_bigr => A _; rewrite big_distrr; apply: eq_bigr => y yA /=.
    by rewrite expr2 -mulrA -joint_without // mulrC.
  rewrite (apart j (fun y C => D y ^+ 2 * joint C)); apply: eq_bigr => C _; rewrite big_distrr.
  by apply: eq_bigr => y _; exact: mulrC.
pose pairs C := \sum_(y | y \notin C) \sum_(z | z \notin y |: C) D y * D z.
have k_outside : k%:R * outside = \sum_(C : {set Y} | #|C| == j) joint C * pairs C.
  transitivity (\sum_(A : {set Y} | #|A| == k) \sum_(y in A)
      D y * joint (A :\ y) * \sum_(z | z \notin y |: (A :\ y)) D z).
    rewrite big_distrr; apply: eq_bigr => A /eqP sizeA /=; rewrite -sizeA mulr_natl -sumr_const.
    by apply: eq_bigr => y yA; rewrite -joint_without // setD1K.
  rewrite (apart j (fun y C => D y * joint C * \sum_(z | z \notin y |: C) D z)).
  apply: eq_bigr => C _; rewrite big_distrr; apply: eq_bigr => y _ /=.
  by rewrite mulrAC mulrC big_distrr.
have pairs_le C : #|C| == j -> pairs C <= (n - k)%:R * \sum_(y | y \notin C) D y ^+ 2.
  move/eqP=> sizeC; pose f y z : R := D y ^+ 2 / 2%:R.
  have f_sum : \sum_(y | y \notin C) \sum_(z | z \notin y |: C) f y z
             = (n - k)%:R * (\sum_(y | y \notin C) D y ^+ 2) / 2%:R.
    rewrite -mulrA big_distrl big_distrr; apply: eq_bigr => y yC /=.
    rewrite sumr_const -[LHS]mulr_natl; congr (_%:R * _).
    rewrite (_ : #|_| = #|~: (y |: C)|); last by apply: eq_card => z; rewrite [RHS]inE.
    by rewrite [LHS]cardsCs setCK cardsU1 yC sizeC.
  have swap : \sum_(y | y \notin C) \sum_(z | z \notin y |: C) f z y
            = \sum_(y | y \notin C) \sum_(z | z \notin y |: C) f y z.
    rewrite (exchange_big_dep (fun z => z \notin C)) ; last first.
      by move=> y z _; rewrite !inE negb_or => /andP[].
    apply: eq_bigr => z zC; apply: eq_bigl => y; rewrite !inE !negb_or zC andbT andbC.
    by rewrite eq_sym.
  have -> : (n - k)%:R * (\sum_(y | y \notin C) D y ^+ 2)
    = \sum_(y | y \notin C) \sum_(z | z \notin y |: C) (f y z + f z y).
    under [RHS]eq_bigr do rewrite big_split /=.
    by rewrite big_split /= swap f_sum -mulr2n -[RHS]mulr_natr divfK // pnatr_eq0.
  apply: ler_sum => y _; apply: ler_sum => z _; rewrite -subr_ge0.
  have -> : f y z + f z y - D y * D z = (D y - D z) ^+ 2 / 2%:R.
    by rewrite /f; field.
  by rewrite divr_ge0 ?sqr_ge0 ?ler0n.
have le : k%:R * outside <= (n - k)%:R * inside.
  rewrite k_outside insideE big_distrr; apply: ler_sum => C sizeC /=.
  by rewrite mulrCA ler_wpmul2l ?joint_ge0 ?pairs_le.
rewrite total -mulrA outsideE mulrDr -{1}(subnK le_n) natrD mulrDl addrC.
by rewrite ler_add2r.
Qed.

End Symmetric.

Section Win.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (y0 : Y).
Implicit Types (S : seq Y) (y : Y).
Local Notation n := #|Y|.

(** Under `win` S is not picked where y is above all of it. *)
Definition over (r : ranking Y) y S := all (fun s => r y < r s)%N S.
Definition lost S y : R := \sum_u weight p u * (over (rank p u) y S)%:R.

Lemma picked_win r S y : picked_from R win r S [:: y] = 1 - (over r y S)%:R.
Proof.
rewrite /picked_from; have [/allP all_below|/allPn[s sS le]] := boolP (over r y S).
  rewrite subrr (_ : ours r S [:: y] = 0%N) //; apply/eqP; rewrite -leqn0 leqNgt -has_count.
  apply/hasPn=> s sS; rewrite /best all_cat /= andbT negb_and orbC -ltnNge.
  by have -> := all_below s sS.
have S0 : S != [::] by case: (S) sS.
have [z zS bz] := best_exists r S0; rewrite subr0 (_ : ours r S [:: y] == 0%N = false) ?if_same //.
apply/negbTE; rewrite -lt0n -has_count; apply/hasP; exists z; rewrite // /best all_cat /= andbT.
by rewrite -/(best r S z) bz (leq_trans (allP bz s sS)) // leqNgt.
Qed.

Lemma won_win (D : distr R Y) S :
  \sum_y D y * W_shown win p S [:: y] = 1 - \sum_y D y * lost S y.
Proof.
rewrite -[X in _ = X - _](mass_sum D) -sumrB; apply: eq_bigr => y _.
rewrite -[X in _ = X - _]mulr1 -mulrBr; congr (_ * _).
rewrite -[X in _ = X - _](mass_sum (weight p)) -sumrB; apply: eq_bigr => u _.
by rewrite picked_win mulrBr mulr1.
Qed.

(** A random k-set, of chance proportional to its masses' product, loses where a (k+1)-set has its
    member drawn from D for a unique best one. *)
Lemma lost_symmetric (D : distr R Y) k :
  \sum_(A : {set Y} | #|A| == k) joint D A * (\sum_y D y * lost (enum A) y) <= symmetric D k.+1.
Proof.
pose alone u B y := over (rank p u) y (enum (B :\ y)).
have one u (B : {set Y}) : \sum_(y in B) (alone u B y)%:R <= 1 :> R.
  have [/existsP[y /andP[yB ya]]|/existsPn none] := boolP [exists y, (y \in B) && alone u B y].
    rewrite (bigD1 y) //= ya big1 ?addr0 // => z /andP[zB ne]; apply/eqP; rewrite pnatr_eq0 eqb0.
    apply/negP=> /allP/(_ y); rewrite mem_enum !inE eq_sym ne => /(_ yB).
    move/allP: ya => /(_ z); rewrite mem_enum !inE ne => /(_ zB)/ltnW.
    by rewrite leqNgt => /negPf->.
  by rewrite big1 ?ler01 // => y yB; have := none y; rewrite yB /= => /negPf->.
have -> : \sum_(A : {set Y} | #|A| == k) joint D A * (\sum_y D y * lost (enum A) y)
  = \sum_u weight p u * \sum_(B : {set Y} | #|B| == k.+1)
      joint D B * \sum_(y in B) (alone u B y)%:R.
  transitivity (\sum_u weight p u * \sum_(A : {set Y} | #|A| == k)
      \sum_(y | y \notin A) D y * joint D A * (over (rank p u) y (enum A))%:R).
    under [RHS]eq_bigr do rewrite big_distrr; rewrite exchange_big; apply: eq_bigr => A _ /=.
    under [RHS]eq_bigr do rewrite big_distrr; rewrite big_distrr.
    under [LHS]eq_bigr do rewrite /lost !big_distrr; rewrite exchange_big; apply: eq_bigr => u _ /=.
    rewrite [RHS]big_mkcond; apply: eq_bigr => y _ /=; case: ifPn => [_|]; first by ring.
    rewrite negbK => yA; rewrite (_ : over _ _ _ = false) ?mulr0 //.
    by apply/negP=> /allP/(_ y); rewrite mem_enum ltnn => /(_ yA).
  apply: eq_bigr => u _; congr (_ * _).
  rewrite -(apart k (fun y A => D y * joint D A * (over (rank p u) y (enum A))%:R)).
  apply: eq_bigr => B _; rewrite big_distrr; apply: eq_bigr => y yB /=.
  by rewrite -joint_without.
apply: average_le => u; apply: ler_sum => B _.
by rewrite -[leRHS]mulr1 ler_wpmul2l ?joint_ge0.
Qed.

(** E6. Under `win`, where there are n >= k responses, some k-output policy wins
    k(n+1)/(n(k+1)) at least, whatever the population is; for uniform rankings that is all (P3). *)
Theorem E6_win_value k : (0 < k <= n)%N ->
  exists P : outputs R k Y, robust win p P (k%:R * n.+1%:R / (n%:R * k.+1%:R)).
Proof.
move=> bounds; have /andP[k_gt0 le_n] := bounds; set v := _ / _.
have n_gt0 : 0 < n%:R :> R by rewrite ltr0n (leq_trans k_gt0).
have vE : v = 1 - (n - k)%:R / (n%:R * k.+1%:R).
  rewrite natrB // /v (mulrSr 1 k) (mulrSr 1 n); field.
  by rewrite (gt_eqF n_gt0) -(mulrSr 1 k) pnatr_eq0.
have [D|P le] := @minimax R [finType of k.-tuple Y] Y [tuple of nseq k y0]
  (fun (S : k.-tuple Y) y => W_shown win p S [:: y]) v; last first.
  by exists P => y; rewrite W_sure_r; exact: le.
pose shown := [set y | D y != 0]; have [enough|few] := leqP k #|shown|; last first.
  pose S := take k (enum shown ++ nseq k y0).
  have size_S : size S == k by rewrite size_takel // size_cat size_nseq leq_addl.
  have in_S y : D y != 0 -> y \in S.
    by rewrite /S take_cat -cardE ltnNge (ltnW few) mem_cat mem_enum inE => ->.
  exists (Tuple size_S); rewrite won_win big1 ?subr0 => [|y _].
    by rewrite vE ler_subl_addr ler_addl divr_ge0 ?mulr_ge0 ?ler0n.
  have [->|Dy] := eqVneq (D y) 0; first by rewrite mul0r.
  rewrite /lost big1 ?mulr0 // => u _; rewrite (_ : over _ _ _ = false) ?mulr0 //.
  by apply/negP=> /allP/(_ y (in_S y Dy)); rewrite ltnn.
have e_gt0 : 0 < symmetric D k.
  pose A := [set y in take k (enum shown)].
  have sizeA : #|A| == k.
    by rewrite cardsE (card_uniqP _) ?take_uniq ?enum_uniq // size_takel // -cardE.
  rewrite /symmetric (bigD1 A) //= ltr_paddr ?sumr_ge0 // => [B _|]; first exact: joint_ge0.
  apply: prodr_gt0 => y; rewrite inE => /mem_take; rewrite mem_enum inE lt_def => ->.
  exact: mass_ge0.
have mass_ge (A : {set Y}) : 0 <= (if #|A| == k then joint D A / symmetric D k else 0).
  by case: ifP => // _; rewrite divr_ge0 ?joint_ge0 // ltW.
have masses : \sum_(A : {set Y}) (if #|A| == k then joint D A / symmetric D k else 0) = 1.
  by rewrite -big_mkcond -big_distrl /= divff // gt_eqF.
have [|A] := @average_exists _ _ (distr_of mass_ge masses)
    (fun A => if #|A| == k then 1 - \sum_y D y * lost (enum A) y else v - 1) v.
  rewrite (eq_bigr (fun A : {set Y} => if #|A| == k then
      (joint D A - joint D A * \sum_y D y * lost (enum A) y) / symmetric D k else 0)) => [|A _].
    rewrite -big_mkcond -big_distrl sumrB /= ler_pdivl_mulr // vE mulrBl mul1r ler_add2l ler_opp2.
    apply: le_trans (lost_symmetric D k) _; rewrite mulrAC ler_pdivl_mulr ?mulr_gt0 ?n_gt0 ?ltr0n //.
    by rewrite [leLHS]mulrC newton.
  by rewrite distr_ofE; case: ifP => _; rewrite ?mul0r // mulrAC mulrBr mulr1.
case: ifP => [sizeA le|_]; last by rewrite ler_subr_addl ger_addr ler10.
have size_S : size (enum A) == k by rewrite -cardE.
by exists (Tuple size_S); rewrite won_win.
Qed.

End Win.
