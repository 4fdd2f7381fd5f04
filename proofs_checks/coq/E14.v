(** E14: learning from picks. The inequalities between numbers that (iii) and (iv) rest on. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section E14.

Variable R : realFieldType.
Implicit Types (a r x eta : R) (f : nat -> R) (n k : nat).

Definition theta k : R := (2%:R * k%:R - 1) / (3%:R * k%:R).
Definition kappa k : R := (k%:R - 1) / (2%:R * k%:R).

(** A sequence that does not begin below 0 never gets there, if for some a >= 0 every term is at
    least a times the one before. *)
Definition step a f n : R := f n.+1 - a * f n.

Lemma ge0_by_steps a f : 0 <= a -> 0 <= f 0%N -> (forall n, 0 <= step a f n) ->
  forall n, 0 <= f n.
Proof.
move=> a_ge0 f0 le; elim=> // n IH.
by rewrite -[f n.+1](subrK (a * f n)) addr_ge0 ?mulr_ge0 // -/(step a f n).
Qed.

(** The difference of the sides of E14_square, 3(n-1) times. *)
Definition cleared r n : R :=
  2%:R * (r ^+ n - 1 - n%:R * (r - 1)) * (n%:R + 1 + (2%:R * n%:R - 1) * r ^+ n)
  - 3%:R * (n%:R - 1) * (r ^+ n - 1) ^+ 2.

(** Five times, with a = 1, 1, r, r, r^2: this and what each term has above a times the one before
    begin with (r-1)^4 times a polynomial without a negative coefficient, and the last are that. *)
Lemma cleared_ge0 r n : 0 <= r -> 0 <= cleared r n.
Proof.
move=> r_ge0; have fourfold c d : 0 <= c -> d = (r - 1) ^+ 4 * c -> 0 <= d.
  by move=> c_ge0 ->; rewrite mulr_ge0 // exprn_even_ge0.
have r2_ge0 : 0 <= r ^+ 2 by rewrite exprn_ge0.
have nonneg := (ler0n R, @ler01 R, r_ge0, addr_ge0, mulr_ge0, exprn_ge0).
move: n; apply: (ge0_by_steps (@ler01 R)).
  by apply: (fourfold 0) => //; rewrite /cleared; ring.
apply: (ge0_by_steps (@ler01 R)).
  by apply: (fourfold 0) => //; rewrite /step /cleared; ring.
apply: (ge0_by_steps r_ge0).
  by apply: (fourfold 3%:R) => //; rewrite /step /cleared; ring.
apply: (ge0_by_steps r_ge0).
  apply: (fourfold (4%:R * r ^+ 2 + 13%:R * r + 4%:R)); first by rewrite !nonneg.
  by rewrite /step /cleared; ring.
apply: (ge0_by_steps r2_ge0).
  apply: (fourfold (5%:R * r ^+ 4 + 12%:R * r ^+ 3 + 13%:R * r ^+ 2 + 4%:R * r + 4%:R)).
    by rewrite !nonneg.
  by rewrite /step /cleared; ring.
move=> n; apply: (fourfold ((r ^+ 6 + 2%:R * r ^+ 5 + r ^+ 4) * (r ^+ n) ^+ 2
    + 8%:R * r ^+ 3 * r ^+ n + 4%:R * r + 4%:R)); first by rewrite !nonneg.
by rewrite /step /cleared !exprS; ring.
Qed.

Lemma two_more k : (1 < k)%N -> {m : R | 0 <= m & k%:R = m + 2%:R}.
Proof. by move=> k_gt1; exists (k - 2)%:R; rewrite ?ler0n // -natrD subnK. Qed.

Lemma more_gt0 m j : 0 <= m -> 0 < m + j.+1%:R :> R.
Proof. by move=> m_ge0; rewrite ltr_spaddr ?ltr0Sn. Qed.

(** E14. For k >= 2, r >= 0 and z = r^k, theta = (2k-1)/(3k), kappa = (k-1)/(2k), as (iii) has it:
    (z-1)^2 <= (1/kappa) (z - 1 - k(r-1)) ((1-theta) + theta z); ... *)
Theorem E14_square k r : (1 < k)%N -> 0 <= r -> (r ^+ k - 1) ^+ 2
  <= (kappa k)^-1 * (r ^+ k - 1 - k%:R * (r - 1)) * (1 - theta k + theta k * r ^+ k).
Proof.
move=> /two_more[m m_ge0 eq_k] r_ge0; have := more_gt0 _ m_ge0 => pos.
rewrite -subr_ge0 -(pmulr_rge0 _ (mulr_gt0 (ltr0n R 3) (pos 0%N))).
apply: etrans (cleared_ge0 k r_ge0); congr (0 <= _).
rewrite /cleared /theta /kappa eq_k; move: (r ^+ k) => z; field.
by rewrite (_ : m + 2%:R - 1 = m + 1%:R) ?lt0r_neq0 ?pos //; ring.
Qed.

(** ... and the quadratic of (iv), kappa (2 + theta x)(1 + eta x) - eta (1 + theta x)^2, is not
    negative on [-1, k], for any step eta up to 3/(2(k+3)). *)
Theorem E14_quadratic k eta x : (1 < k)%N -> 0 <= eta -> eta <= 3%:R / (2%:R * (k%:R + 3%:R)) ->
  -1 <= x -> x <= k%:R ->
  0 <= kappa k * (2%:R + theta k * x) * (1 + eta * x) - eta * (1 + theta k * x) ^+ 2.
Proof.
move=> /two_more[m m_ge0 eq_k] eta_ge0; rewrite /theta /kappa {k}eq_k.
have := more_gt0 _ m_ge0 => pos; rewrite -addrA -natrD ler_pdivl_mulr ?mulr_gt0 ?ltr0n ?pos //.
rewrite -[_ <= 3%:R]subr_ge0 -[-1 <= x]subr_ge0 opprK -[x <= _]subr_ge0 => small low high.
have nonneg := (ler0n R, @ler01 R, m_ge0, eta_ge0, small, low, high, addr_ge0, mulr_ge0, exprn_ge0).
rewrite -(pmulr_rge0 _ (mulr_gt0 (ltr0n R 36) (mulr_gt0 (exprn_gt0 2 (pos 1%N)) (pos 2%N)))).
rewrite [leRHS](_ : _
  = 2%:R * (m + 1) * (m + 3%:R) * (3%:R - eta * (2%:R * (m + (2 + 3)%:R)))
      * (4%:R * m + 9%:R + (2%:R * m + 3%:R) * (x + 1))
    + 2%:R * eta
      * ((m + 2%:R - x) * (8%:R * m ^+ 3 + 52%:R * m ^+ 2 + 97%:R * m + 45%:R)
        + (x + 1) * ((m + 2%:R) * m * (2%:R * m ^+ 2 + 23%:R * m + 53%:R))
        + (x + 1) * (m + 2%:R - x) * ((2%:R * m + 3%:R) * (m + 3%:R) ^+ 2))).
  by rewrite !nonneg.
by field; rewrite lt0r_neq0 ?(pos 1%N).
Qed.

End E14.
