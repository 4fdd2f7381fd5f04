(** P2: the family exists: over the real numbers exactly, over every Archimedean field as near as
    one likes. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 E1 Learning Continuum.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section P2.

Variables (R : archiFieldType) (Y : finType) (y0 : Y) (p : population R Y) (k : nat).

(** A mixture of opponents is answered by itself. *)
Lemma answered (D : distr R Y) : exists pi, \sum_y D y * utility p k pi y <= k.+1%:R^-1.
Proof. by exists D; rewrite P1_average. Qed.

(** P2. For every population, k and eps > 0 some policy, with masses in the field of the weights,
    has no utility above 1/(k+1) + eps. *)
Theorem P2_approximate (eps : R) : 0 < eps ->
  exists pi : distr R Y, forall y, utility p k pi y <= k.+1%:R^-1 + eps.
Proof.
apply: (approach y0 (cost := fun y pi => utility p k pi y)) => [y pi||y T q f].
- have i0 : 0 <= k.+1%:R^-1 :> R by rewrite invr_ge0 ler0n.
  have i1 : k.+1%:R^-1 <= 1 :> R by rewrite invf_le1 ?ltr0n // ler1n.
  rewrite ler_subr_addr ler_subl_addr; apply/andP; split.
    by apply: le_trans (utility_ge0 _ _ _ _); rewrite addrC subr_le0.
  by apply: le_trans (utility_le1 _ _ _ _) _; rewrite ler_addl.
- exact: answered.
- exact: E1_convex_utility.
Qed.

(** P2. Sampled k times it wins at least k/(k+1) - eps against every response. *)
Theorem P2_robust (eps : R) : 0 < eps ->
  exists pi : distr R Y, robust uniform p (draws k pi) (k%:R / k.+1%:R - eps).
Proof.
case/P2_approximate=> pi le; exists pi => y.
by rewrite W_utility -rate_complement -addrA -opprD ler_add2l ler_opp2.
Qed.

(** P2. Over the real numbers, or any field in which [0, 1] is compact, every population has a
    symmetric Nash equilibrium of the (k+1)-player game, for every k. *)
Theorem P2_exists : bolzano_weierstrass R -> exists pi : distr R Y, equilibrium p k pi.
Proof.
move=> bw; have [|pi le] := attained bw (t := uniform) (p := p) (k := k) (l := 1) (v := k.+1%:R^-1).
  by move=> eps /P2_approximate[pi le]; exists pi => T; rewrite (single_tuple T); exact: le.
by exists pi; apply/P1_equilibrium => y; exact: le.
Qed.

(** E1. With it: pi is a symmetric equilibrium iff it minimises the convex function max u. *)
Theorem E1_minimisers (pi : distr R Y) : equilibrium p k pi <->
  forall rho v, (forall y, utility p k rho y <= v) -> forall y, utility p k pi y <= v.
Proof.
rewrite P1_equilibrium; split=> [le rho v /E1_at_least at_least y|min y].
  exact: le_trans (le y) at_least.
rewrite leNgt; apply/negP=> lt; have eps_gt0 : 0 < (utility p k pi y - k.+1%:R^-1) / 2%:R.
  by rewrite divr_gt0 ?subr_gt0 ?ltr0n.
have [rho rho_le] := P2_approximate eps_gt0; have := min _ _ rho_le y.
rewrite leNgt -ltr_subr_addl ltr_pdivr_mulr ?ltr0n // mulr_natr mulr2n ltr_addl subr_gt0.
by rewrite lt.
Qed.

(** E1. So the minimum is attained, where [0, 1] is compact. *)
Theorem E1_attained : bolzano_weierstrass R -> exists pi : distr R Y,
  forall rho v, (forall y, utility p k rho y <= v) -> forall y, utility p k pi y <= v.
Proof. by move=> /P2_exists[pi /E1_minimisers min]; exists pi. Qed.

End P2.
