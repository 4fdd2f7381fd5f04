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

End Farkas.

Section Games.

Variables (R : realFieldType) (I J : finType) (i0 : I) (A : I -> J -> R) (v : R).

(** The theorem of alternatives. Either a mixture over I gets at least v against every j, or a
    mixture over J holds every i below v. *)
Theorem alternatives :
  (exists P : distr R I, forall j, v <= \sum_i P i * A i j) \/
  (exists Q : distr R J, forall i, \sum_j Q j * A i j < v).
Proof.
pose gen (n : nat) (d : option J) : R :=
  if insub n is Some i then
    (if d is Some j then A (enum_val (i : 'I_#|I|)) j - v else 1)
  else if insub (n - #|I|)%N is Some i then
    (if d is Some j then - (enum_val (i : 'I_#|J|) == j)%:R else 0) else 0.
pose c (d : option J) : R := if d is Some _ then 0 else 1.
have gen_l (i : 'I_#|I|) d : gen i d = if d is Some j then A (enum_val i) j - v else 1.
  by rewrite /gen valK.
have gen_r (j : 'I_#|J|) d :
    gen (#|I| + j)%N d = if d is Some j' then - (enum_val j == j')%:R else 0.
  by rewrite /gen insubF ?addKn ?valK //; apply/negbTE; rewrite -leqNgt leq_addr.
have sum_opt (f : option J -> R) : \sum_d f d = f None + \sum_j f (Some j).
  rewrite (bigD1 None) //=; congr (_ + _).
  rewrite (reindex_omap (some : J -> option J) id) /=; last by case.
  by apply: eq_bigl => i; rewrite eqxx.
have [[lam [lam_ge0 cE]]|[x [gx cx]]] := farkas (#|I| + #|J|)%N gen c; [left|right].
  have {cE} cE d : c d = \sum_(i : I) lam (enum_rank i) * gen (enum_rank i) d
                       + \sum_(j : J) lam (#|I| + enum_rank j)%N * gen (#|I| + enum_rank j)%N d.
    rewrite cE big_split_ord /=; congr (_ + _).
      rewrite [LHS](reindex (@enum_rank I)); last exact: onW_bij (enum_rank_bij I).
      by apply: eq_bigr.
    rewrite [LHS](reindex (@enum_rank J)); last exact: onW_bij (enum_rank_bij J).
    by apply: eq_bigr.
  have sum1 : \sum_(i : I) lam (enum_rank i) = 1.
    have := cE None; rewrite /= [X in _ + X]big1 ?addr0 => [->|j _]; last by rewrite gen_r mulr0.
    by apply: eq_bigr => i _; rewrite gen_l mulr1.
  exists (distr_of (fun i => lam_ge0 (enum_rank i)) sum1) => j; rewrite -subr_ge0.
  under eq_bigr do rewrite distr_ofE.
  have -> : v = \sum_(i : I) lam (enum_rank i) * v by rewrite -big_distrl /= sum1 mul1r.
  rewrite -sumrB; have := cE (Some j); rewrite /= => /eqP; rewrite eq_sym addr_eq0.
  under eq_bigr do rewrite gen_l enum_rankK mulrBr; move/eqP->.
  rewrite -sumrN; apply: sumr_ge0 => j' _; rewrite gen_r mulrN opprK mulr_ge0 ?ler0n //.
have dotE d : dot d x = d None * x None + \sum_j d (Some j) * x (Some j) by exact: sum_opt.
have x_gt0 : 0 < x None by move: cx; rewrite dotE /= mul1r big1 ?addr0 // => j _; rewrite mul0r.
have x_ge0 j : 0 <= x (Some j).
  have := gx (#|I| + enum_rank j)%N; rewrite ltn_add2l ltn_ord => /(_ isT).
  rewrite dotE gen_r mul0r add0r (bigD1 j) //= gen_r enum_rankK eqxx mulN1r big1 ?addr0.
    by rewrite oppr_le0.
  by move=> j' ne; rewrite gen_r enum_rankK eq_sym (negPf ne) oppr0 mul0r.
have below i : \sum_j (A i j - v) * x (Some j) < 0.
  have := gx (enum_rank i); rewrite ltn_addr ?ltn_ord // => /(_ isT).
  rewrite dotE gen_l mul1r; under eq_bigr do rewrite gen_l enum_rankK.
  by rewrite addrC -ler_subr_addr sub0r => le; apply: le_lt_trans le _; rewrite oppr_lt0.
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
