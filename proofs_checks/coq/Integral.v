(** Integrals over [0, 1] of polynomials over an ordered field, by their coefficients, and what of
    convexity the proofs need. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Integral.

Variable R : realFieldType.
Implicit Types (q g : {poly R}) (c d : R).

Definition integral q : R := \sum_(i < size q) q`_i / i.+1%:R.

Lemma integral_wide n q : (size q <= n)%N -> integral q = \sum_(i < n) q`_i / i.+1%:R.
Proof.
move=> le_n; rewrite /integral (big_ord_widen n (fun i => q`_i / i.+1%:R)) // big_mkcond /=.
by apply: eq_bigr => i _; case: ltnP => // le; rewrite nth_default ?mul0r.
Qed.

Lemma integralD q g : integral (q + g) = integral q + integral g.
Proof.
pose n := maxn (size q) (size g).
rewrite !(@integral_wide n) ?size_add ?leq_maxl ?leq_maxr // -big_split /=.
by apply: eq_bigr => i _; rewrite coefD mulrDl.
Qed.

Lemma integralZ c q : integral (c *: q) = c * integral q.
Proof.
rewrite !(@integral_wide (size q)) ?size_scale_leq // big_distrr /=.
by apply: eq_bigr => i _; rewrite coefZ mulrA.
Qed.

Lemma integral0 : integral 0 = 0.
Proof. by rewrite -[0](scale0r 0) integralZ mul0r. Qed.

Lemma integralN q : integral (- q) = - integral q.
Proof. by rewrite -scaleN1r integralZ mulN1r. Qed.

Lemma integralB q g : integral (q - g) = integral q - integral g.
Proof. by rewrite integralD integralN. Qed.

Lemma integral_sum (I : Type) (s : seq I) (P : pred I) (f : I -> {poly R}) :
  integral (\sum_(i <- s | P i) f i) = \sum_(i <- s | P i) integral (f i).
Proof. exact: (big_morph integral integralD integral0). Qed.

Lemma integralXn n : integral 'X^n = n.+1%:R^-1.
Proof.
rewrite /integral size_polyXn big_ord_recr big1 /= => [|i _]; first by rewrite coefXn eqxx mul1r add0r.
by rewrite coefXn ltn_eqF // mul0r.
Qed.

Lemma integralC c : integral c%:P = c.
Proof. by rewrite -[c%:P]mulr1 mul_polyC integralZ -(expr0 'X) integralXn invr1 mulr1. Qed.

Lemma poly_sumXn q : q = \sum_(i < size q) q`_i *: 'X^i.
Proof. by rewrite -[LHS]coefK poly_def. Qed.

(** The fundamental theorem of calculus. *)
Lemma integral_deriv q : integral q^`() = q.[1] - q.[0].
Proof.
rewrite [q]poly_sumXn; elim/big_rec: _ => [|i g _ IH].
  by rewrite linear0 integral0 !horner0 subr0.
rewrite derivD integralD IH !hornerD derivZ integralZ derivXn !hornerZ !hornerXn expr1n.
case: (val i) => [|j]; first by rewrite mulr0n integral0 expr0; ring.
rewrite -scaler_nat integralZ integralXn exprS mul0r divff ?pnatr_eq0 //=; ring.
Qed.

(** Polynomials whose coefficients are not negative. *)
Definition coef_ge0 q := forall i, 0 <= q`_i.

Lemma coef_ge0D q g : coef_ge0 q -> coef_ge0 g -> coef_ge0 (q + g).
Proof. by move=> Hq Hg i; rewrite coefD addr_ge0 ?Hq ?Hg. Qed.

Lemma coef_ge0M q g : coef_ge0 q -> coef_ge0 g -> coef_ge0 (q * g).
Proof. by move=> Hq Hg i; rewrite coefM; apply: sumr_ge0 => j _; rewrite mulr_ge0 ?Hq ?Hg. Qed.

Lemma coef_ge0C c : 0 <= c -> coef_ge0 c%:P.
Proof. by move=> c_ge0 i; rewrite coefC; case: ifP. Qed.

Lemma coef_ge0Xn n : coef_ge0 'X^n.
Proof. by move=> i; rewrite coefXn ler0n. Qed.

Lemma coef_ge0_1 : coef_ge0 1.
Proof. by rewrite -(expr0 'X); exact: coef_ge0Xn. Qed.

Lemma coef_ge0Z c q : 0 <= c -> coef_ge0 q -> coef_ge0 (c *: q).
Proof. by move=> c_ge0 Hq i; rewrite coefZ mulr_ge0 ?Hq. Qed.

Lemma coef_ge0X n q : coef_ge0 q -> coef_ge0 (q ^+ n).
Proof.
move=> Hq; elim: n => [|n IH]; first by rewrite expr0; exact: coef_ge0_1.
by rewrite exprS; exact: coef_ge0M.
Qed.

Lemma coef_ge0_sum (I : Type) (s : seq I) (P : pred I) (f : I -> {poly R}) :
  (forall i, P i -> coef_ge0 (f i)) -> coef_ge0 (\sum_(i <- s | P i) f i).
Proof.
move=> H; elim/big_rec: _ => [i|i g Pi Hg]; first by rewrite coef0.
by apply: coef_ge0D => //; exact: H.
Qed.

Lemma integral_ge0 q : coef_ge0 q -> 0 <= integral q.
Proof. by move=> Hq; apply: sumr_ge0 => i _; rewrite divr_ge0 ?ler0n ?Hq. Qed.

Lemma integral_le q g : coef_ge0 (g - q) -> integral q <= integral g.
Proof. by move/integral_ge0; rewrite integralB subr_ge0. Qed.

(** A positive constant coefficient makes the integral positive. *)
Lemma integral_gt0 q : coef_ge0 q -> q != 0 -> 0 < integral q.
Proof.
move=> Hq q0; rewrite lt_def integral_ge0 // andbT.
apply: contra_neq q0 => int0.
have terms_ge0 (i : 'I_(size q)) : true -> 0 <= q`_i / i.+1%:R.
  by move=> _; rewrite divr_ge0 ?ler0n ?Hq.
have all0 := psumr_eq0P terms_ge0 int0.
apply/polyP=> i; rewrite coef0; case: (ltnP i (size q)) => [lt|/(nth_default 0) //].
have /eqP := all0 (Ordinal lt) isT.
by rewrite mulf_eq0 invr_eq0 pnatr_eq0 orbF => /eqP.
Qed.

(** Linear polynomials. *)
Definition line c d : {poly R} := c%:P + d *: 'X.

Lemma lineE c d x : (line c d).[x] = c + d * x.
Proof. by rewrite hornerD hornerC hornerZ hornerX. Qed.

Lemma deriv_line c d : (line c d)^`() = d%:P.
Proof. by rewrite derivD derivC derivZ derivX add0r -mul_polyC mulr1. Qed.

Lemma coef_ge0_line c d : 0 <= c -> 0 <= d -> coef_ge0 (line c d).
Proof.
move=> c_ge0 d_ge0; apply: coef_ge0D; first exact: coef_ge0C.
by apply: coef_ge0Z => //; rewrite -['X]expr1; exact: coef_ge0Xn.
Qed.

Lemma lineD c d c' d' : line c d + line c' d' = line (c + c') (d + d').
Proof. by rewrite /line polyCD scalerDl addrACA. Qed.

Lemma lineZ a c d : a *: line c d = line (a * c) (a * d).
Proof. by rewrite /line scalerDr scalerA -mul_polyC -polyCM. Qed.

Lemma lineN c d : - line c d = line (- c) (- d).
Proof. by rewrite -scaleN1r lineZ !mulN1r. Qed.

Lemma integral_sqr i c d : let m := i.+1%:R in integral ('X^i * line c d ^+ 2)
  = ((c * (m + 1) + d * m) ^+ 2 + d ^+ 2 * m / (m + 2%:R)) / (m * (m + 1) ^+ 2).
Proof.
have -> : 'X^i * line c d ^+ 2
        = c ^+ 2 *: 'X^i + (c * d *+ 2) *: 'X^i.+1 + d ^+ 2 *: 'X^i.+2.
  rewrite /line -!mul_polyC !exprS !polyCM polyCMn !polyCM expr0; ring.
rewrite /= !integralD !integralZ !integralXn.
set m : R := i.+1%:R; have m_gt0 : 0 < m by rewrite ltr0n.
have -> : i.+2%:R = m + 1 by rewrite -[i.+2]addn1 natrD.
have -> : i.+3%:R = m + 2%:R :> R by rewrite -[i.+3]addn2 natrD.
have m1 : 0 < m + 1 by rewrite addr_gt0 ?ltr01.
have m2 : 0 < m + 2%:R by rewrite addr_gt0 ?ltr0n.
by field; rewrite !lt0r_neq0.
Qed.

(** The integral of a square of a line, weighted by a polynomial that is not negative. *)
Lemma integral_sqr_ge0 q c d : coef_ge0 q -> 0 <= integral (q * line c d ^+ 2).
Proof.
move=> Hq; rewrite [q]poly_sumXn big_distrl integral_sum; apply: sumr_ge0 => i _ /=.
rewrite -scalerAl integralZ mulr_ge0 ?Hq // integral_sqr.
apply: divr_ge0; last by apply: mulr_ge0; rewrite ?ler0n ?sqr_ge0.
apply: addr_ge0; first exact: sqr_ge0.
apply: divr_ge0; last by apply: addr_ge0; exact: ler0n.
by apply: mulr_ge0; rewrite ?sqr_ge0 ?ler0n.
Qed.

Lemma integral_sqr_gt0 q c d : coef_ge0 q -> q != 0 -> d != 0 -> 0 < integral (q * line c d ^+ 2).
Proof.
move=> Hq q0 d0; have size_q : (0 < size q)%N by rewrite size_poly_gt0.
have last : ((size q).-1 < size q)%N by rewrite prednK.
rewrite [q]poly_sumXn big_distrl integral_sum (bigD1 (Ordinal last)) //=.
rewrite ltr_paddr //.
  apply: sumr_ge0 => i _; rewrite -scalerAl integralZ mulr_ge0 ?Hq //.
  by apply: integral_sqr_ge0; exact: coef_ge0Xn.
rewrite -scalerAl integralZ mulr_gt0 // ?integral_sqr.
  by rewrite lt_def Hq andbT -lead_coefE lead_coef_eq0.
apply: divr_gt0; last by rewrite mulr_gt0 ?exprn_gt0 ?addr_gt0 ?ltr0n ?ltr01.
rewrite ltr_paddl ?sqr_ge0 //; apply: divr_gt0; last by rewrite addr_gt0 ?ltr0n.
by rewrite mulr_gt0 ?ltr0n // lt_def sqrf_eq0 d0 sqr_ge0.
Qed.

Fact natr1' k : k.+1%:R + 1 = k.+2%:R :> {poly R}.
Proof. by rewrite -[k.+2]addn1 natrD. Qed.

Fact tangent_step (V : comRingType) (q m a n : V) k :
  q * a ^+ k.+2 - q * m ^+ k.+2 - (n + 1) * (q * m ^+ k.+1 * (a - m))
  = (q * a) * a ^+ k.+1 - (q * a) * m ^+ k.+1 - n * ((q * a) * m ^+ k * (a - m))
    + n * (q * m ^+ k) * (a - m) ^+ 2.
Proof. rewrite !exprS; move: (m ^+ k) (a ^+ k) => mk ak; ring. Qed.

(** x^k lies above its tangents, and so does its integral for lines: q counts the positions. *)
Lemma tangent q (c d c' d' : R) k :
  coef_ge0 q -> 0 <= c -> 0 <= d -> 0 <= c' -> 0 <= d' ->
  integral (q * line c d ^+ k) + k%:R * integral (q * line c d ^+ k.-1 * (line c' d' - line c d))
    <= integral (q * line c' d' ^+ k).
Proof.
move=> Hq c0 d0 c1 d1; have [Hm Ha] := (coef_ge0_line c0 d0, coef_ge0_line c1 d1).
rewrite -subr_ge0 opprD addrA -integralZ -!integralB.
elim: k q Hq => [|k IH] q Hq.
  by rewrite !expr0 scale0r subr0 subrr integral0.
have -> : q * line c' d' ^+ k.+1 - q * line c d ^+ k.+1
          - k.+1%:R *: (q * line c d ^+ k * (line c' d' - line c d))
  = ((q * line c' d') * line c' d' ^+ k - (q * line c' d') * line c d ^+ k
      - k%:R *: ((q * line c' d') * line c d ^+ k.-1 * (line c' d' - line c d)))
    + (k%:R *: (q * line c d ^+ k.-1)) * line (c' - c) (d' - d) ^+ 2.
  have -> : line (c' - c) (d' - d) = line c' d' - line c d by rewrite lineN lineD.
  case: k {IH} => [|k].
    by rewrite scale1r !scale0r mul0r !expr0 !expr1 subr0 addr0 !mulr1 mulrBr !subrr.
  rewrite -!mul_polyC !(rmorph_nat (polyC_rmorphism R)) -[k.+2%:R]natr1'; exact: tangent_step.
rewrite integralD addr_ge0 //; first by apply: IH; exact: coef_ge0M.
apply: integral_sqr_ge0; apply: coef_ge0Z; rewrite ?ler0n //.
by apply: coef_ge0M => //; exact: coef_ge0X.
Qed.

(** More positions to share with never help. *)
Lemma integral_shift m q : coef_ge0 q -> integral ('X^m * q) <= integral q.
Proof.
move=> Hq; rewrite [q]poly_sumXn big_distrr !integral_sum; apply: ler_sum => i _ /=.
rewrite -scalerAr !integralZ ler_wpmul2l ?Hq // -exprD !integralXn.
by rewrite lef_pinv ?posrE ?ltr0n // ler_nat ltnS leq_addl.
Qed.

Lemma integral_line_exp c d k :
  d * integral (line c d ^+ k) = ((c + d) ^+ k.+1 - c ^+ k.+1) / k.+1%:R.
Proof.
apply: (@mulIf _ k.+1%:R); first by rewrite pnatr_eq0.
rewrite divfK ?pnatr_eq0 // -integralZ mulrC -integralZ.
have -> : k.+1%:R *: (d *: line c d ^+ k) = (line c d ^+ k.+1)^`().
  by rewrite deriv_exp deriv_line mul_polyC scaler_nat.
by rewrite integral_deriv !horner_exp !lineE mulr0 addr0 mulr1.
Qed.

(** A line that is not below another at either end of [0, 1] is above it in between. *)
Lemma integral_line_le (c d c' d' : R) k : 0 <= c -> 0 <= d -> 0 <= d' ->
  c <= c' -> c + d <= c' + d' -> integral (line c d ^+ k) <= integral (line c' d' ^+ k).
Proof.
move=> c0 d0 d1 le0 le1; rewrite -subr_ge0 -integralB subrXX; set q := \sum_(i < k) _.
have q_ge0 : coef_ge0 q.
  apply: coef_ge0_sum => i _; apply: coef_ge0M; apply: coef_ge0X; apply: coef_ge0_line => //.
  exact: le_trans le0.
have -> : line c' d' - line c d = (c' - c) *: (1 - 'X) + (c' + d' - (c + d)) *: 'X.
  rewrite /line -!mul_polyC !polyCB !polyCD; ring.
rewrite mulrDl integralD -!scalerAl !integralZ addr_ge0 // mulr_ge0 ?subr_ge0 //.
  rewrite mulrBl mul1r integralB subr_ge0 -['X]expr1; exact: integral_shift.
by apply: integral_ge0; apply: coef_ge0M => //; rewrite -['X]expr1; exact: coef_ge0Xn.
Qed.

End Integral.
