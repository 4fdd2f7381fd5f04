(** E4, for l = 1: what k outputs of any kind guarantee against single responses. *)

From mathcomp Require Import all_ssreflect all_algebra.
From UAlign Require Import Definitions Integral Utility P1 Minimax.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** E4. Over every ordered field, for every population and every k, some k-output policy wins at
    least k/(k+1) against every response: exactly, and not to some eps > 0. *)
Theorem E4_single (R : realFieldType) (Y : finType) (y0 : Y) (p : population R Y) (k : nat) :
  exists P : outputs R k Y, robust uniform p P (k%:R / k.+1%:R).
Proof.
pose A (S : k.-tuple Y) y := W_shown uniform p S [:: y].
have [|P le] := @minimax_mixed R [finType of k.-tuple Y] Y [tuple y0 | _ < k] A (k%:R / k.+1%:R).
  move=> D; exists (draws k D); rewrite -rate_complement -(P1_average p k D).
  rewrite -[1](mass_sum D) -sumrB.
  under [leRHS]eq_bigr do rewrite big_distrr; rewrite exchange_big; apply: ler_sum => y _ /=.
  under eq_bigr do rewrite mulrCA; rewrite -big_distrr /=.
  have -> : \sum_(S : k.-tuple Y) draws k D S * A S y = 1 - utility p k D y.
    by rewrite -W_utility W_sure_r.
  by rewrite mulrBr mulr1.
by exists P => y; rewrite W_sure_r; exact: le.
Qed.
