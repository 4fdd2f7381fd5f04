(** Regret matching: play in proportion to the positive parts of the regrets. Its iterates are
    rational, it needs no fixed point, and it brings every convex game as near to its value as one
    likes, over every Archimedean field. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section RegretMatching.

Variables (R : realFieldType) (I : finType) (X : Type) (x0 : X) (cost : I -> X -> R) (v : R).

Definition pos (a : R) : R := Num.max 0 a.

Lemma pos_ge0 a : 0 <= pos a. Proof. by rewrite le_maxr lexx. Qed.
Lemma pos_ge a : a <= pos a. Proof. by rewrite le_maxr lexx orbT. Qed.

Lemma pos_sqrD a b : pos (a + b) ^+ 2 <= (pos a + b) ^+ 2.
Proof.
rewrite {1}/pos; have [ab|/ltW ab] := leP 0 (a + b); last by rewrite expr0n /= sqr_ge0.
rewrite ler_sqr ?nnegrE // ?ler_add2r ?pos_ge //.
by apply: le_trans ab _; rewrite ler_add2r pos_ge.
Qed.

Hypothesis near : forall i x, -1 <= cost i x - v <= 1.
Hypothesis answer : forall D : distr R I, exists x, \sum_i D i * cost i x <= v.

Definition regret (f : nat -> X) T i : R := \sum_(t < T) (cost i (f t) - v).

Lemma answer_weights (a : I -> R) : (forall i, 0 <= a i) ->
  exists x, \sum_i a i * (cost i x - v) <= 0.
Proof.
move=> a_ge0; set s := \sum_i a i; have s_ge0 : 0 <= s by apply: sumr_ge0.
have [s0|s_neq0] := eqVneq s 0.
  exists x0; rewrite big1 // => i _.
  by rewrite (psumr_eq0P (fun i _ => a_ge0 i) s0) ?mul0r.
have D_ge0 i : 0 <= a i / s by rewrite divr_ge0.
have D_sum : \sum_i a i / s = 1 by rewrite -big_distrl /= divff.
have [x] := answer (distr_of D_ge0 D_sum).
under eq_bigr do rewrite distr_ofE; rewrite -subr_le0 => le; exists x.
have -> : \sum_i a i * (cost i x - v) = s * (\sum_i a i / s * cost i x - v).
  rewrite mulrBr big_distrr /= [s * v]mulrC -[s in v * s]/(\sum_i a i) big_distrr -sumrB.
  apply: eq_bigr => i _ /=; rewrite mulrBr [v * _]mulrC; congr (_ - _).
  by rewrite mulrA mulrCA divff // mulr1.
by rewrite mulr_ge0_le0.
Qed.

(** After T rounds the squares of the positive regrets sum to at most #|I| T. *)
Lemma regret_matching T : exists f, \sum_i pos (regret f T i) ^+ 2 <= (#|I| * T)%:R.
Proof.
elim: T => [|T [f IH]].
  exists (fun=> x0); rewrite muln0 big1 // => i _.
  by rewrite /regret big_ord0 /pos maxxx expr0n.
have [x le0] := answer_weights (fun i => pos_ge0 (regret f T i)).
exists (fun t => if t == T then x else f t).
have step i : regret (fun t => if t == T then x else f t) T.+1 i
            = regret f T i + (cost i x - v).
  rewrite /regret big_ord_recr /= eqxx; congr (_ + _); apply: eq_bigr => t _.
  by rewrite ltn_eqF.
apply: le_trans (_ : _ <= \sum_i (pos (regret f T i) ^+ 2
   + 2%:R * (pos (regret f T i) * (cost i x - v)) + 1)) _.
  apply: ler_sum => i _; rewrite step; apply: le_trans (pos_sqrD _ _) _.
  rewrite sqrrD -mulr_natl ler_add2l -[leRHS](expr1n _ 2) -(real_normK (num_real (cost i x - v))).
  by rewrite ler_sqr ?nnegrE ?ler01 ?normr_ge0 // ler_norml near.
rewrite !big_split /= -big_distrr /= sumr_const mulnS natrD addrC -[X in X + _]/(#|I|%:R).
by rewrite ler_add2l -[leRHS]addr0 ler_add // mulr_ge0_le0 ?ler0n.
Qed.

End RegretMatching.

Section Approach.

Variables (R : archiFieldType) (Y I : finType) (y0 : Y).
Variables (cost : I -> distr R Y -> R) (v : R).

Hypothesis near : forall i x, -1 <= cost i x - v <= 1.
Hypothesis answer : forall D : distr R I, exists pi, \sum_i D i * cost i pi <= v.
Hypothesis convex : forall i T (q : distr R [finType of 'I_T]) (f : 'I_T -> distr R Y),
  cost i (mixture q f) <= \sum_t q t * cost i (f t).

(** A convex game that can be answered, mixture by mixture, at cost v has policies that cost
    at most v + eps against everything: the average of regret matching's iterates. *)
Theorem approach (eps : R) : 0 < eps -> exists pi, forall i, cost i pi <= v + eps.
Proof.
move=> eps_gt0; set n : R := #|I|%:R.
have [T Tn] : exists T : nat, n / eps ^+ 2 <= T.+1%:R.
  have /archi_boundP/ltW le : 0 <= n / eps ^+ 2 by rewrite divr_ge0 ?ler0n ?sqr_ge0.
  by exists (Num.bound (n / eps ^+ 2)); apply: le_trans le _; rewrite ler_nat.
have [f sqr_le] := regret_matching (sure y0) near answer T.+1.
exists (mixture (even ord0) (fun t : 'I_T.+1 => f t)) => i.
apply: le_trans (convex _ _ _) _; under eq_bigr do rewrite evenE card_ord.
rewrite -big_distrr /= mulrC ler_pdivr_mulr ?ltr0n //.
have -> : \sum_(t < T.+1) cost i (f t) = regret cost v f T.+1 i + v * T.+1%:R.
  by rewrite /regret sumrB sumr_const card_ord mulr_natr subrK.
rewrite [leRHS]mulrDl addrC ler_add2l.
apply: (le_trans (pos_ge _)); rewrite -ler_sqr ?nnegrE ?pos_ge0 ?mulr_ge0 ?ler0n ?(ltW eps_gt0) //.
apply: le_trans (_ : _ <= n * T.+1%:R) _.
  rewrite -natrM; apply: le_trans sqr_le; rewrite (bigD1 i) //= ler_addl sumr_ge0 // => j _.
  exact: sqr_ge0.
rewrite exprMn [T.+1%:R ^+ 2]expr2 mulrA ler_wpmul2r ?ler0n // mulrC -ler_pdivr_mulr //.
by rewrite exprn_gt0.
Qed.

End Approach.
