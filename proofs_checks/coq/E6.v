(** E6: what counts where both sides show a user's best. *)

From mathcomp Require Import all_ssreflect all_algebra.
From UAlign Require Import Definitions Integral Utility P1 P2 Continuum.

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
