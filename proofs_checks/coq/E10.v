(** E10: U-alignment of a fixed policy. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section E10.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (pi : distr R Y).

(** She ranks y strictly above all that the policy ever shows. *)
Definition over_all (u : user p) (y : Y) : bool :=
  [forall z, (pi z != 0) ==> (rank p u y < rank p u z)%N].

(** The weight of these users: what y wins however often the policy is sampled. *)
Definition lost (y : Y) : R := \sum_(u | over_all u y) weight p u.

(** x is a lower bound of the positive masses. *)
Variable x : R.
Hypotheses (x_gt0 : 0 < x) (x_least : forall z, pi z != 0 -> x <= pi z).

Variable k : nat.

(** B of the paper: the chance, at most, that a response is picked that is not above all of it. *)
Definition bound : R := (1 - (1 - x) ^+ k.+1) / (k.+1%:R * x).

Fact low_le1 r n : low pi r n <= 1.
Proof.
rewrite -(mass_sum pi) /low [leRHS](bigID (fun y => (n <= r y)%N)) /= ler_addl.
by apply: sumr_ge0 => y _; exact: mass_ge0.
Qed.

Lemma phi_over u y : over_all u y -> phi k pi (rank p u) (rank p u y) = 1.
Proof.
move/forallP=> over; have none : level pi (rank p u) (rank p u y) = 0.
  apply: big1 => z /eqP eq_z; apply/eqP; apply: contraT => ne.
  by have := over z; rewrite ne eq_z ltnn.
have all_ : low pi (rank p u) (rank p u y).+1 = 1.
  rewrite -(mass_sum pi) [RHS](bigID (fun z => (rank p u y < rank p u z)%N)) /=.
  rewrite [X in _ = _ + X]big1 ?addr0 // => z ge; apply/eqP; apply: contraT => ne.
  by have := over z; rewrite ne (negPf ge).
by rewrite /phi /cumulative none all_ /line scale0r addr0 expr1n -(polyC1 R) integralC.
Qed.

Lemma phi_other u y : ~~ over_all u y -> phi k pi (rank p u) (rank p u y) <= bound.
Proof.
case/forallPn=> z; rewrite negb_imply -leqNgt => /andP[ne le].
have small : low pi (rank p u) (rank p u y).+1 <= 1 - x.
  rewrite ler_subr_addr -(mass_sum pi) [leRHS](bigID (fun v => (rank p u y < rank p u v)%N)) /=.
  rewrite ler_add2l (bigD1 z) /=; last by rewrite -leqNgt.
  by apply: le_trans (x_least ne) _; rewrite ler_addl; apply: sumr_ge0 => v _; exact: mass_ge0.
have -> : bound = integral (line (1 - x) x ^+ k).
  apply: (mulfI (lt0r_neq0 x_gt0)); rewrite integral_line_exp subrK expr1n /bound.
  by rewrite mulrCA invfM [x * _]mulrC divfK ?lt0r_neq0.
apply: integral_line_le; rewrite ?low_ge0 ?level_ge0 ?(ltW x_gt0) // subrK -lowS.
exact: low_le1.
Qed.

(** E10. For every k the win rate against y is at most 1 - A, A the weight of the users who rank y
    strictly above the whole support, and at least (1 - A)(1 - B); ... *)
Theorem E10 y :
  (1 - lost y) * (1 - bound) <= W uniform p (draws k pi) (sure [tuple y]) <= 1 - lost y.
Proof.
rewrite W_utility utilityE.
have -> : \sum_u weight p u * phi k pi (rank p u) (rank p u y)
  = lost y + \sum_(u | ~~ over_all u y) weight p u * phi k pi (rank p u) (rank p u y).
  rewrite (bigID (fun u => over_all u y)) /=; congr (_ + _).
  by apply: eq_bigr => u over; rewrite phi_over ?mulr1.
have rest : 1 - lost y = \sum_(u | ~~ over_all u y) weight p u.
  by rewrite -(mass_sum (weight p)) (bigID (fun u => over_all u y)) /= addrC addKr.
rewrite opprD addrA rest mulrBr mulr1 ler_add2l ler_opp2 big_distrl /=; apply/andP; split.
  by apply: ler_sum => u other; rewrite ler_wpmul2l ?mass_ge0 ?phi_other.
rewrite ler_subl_addr ler_addl; apply: sumr_ge0 => u _; rewrite mulr_ge0 ?mass_ge0 //.
by apply: integral_ge0; apply: coef_ge0X; exact: coef_ge0_cumulative.
Qed.

(** E10. ... and B is at most 1/((k+1)x): as k grows, the win rate tends to 1 - A. *)
Theorem E10_bound : bound <= (k.+1%:R * x)^-1.
Proof.
have [z /x_least le] : exists z, pi z != 0.
  apply/existsP; apply: contraT => /existsPn zero; have := mass_sum pi.
  rewrite big1 => [/eqP|y _]; first by rewrite eq_sym oner_eq0.
  by apply/eqP; have := zero y; rewrite negbK.
have x_le1 : x <= 1.
  apply: le_trans le _; rewrite -(mass_sum pi) (bigD1 z) //= ler_addl.
  by apply: sumr_ge0 => y _; exact: mass_ge0.
rewrite ler_pimull ?invr_ge0 ?mulr_ge0 ?ler0n ?(ltW x_gt0) //.
by rewrite ler_subl_addr ler_addl exprn_ge0 // subr_ge0.
Qed.

End E10.

(** E10. The limits are 1, the policy is U-aligned, iff its support meets every user's best class. *)
Theorem E10_aligned (R : realFieldType) (Y : finType) (p : population R Y) (pi : distr R Y) :
  (forall y, lost p pi y = 0) <->
  (forall u : user p, 0 < weight p u ->
     exists2 z, pi z != 0 & forall y, (rank p u z <= rank p u y)%N).
Proof.
split=> [none u w_gt0|meets y]; last first.
  apply: big1 => u /forallP over; apply/eqP; apply: contraT => w0.
  have [|z pi0 best_z] := meets u; first by rewrite lt_def w0 mass_ge0.
  by have := over z; rewrite pi0 ltnNge best_z.
have [y0 _] : exists y : Y, true.
  apply/existsP; apply: contraT; rewrite negb_exists => /forallP empty.
  by have := mass_sum pi; rewrite big1 => [/eqP|y _]; [rewrite eq_sym oner_eq0 | have := empty y].
pose y := [arg min_(y < y0) rank p u y]; have best_y z : (rank p u y <= rank p u z)%N.
  by rewrite /y; case: arg_minnP => // v _; exact.
have : ~~ over_all pi u y.
  apply/negP=> over; have := none y; rewrite /lost (bigD1 u) //= => /eqP.
  rewrite paddr_eq0 ?mass_ge0 ?sumr_ge0 // => [|v _]; last exact: mass_ge0.
  by rewrite (gt_eqF w_gt0).
case/forallPn=> z; rewrite negb_imply -leqNgt => /andP[pi0 le]; exists z => // v.
exact: leq_trans le (best_y v).
Qed.
