(** E11: regret is never negative. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 E1 P6 E3.

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

Section Squares.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k T : nat).
Variable f : 'I_T.+1 -> distr R Y.

(** Where x runs through the masses of pi_t and a through those of the average, along y's class:
    the integral of the sum of (i+1) a^i x^(k-2-i) (x - a)^2. *)
Definition squares (r : ranking Y) y (t : 'I_T.+1) : R :=
  let a := cumulative (average f) r (r y) in let x := cumulative (f t) r (r y) in
  integral ((\sum_(i < k.-1) i.+1%:R *: (a ^+ i * x ^+ (k.-2 - i))) * (x - a) ^+ 2).

(** x^k is its tangent at a and a multiple of the square. *)
Lemma tangent_squares (a x : {poly R}) : x ^+ k = a ^+ k + k%:R *: (a ^+ k.-1 * (x - a))
  + (\sum_(i < k.-1) i.+1%:R *: (a ^+ i * x ^+ (k.-2 - i))) * (x - a) ^+ 2.
Proof.
case: k => [|j /=]; first by rewrite big_ord0 scale0r mul0r !addr0.
elim: j => [|j IH]; first by rewrite big_ord0 mul0r addr0 scale1r mul1r addrC subrK.
have -> : \sum_(i < j.+1) i.+1%:R *: (a ^+ i * x ^+ (j - i))
  = x * (\sum_(i < j) i.+1%:R *: (a ^+ i * x ^+ (j.-1 - i))) + j.+1%:R *: a ^+ j.
  rewrite big_ord_recr /= subnn expr0 mulr1 big_distrr; congr (_ + _); apply: eq_bigr => i _ /=.
  rewrite -scalerAr mulrCA -exprS; congr (_ *: (_ * _ ^+ _)).
  by case: (j) i => [[]|m i] //=; rewrite subSn // -ltnS.
rewrite exprS IH; set q := \sum_(i < j) _; rewrite !exprS -!mul_polyC.
rewrite -[j.+2]addn1 natrD polyCD polyC1; ring.
Qed.

Lemma total_phi r y : \sum_t phi k (f t) r (r y)
  = T.+1%:R * phi k (average f) r (r y) + \sum_t squares r y t.
Proof.
set a := cumulative (average f) r (r y).
have flat : \sum_t (cumulative (f t) r (r y) - a) = 0.
  apply/eqP; rewrite sumrB subr_eq0 sumr_const card_ord /a /average cumulative_mixture; apply/eqP.
  under [X in X *+ _]eq_bigr do rewrite evenE card_ord.
  by rewrite -scaler_sumr -scaler_nat scalerA divff ?scale1r // pnatr_eq0.
rewrite /phi; under eq_bigr do rewrite (tangent_squares a) !integralD integralZ.
rewrite !big_split /= sumr_const card_ord -mulr_sumr -integral_sum -mulr_sumr flat mulr0 integral0.
by rewrite mulr0 addr0 mulr_natl.
Qed.

(** E11. Against the policies' average a the sequence's total, a lower bound of the greatest regret,
    is the users' mean of integrals of squares (x_t - a)^2, ... *)
Theorem E11_squares : \sum_y average f y * (\sum_t utility p k (f t) y) - T.+1%:R / k.+1%:R
  = \sum_u weight p u * \sum_y average f y * \sum_t squares (rank p u) y t.
Proof.
have user u : \sum_y average f y * (\sum_t phi k (f t) (rank p u) (rank p u y))
    = T.+1%:R / k.+1%:R + \sum_y average f y * \sum_t squares (rank p u) y t.
  under eq_bigr do rewrite total_phi mulrDr mulrCA.
  by rewrite big_split -mulr_sumr average_phi.
transitivity (\sum_u weight p u * (\sum_y average f y *
    (\sum_t phi k (f t) (rank p u) (rank p u y))) - T.+1%:R / k.+1%:R).
  congr (_ - _); under eq_bigr do under eq_bigr do rewrite utilityE.
  under eq_bigr do rewrite exchange_big /= mulr_sumr.
  rewrite exchange_big; apply: eq_bigr => u _ /=.
  rewrite mulr_sumr; apply: eq_bigr => y _; rewrite -mulr_sumr; exact: mulrCA.
under eq_bigr do rewrite user mulrDr.
by rewrite big_split mass_const /= addrC addKr.
Qed.

(** E11. ... so that no bound on all regrets is below this, ... *)
Theorem E11_at_least (b : R) : (forall y, \sum_t utility p k (f t) y - T.+1%:R / k.+1%:R <= b) ->
  \sum_u weight p u * (\sum_y average f y * \sum_t squares (rank p u) y t) <= b.
Proof.
move=> le; rewrite -E11_squares ler_subl_addr; apply: average_le => y.
by rewrite -ler_subl_addr.
Qed.

(** E11. ... and no integral is negative. *)
Theorem E11_squares_ge0 r y t : 0 <= squares r y t.
Proof.
rewrite /squares /cumulative lineN lineD; apply: integral_sqr_ge0; apply: coef_ge0_sum => i _.
apply: coef_ge0Z; rewrite ?ler0n //; apply: coef_ge0M; apply: coef_ge0X.
  exact: coef_ge0_cumulative.
exact: coef_ge0_cumulative.
Qed.

End Squares.
