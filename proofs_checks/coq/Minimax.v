(** The minimax theorem for matrix games over any ordered field, by Farkas's lemma: induction over
    the vectors that generate the cone, with no limit and no root. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Farkas.

Variables (R : realFieldType) (V : finType).
Implicit Types (a c x : V -> R).

Definition dot (a x : V -> R) : R := \sum_v a v * x v.

Lemma dot_sub a x y z (t : R) : (forall v, z v = x v - t * y v) -> dot a z = dot a x - t * dot a y.
Proof.
move=> zE; rewrite /dot big_distrr -sumrB; apply: eq_bigr => v _ /=.
by rewrite zE mulrBr mulrCA.
Qed.

(** Either c is in the cone of the a_i, or some x separates it from them. *)
Lemma farkas m (a : nat -> V -> R) c :
  (exists lam : nat -> R, (forall i, 0 <= lam i) /\ forall v, c v = \sum_(i < m) lam i * a i v) \/
  (exists x, (forall i, (i < m)%N -> dot (a i) x <= 0) /\ 0 < dot c x).
Proof.
elim: m a c => [|m IH] a c.
  have [/existsP[v cv]|/existsPn c0] := boolP [exists v, c v != 0]; last first.
    left; exists (fun=> 0); split=> // v; rewrite big_ord0; apply/eqP.
    by have := c0 v; rewrite negbK.
  right; exists c; split=> //; rewrite /dot (bigD1 v) //= ltr_paddr //.
    by apply: sumr_ge0 => i _; rewrite -expr2 sqr_ge0.
  by rewrite -expr2 exprn_even_gt0 //= orbC.
have [[lam [lam_ge0 cE]]|[x [ax cx]]] := IH a c.
  left; exists (fun i => if i == m then 0 else lam i); split=> [i|v]; first by case: ifP.
  rewrite big_ord_recr /= eqxx mul0r addr0 cE; apply: eq_bigr => i _.
  by rewrite ltn_eqF.
set b := a m; have [bx|bx] := leP (dot b x) 0.
  right; exists x; split=> // i; rewrite ltnS leq_eqVlt => /predU1P[->|] //; exact: ax.
have bx0 := lt0r_neq0 bx; pose t d := dot d x / dot b x.
pose proj (d : V -> R) v := d v - t d * b v.
have [[lam [lam_ge0 cE]]|[y [ay cy]]] := IH (fun i => proj (a i)) (proj c).
  left; exists (fun i => if i == m then t c - \sum_(i < m) lam i * t (a i) else lam i).
  split=> [i|v].
    case: eqP => // _; rewrite subr_ge0; apply: le_trans (_ : _ <= 0) _; last first.
      by rewrite divr_ge0 ?ltW.
    rewrite -oppr_ge0 -sumrN; apply: sumr_ge0 => j _; rewrite oppr_ge0 mulr_ge0_le0 // ler_pdivr_mulr // mul0r; exact: ax.
  rewrite big_ord_recr /= eqxx; have := cE v; rewrite /proj => /eqP; rewrite subr_eq => /eqP->.
  rewrite -[in RHS]/b mulrBl big_distrl addrA addrAC -sumrB; congr (_ + _).
  apply: eq_bigr => i _ /=; rewrite ltn_eqF // mulrBr mulrA //.
pose s := dot b y / dot b x; pose z v := y v - s * x v.
have projE d : dot d z = dot (proj d) y.
  have -> : dot d z = dot d y - s * dot d x by exact: dot_sub.
  rewrite /dot /proj; under [RHS]eq_bigr do rewrite mulrBl -mulrA.
  rewrite sumrB -big_distrr /= -/(dot b y) -/(dot d y) /s /t; congr (_ - _).
  by rewrite mulrAC [RHS]mulrAC [dot b y * _]mulrC.
right; exists z; split=> [i|]; last by rewrite projE.
rewrite ltnS leq_eqVlt projE => /predU1P[->|/ay//].
rewrite /dot /proj /t -/b divff //; rewrite big1 // => v _.
by rewrite mul1r subrr mul0r.
Qed.

(** The same for a family over any finite type. *)
Lemma farkas_family (I : finType) (a : I -> V -> R) c :
  (exists lam : I -> R, (forall i, 0 <= lam i) /\ forall v, c v = \sum_i lam i * a i v) \/
  (exists x, (forall i, dot (a i) x <= 0) /\ 0 < dot c x).
Proof.
pose b (n : nat) := if insub n is Some i then a (enum_val (i : 'I_#|I|)) else fun=> 0.
have bE (i : 'I_#|I|) : b i = a (enum_val i) by rewrite /b valK.
have [[lam [lam_ge0 cE]]|[x [bx cx]]] := farkas #|I| b c; [left|right].
  exists (fun i => lam (enum_rank i)); split=> // v; rewrite cE.
  rewrite (reindex (@enum_rank I)); last exact: onW_bij (enum_rank_bij I).
  by apply: eq_bigr => i _; rewrite bE enum_rankK.
by exists x; split=> // i; rewrite -[i]enum_rankK -bE; exact: bx.
Qed.

End Farkas.

Section Games.

Variables (R : realFieldType) (I J : finType) (i0 : I) (A : I -> J -> R) (v : R).

(** The theorem of alternatives. Either a mixture over I gets at least v against every j, or a
    mixture over J holds every i below v. *)
Theorem alternatives :
  (exists P : distr R I, forall j, v <= \sum_i P i * A i j) \/
  (exists Q : distr R J, forall i, \sum_j Q j * A i j < v).
Proof.
pose gen (i : I + J) (d : option J) : R :=
  match i, d with
  | inl i, Some j => A i j - v
  | inl _, None => 1
  | inr j, Some j' => - (j == j')%:R
  | inr _, None => 0
  end.
pose c (d : option J) : R := if d is Some _ then 0 else 1.
have sum_opt (f : option J -> R) : \sum_d f d = f None + \sum_j f (Some j).
  rewrite (bigD1 None) //=; congr (_ + _).
  rewrite (reindex_omap (some : J -> option J) id) /=; last by case.
  by apply: eq_bigl => i; rewrite eqxx.
have [[lam [lam_ge0 cE]]|[x [gx cx]]] := farkas_family gen c; [left|right].
  have {}cE d : c d = \sum_i lam (inl i) * gen (inl i) d + \sum_j lam (inr j) * gen (inr j) d.
    by rewrite cE big_sumType.
  have sum1 : \sum_i lam (inl i) = 1.
    have := cE None; rewrite /= [X in _ + X]big1 ?addr0 => [->|j _]; last by rewrite mulr0.
    by apply: eq_bigr => i _; rewrite mulr1.
  exists (distr_of (fun i => lam_ge0 (inl i)) sum1) => j; rewrite -subr_ge0.
  under eq_bigr do rewrite distr_ofE.
  have -> : v = \sum_i lam (inl i) * v by rewrite -big_distrl /= sum1 mul1r.
  rewrite -sumrB; have := cE (Some j); rewrite /= => /eqP; rewrite eq_sym addr_eq0.
  under eq_bigr do rewrite mulrBr; move/eqP->.
  by rewrite -sumrN; apply: sumr_ge0 => j' _; rewrite mulrN opprK mulr_ge0 ?ler0n.
have dotE d : dot d x = d None * x None + \sum_j d (Some j) * x (Some j) by exact: sum_opt.
have x_gt0 : 0 < x None by move: cx; rewrite dotE /= mul1r big1 ?addr0 // => j _; rewrite mul0r.
have x_ge0 j : 0 <= x (Some j).
  have := gx (inr j); rewrite dotE /= mul0r add0r (bigD1 j) //= eqxx mulN1r big1 ?addr0.
    by rewrite oppr_le0.
  by move=> j' ne; rewrite eq_sym (negPf ne) oppr0 mul0r.
have below i : \sum_j (A i j - v) * x (Some j) < 0.
  have := gx (inl i); rewrite dotE /= mul1r addrC -ler_subr_addr sub0r => le.
  by apply: le_lt_trans le _; rewrite oppr_lt0.
have s_gt0 : 0 < \sum_j x (Some j).
  rewrite lt_def sumr_ge0 // andbT; apply: contraTneq (below i0) => s0.
  rewrite -leNgt big1 // => j _; by rewrite (psumr_eq0P (fun j _ => x_ge0 j) s0) ?mulr0.
have Q_ge0 j : 0 <= x (Some j) / \sum_j x (Some j) by rewrite divr_ge0 // ltW.
have Q_sum : \sum_j (x (Some j) / \sum_i x (Some i)) = 1 by rewrite -big_distrl /= divff ?lt0r_neq0.
exists (distr_of Q_ge0 Q_sum) => i; under eq_bigr do rewrite distr_ofE mulrAC.
rewrite -big_distrl /= ltr_pdivr_mulr // -subr_lt0 big_distrr -sumrB; move: (below i).
congr (_ < _); apply: eq_bigr => j _ /=; by rewrite mulrBl [A i j * _]mulrC.
Qed.

(** Minimax: if every mixture of opponents is answered by some i that gets at least v, one
    mixture gets at least v against all of them. *)
Theorem minimax :
  (forall Q : distr R J, exists i, v <= \sum_j Q j * A i j) ->
  exists P : distr R I, forall j, v <= \sum_i P i * A i j.
Proof. by case: alternatives => // [[Q lt]] /(_ Q)[i]; rewrite leNgt lt. Qed.

(** The answer may be mixed, too. *)
Theorem minimax_mixed :
  (forall Q : distr R J, exists P : distr R I, v <= \sum_i P i * \sum_j Q j * A i j) ->
  exists P : distr R I, forall j, v <= \sum_i P i * A i j.
Proof. by move=> answer; apply: minimax => Q; have [P /average_exists] := answer Q. Qed.

End Games.
