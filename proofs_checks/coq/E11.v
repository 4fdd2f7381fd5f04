(** E11: regret is never negative. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Utility P1 P6 E3.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** E11. The greatest of the regrets sum_t u_y(pi_t) - T/(k+1) is not negative, whatever the
    policies are: no bound on all of them is. *)
Theorem E11 (R : realFieldType) (Y : finType) (p : population R Y) k T
  (f : 'I_T.+1 -> distr R Y) (r : R) :
  (forall y, \sum_t utility p k (f t) y - T.+1%:R / k.+1%:R <= r) -> 0 <= r.
Proof.
move/E3_regret=> le; rewrite -(pmulr_lge0 _ (_ : 0 < T.+1%:R^-1)) ?invr_gt0 ?ltr0n //.
rewrite -(subrr k.+1%:R^-1) -{1}(P1_average p k (average f)) ler_subl_addl.
by apply: average_le => y; rewrite -ler_subl_addl.
Qed.
