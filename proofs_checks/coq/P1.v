(** P1: the guarantee k/(k+1). *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section P1.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k : nat).
Implicit Types pi : distr R Y.

Lemma rate_complement : 1 - k.+1%:R^-1 = k%:R / k.+1%:R :> R.
Proof.
apply: (@mulIf _ k.+1%:R); rewrite ?pnatr_eq0 // mulrBl mulVf ?divfK ?pnatr_eq0 // mul1r.
by rewrite -[k.+1]addn1 natrD addrK.
Qed.

(** One user: class by class, from worst to best, the powers telescope. *)
Lemma average_phi pi r : \sum_y pi y * phi k pi r (r y) = k.+1%:R^-1.
Proof.
rewrite (sum_places r pi (phi k pi r)); under eq_bigr do rewrite mass_phi.
rewrite -big_distrl /= -(big_mkord xpredT (fun n => low pi r n ^+ k.+1 - low pi r n.+1 ^+ k.+1)).
under eq_bigr do rewrite -opprB.
rewrite sumrN telescope_sumr // low_beyond low0 expr1n expr0n /= sub0r opprK; exact: mul1r.
Qed.

(** P1. Every policy earns 1/(k+1) against itself, on average over its own responses. *)
Theorem P1_average pi : \sum_y pi y * utility p k pi y = k.+1%:R^-1.
Proof.
under eq_bigr do rewrite utilityE big_distrr; rewrite exchange_big /=.
rewrite -[RHS](mass_const (weight p)); apply: eq_bigr => u _ /=.
rewrite -(average_phi pi (rank p u)) big_distrr; apply: eq_bigr => y _ /=.
by rewrite mulrCA.
Qed.

(** P1. pi is a symmetric Nash equilibrium of the (k+1)-player game iff no response earns more
    than 1/(k+1) against it. *)
Theorem P1_equilibrium pi : equilibrium p k pi <-> forall y, utility p k pi y <= k.+1%:R^-1.
Proof.
have own : payoff p k pi pi = k.+1%:R^-1 by rewrite payoffE P1_average.
split=> [eq_pi y|le rho].
  have := eq_pi (sure y); rewrite own payoffE; congr (_ <= _).
  by rewrite -[RHS](sum_at y (utility p k pi)); apply: eq_bigr => z _; rewrite sureE.
by rewrite own payoffE; exact: average_le.
Qed.

(** P1. That is: iff pi sampled k times wins at least k/(k+1) against every response. *)
Theorem P1_robust pi : equilibrium p k pi <-> robust uniform p (draws k pi) (k%:R / k.+1%:R).
Proof.
rewrite P1_equilibrium -rate_complement /robust.
by split=> le y; move: (le y); rewrite W_utility ler_add2l ler_opp2.
Qed.

(** P1. No product policy has a larger worst case. *)
Theorem P1_no_more pi f : robust uniform p (draws k pi) f -> f <= k%:R / k.+1%:R.
Proof.
move=> rob; rewrite -rate_complement ler_subr_addr addrC -ler_subr_addr -(P1_average pi).
apply: average_le => y; rewrite ler_subr_addr addrC -ler_subr_addr.
by have := rob y; rewrite W_utility.
Qed.

(** P1. An equilibrium's worst case is k/(k+1) exactly. *)
Theorem P1_worst_case pi : equilibrium p k pi ->
  worst_case uniform p 1 (draws k pi) (k%:R / k.+1%:R).
Proof.
move=> eq_pi; have /P1_robust rob := eq_pi; have /P1_equilibrium le := eq_pi.
split=> [T|]; first by rewrite (single_tuple T); exact: rob.
have [y ge] := average_exists (eq_ind_r (fun x => k.+1%:R^-1 <= x) (lexx _) (P1_average pi)).
exists [tuple y]; rewrite W_utility -rate_complement; congr (1 - _).
by apply: le_anti; rewrite ge le.
Qed.

End P1.
