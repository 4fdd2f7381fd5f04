(** P5: NLHF is optimal for one output. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 P7 P4 Minimax.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section P5.

Variables (R : realFieldType) (Y : finType) (p : population R Y).

(** P5. No policy with one output wins more than 1/2 against every response. *)
Theorem P5_no_more (P : outputs R 1 Y) f : robust uniform p P f -> f <= 2%:R^-1.
Proof.
pose single y : 1.-tuple Y := [tuple y].
have singleK : cancel single (fun S : 1.-tuple Y => tnth S ord0) by [].
have tnthK : cancel (fun S : 1.-tuple Y => tnth S ord0) single.
  by move=> S; rewrite [RHS]single_tuple.
have pi_sum : \sum_y P (single y) = 1.
  by rewrite -(mass_sum P) [RHS](reindex single) //; exists (fun S : 1.-tuple Y => tnth S ord0).
have -> : P = draws 1 (distr_of (fun y => mass_ge0 P (single y)) pi_sum).
  by apply: distr_eq => S; rewrite drawsE -(tnthK S) big_seq1 distr_ofE.
by move/P1_no_more; rewrite mul1r.
Qed.

(** P5. NLHF's worst case is 1/2 exactly; ... *)
Theorem P5_worst_case (pi : distr R Y) : NLHF p pi ->
  worst_case uniform p 1 (draws 1 pi) (2%:R^-1).
Proof. by move/P1_worst_case; rewrite mul1r. Qed.

(** ... and it exists, over every ordered field (P2 for k = 1): a maximal lottery. *)
Theorem P5_exists (y0 : Y) : exists pi : distr R Y, NLHF p pi.
Proof.
pose A z y := - (above p y z + tied p y z / 2%:R).
have AE (pi : distr R Y) y : \sum_z pi z * A z y = - utility p 1 pi y.
  by rewrite utility1 -sumrN; apply: eq_bigr => z _; rewrite mulrN.
have [|pi le] := @minimax_mixed R Y Y y0 A (- 2%:R^-1).
  move=> Q; exists Q; under eq_bigr do rewrite big_distrr; rewrite exchange_big /=.
  under eq_bigr do under eq_bigr do rewrite mulrCA; under eq_bigr do rewrite -big_distrr /= AE mulrN.
  by rewrite sumrN P1_average.
by exists pi; apply/P1_equilibrium => y; rewrite -ler_opp2 -AE.
Qed.

End P5.
