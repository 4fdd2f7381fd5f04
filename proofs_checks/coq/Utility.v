(** The chance that a tuple is picked against draws of a policy, in closed form: by the mass L
    strictly below its best class and the mass p of that class it is the integral of
    j t^(j-1) (L + t p)^k, j of its positions being in that class. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Shares.

Variables (R : realFieldType) (Y : finType).
Implicit Types (r : ranking Y) (S T : seq Y) (y : Y) (pi : distr R Y).

Lemma best_exists r S : S != [::] -> exists2 y, y \in S & best r S y.
Proof.
elim: S => // y [_ _|z S IH _]; first by exists y; rewrite ?mem_head //= leqnn.
have [x xS bx] := IH isT; have [le|/ltnW lt] := leqP (r y) (r x).
  exists y; rewrite ?mem_head //; apply/allP=> v; rewrite inE => /predU1P[->//|vS].
  exact: leq_trans le (allP bx v vS).
by exists x; [rewrite inE xS orbT | rewrite /best /= lt].
Qed.

(** The shares of both sides: (0, positive), (positive, 0) or both positive. *)
Lemma some_best r S T : S ++ T != [::] -> (0 < ours r S T + theirs r S T)%N.
Proof.
move/(best_exists r) => [y ymem bY].
by rewrite /ours /theirs -count_cat -has_count; apply/hasP; exists y.
Qed.

Lemma count_swap r S T (S' : seq Y) : count (best r (S ++ T)) S' = count (best r (T ++ S)) S'.
Proof. by apply: eq_count => y; rewrite /best !all_cat andbC. Qed.

Lemma picked_swap r S T : S ++ T != [::] ->
  picked_from R uniform r S T + picked_from R uniform r T S = 1.
Proof.
move/(some_best r); rewrite /picked_from /ours /theirs ![count (best r (T ++ S)) _]count_swap.
case: (count _ S) => [|i]; case: (count _ T) => [|j] //= _; rewrite ?add0r ?addr0 //.
rewrite [(j.+1 + _)%N]addnC -mulrDl -natrD divff //.
by rewrite pnatr_eq0 addn_eq0.
Qed.

Lemma picked_ge0 t r S T : 0 <= picked_from R t r S T.
Proof.
rewrite /picked_from; do 2?case: ifP => _ //; rewrite ?ler01 //.
by case: t; rewrite ?divr_ge0 ?ler0n ?ler01.
Qed.

Lemma picked_le1 t r S T : picked_from R t r S T <= 1.
Proof.
rewrite /picked_from; case: ifP => [|i0]; rewrite ?ler01 //; case: ifP => _ //.
case: t; rewrite ?ler01 ?lexx //.
  by rewrite ler_pdivr_mulr ?mul1r ?ler_nat ?leq_addr // ltr0n addn_gt0 lt0n i0.
by rewrite ler_pdivr_mulr ?ltr0n // mul1r ler1n.
Qed.

(** The best positions counted from T's own best place b. *)
Definition low pi r n : R := \sum_(y | (n <= r y)%N) pi y.
Definition level pi r n : R := \sum_(y | r y == n) pi y.
Definition cumulative pi r n : {poly R} := line (low pi r n.+1) (level pi r n).

Lemma low_ge0 pi r n : 0 <= low pi r n.
Proof. by apply: sumr_ge0 => y _; exact: mass_ge0. Qed.

Lemma level_ge0 pi r n : 0 <= level pi r n.
Proof. by apply: sumr_ge0 => y _; exact: mass_ge0. Qed.

Lemma lowS pi r n : low pi r n = low pi r n.+1 + level pi r n.
Proof.
rewrite /low (bigID (fun y => r y == n)) /= addrC; congr (_ + _); apply: eq_bigl => y.
  by rewrite ltn_neqAle andbC eq_sym.
by case: eqP => [->|]; rewrite ?leqnn ?andbF.
Qed.

Lemma low0 pi r : low pi r 0 = 1.
Proof. exact: mass_sum. Qed.

(** A place that no response reaches. *)
Definition beyond r : nat := (\max_y r y).+1.

Lemma lt_beyond r y : (r y < beyond r)%N.
Proof. by rewrite ltnS leq_bigmax. Qed.

Lemma low_beyond pi r : low pi r (beyond r) = 0.
Proof. by rewrite /low big_pred0 // => y; rewrite leqNgt lt_beyond. Qed.

Lemma sum_places r (f : Y -> R) (g : nat -> R) :
  \sum_y f y * g (r y) = \sum_(n < beyond r) (\sum_(y | r y == n) f y) * g n.
Proof.
rewrite (partition_big (fun y => Ordinal (lt_beyond r y)) xpredT) //=.
apply: eq_bigr => n _; rewrite big_distrl /=; apply: eq_big => [y|y /eqP<-] //.
Qed.

Lemma coef_ge0_cumulative pi r n : coef_ge0 (cumulative pi r n).
Proof. by apply: coef_ge0_line; rewrite ?low_ge0 ?level_ge0. Qed.

(** What a draw contributes: nothing survives a better one, 'X counts the tied. *)
Definition factor r b (s : Y) : {poly R} :=
  if (r s < b)%N then 0 else if r s == b then 'X else 1.

Lemma factors r b S :
  \prod_(s <- S) factor r b s =
  if has (fun s => r s < b)%N S then 0 else 'X^(count (fun s => r s == b) S).
Proof.
elim: S => [|s S IH]; first by rewrite big_nil /= expr0.
rewrite big_cons IH /factor /=; case: ltnP => [lt|ge]; first by rewrite mul0r.
case: has; rewrite ?mulr0 //=; case: eqP => _; rewrite ?mul1r ?add0n //.
by rewrite add1n exprS.
Qed.

Lemma sum_factors pi r b : \sum_y (pi y)%:P * factor r b y = cumulative pi r b.
Proof.
rewrite /cumulative /line /low /level addrC scaler_suml raddf_sum /=.
rewrite (bigID (fun y => r y == b)) /=; congr (_ + _).
  by apply: eq_bigr => y /eqP eq_b; rewrite /factor eq_b ltnn eqxx mul_polyC.
rewrite (bigID (fun y => (r y < b)%N)) /= big1 ?add0r => [|y /andP[_ lt]].
  apply: eq_big => [y|y /andP[/negPf ne /negPf nlt]]; last by rewrite /factor ne nlt mulr1.
  by rewrite -leqNgt ltn_neqAle eq_sym.
by rewrite /factor lt mulr0.
Qed.

Lemma share_integral r S T y : y \in T -> best r T y ->
  let b := r y in let j := count (fun z => r z == b) T in
  picked_from R uniform r T S = integral (j%:R *: ('X^j.-1 * \prod_(s <- S) factor r b s)).
Proof.
move=> yT bT b j; have j_gt0 : (0 < j)%N by rewrite -has_count; apply/hasP; exists y => /=.
rewrite factors integralZ; case: ifPn => [/hasP[s sS lt]|none].
  rewrite mulr0 integral0 mulr0 /picked_from /ours (@eq_in_count _ _ pred0) ?count_pred0 //.
  move=> z zT /=; apply/negP=> /allP/(_ s); rewrite mem_cat sS orbT => /(_ isT).
  by rewrite leqNgt (leq_trans lt (allP bT z zT)).
have place z : (r z == b) && (z \in T ++ S) -> best r (T ++ S) z.
  case/andP=> /eqP rz _; apply/allP=> v; rewrite mem_cat rz => /orP[vT|vS].
    exact: (allP bT).
  by rewrite leqNgt; apply: contra none => lt; apply/hasP; exists v.
have bestE z : z \in T ++ S -> best r (T ++ S) z = (r z == b).
  move=> zTS; apply/idP/idP=> [/allP bz|rz]; last by apply: place; rewrite rz.
  rewrite eqn_leq bz ?mem_cat ?yT //=; move: zTS; rewrite mem_cat => /orP[zT|zS].
    exact: (allP bT).
  by rewrite leqNgt; apply: contra none => lt; apply/hasP; exists z.
rewrite /picked_from /ours /theirs.
rewrite (@eq_in_count _ (best r (T ++ S)) (fun z => r z == b) T); last first.
  by move=> z zT; apply: bestE; rewrite mem_cat zT.
rewrite (@eq_in_count _ (best r (T ++ S)) (fun z => r z == b) S); last first.
  by move=> z zS; apply: bestE; rewrite mem_cat zS orbT.
rewrite -/j (gtn_eqF j_gt0) -exprD integralXn; set i := count _ S.
have -> : (j.-1 + i).+1 = (j + i)%N by rewrite -addSn prednK.
case: eqP => // ->; rewrite addn0 divff // pnatr_eq0 -lt0n //.
Qed.

(** W depends on multisets only. *)
Lemma picked_perm t r S S' T T' : perm_eq S S' -> perm_eq T T' ->
  picked_from R t r S T = picked_from R t r S' T'.
Proof.
move=> pS pT; have bestE : best r (S ++ T) =1 best r (S' ++ T').
  by move=> y; rewrite /best !all_cat (perm_all _ pS) (perm_all _ pT).
have oursE : ours r S T = ours r S' T' by rewrite /ours (eq_count bestE); exact/permP.
have theirsE : theirs r S T = theirs r S' T' by rewrite /theirs (eq_count bestE); exact/permP.
by rewrite /picked_from oursE theirsE.
Qed.

End Shares.

(** T's best place for a user, and the number of its positions there. *)
Definition top (Y : Type) (r : ranking Y) (T : seq Y) : nat :=
  if T is y :: T' then foldr (fun z m => minn (r z) m) (r y) T' else 0.
Definition tops (Y : Type) (r : ranking Y) (T : seq Y) : nat := count (fun z => r z == top r T) T.

Lemma single_tuple (Y : Type) (T : 1.-tuple Y) : T = [tuple tnth T ord0].
Proof. by apply: eq_from_tnth => i; rewrite (ord1 i). Qed.

Section Utility.

Variables (R : realFieldType) (Y : finType) (p : population R Y).
Implicit Types (pi : distr R Y) (y : Y).

Lemma W_sure_r t k l (P : outputs R k Y) (T : l.-tuple Y) :
  W t p P (sure T) = \sum_S P S * W_shown t p S T.
Proof.
apply: eq_bigr => S _; rewrite -[RHS](sum_at T (fun T' : l.-tuple Y => P S * W_shown t p S T')).
by apply: eq_bigr => T' _; rewrite sureE mulrA [P S * _]mulrC.
Qed.

Lemma W_sure_l t k l (Q : outputs R l Y) (S : k.-tuple Y) :
  W t p (sure S) Q = \sum_T Q T * W_shown t p S T.
Proof.
rewrite -(sum_at S (fun S' : k.-tuple Y => \sum_T Q T * W_shown t p S' T)).
apply: eq_bigr => S' _; rewrite big_distrr; apply: eq_bigr => T _ /=.
by rewrite sureE mulrA.
Qed.

Lemma W_swap k l (P : outputs R k Y) (Q : outputs R l Y) : (0 < k + l)%N ->
  W uniform p P Q = 1 - W uniform p Q P.
Proof.
move=> kl; apply/eqP; rewrite eq_sym subr_eq eq_sym; apply/eqP.
rewrite /W [X in _ + X]exchange_big -big_split /=.
transitivity (\sum_S P S * \sum_T Q T); last first.
  by under eq_bigr do rewrite mass_sum mulr1; exact: mass_sum.
apply: eq_bigr => S _; rewrite -big_split big_distrr; apply: eq_bigr => T _ /=.
rewrite [Q T * _]mulrC -mulrDr -big_split /=.
rewrite -[RHS]mulr1; congr (_ * _); rewrite -[RHS](mass_sum (weight p)); apply: eq_bigr => u _.
rewrite -mulrDr picked_swap ?mulr1 // -size_eq0 size_cat !size_tuple -lt0n //.
Qed.

Lemma W_shown_ge0 t S T : 0 <= W_shown t p S T.
Proof. by apply: sumr_ge0 => u _; rewrite mulr_ge0 ?mass_ge0 ?picked_ge0. Qed.

Lemma W_shown_le1 t S T : W_shown t p S T <= 1.
Proof.
rewrite -(mass_sum (weight p)); apply: ler_sum => u _.
by rewrite -[leRHS]mulr1 ler_wpmul2l ?mass_ge0 ?picked_le1.
Qed.

Lemma W_shown_perm t (S S' T T' : seq Y) : perm_eq S S' -> perm_eq T T' ->
  W_shown t p S T = W_shown t p S' T'.
Proof. by move=> pS pT; apply: eq_bigr => u _; rewrite (picked_perm R t _ pS pT). Qed.

Lemma W_ge0 t k l (P : outputs R k Y) (Q : outputs R l Y) : 0 <= W t p P Q.
Proof.
apply: sumr_ge0 => S _; apply: sumr_ge0 => T _.
by rewrite !mulr_ge0 ?mass_ge0 ?W_shown_ge0.
Qed.

Lemma W_le1 t k l (P : outputs R k Y) (Q : outputs R l Y) : W t p P Q <= 1.
Proof.
have <- : \sum_S (P S * \sum_T Q T) = 1.
  by under eq_bigr do rewrite mass_sum mulr1; exact: mass_sum.
apply: ler_sum => S _; rewrite big_distrr; apply: ler_sum => T _ /=.
by rewrite -[leRHS]mulr1 ler_wpmul2l ?W_shown_le1 // mulr_ge0 ?mass_ge0.
Qed.

Lemma topP (r : ranking Y) (T : seq Y) : T != [::] ->
  exists2 y, y \in T & best r T y /\ r y = top r T.
Proof.
case: T => // y T _ /=; elim: T => [|z T [x xT [bx ex]]] /=.
  by exists y; rewrite ?mem_head //= leqnn.
rewrite -ex; move: xT; rewrite !inE => xT; have [le|lt] := leqP (r z) (r x).
  exists z; rewrite ?inE ?eqxx ?orbT //; split=> //.
  have /andP[by_ bT] := bx; rewrite /best /= leqnn (leq_trans le by_) /=.
  by apply/allP=> v /(allP bT); exact: leq_trans le.
exists x; first by rewrite !inE; case/orP: xT => ->; rewrite ?orbT.
split=> //; have /andP[by_ bT] := bx; by rewrite /best /= by_ (ltnW lt).
Qed.

Lemma tops_gt0 (r : ranking Y) (T : seq Y) : T != [::] -> (0 < tops r T)%N.
Proof. by case/(topP r)=> y yT [_ ry]; rewrite -has_count; apply/hasP; exists y; rewrite /= ?ry. Qed.

(** The chance that a user picks T against k draws from pi. *)
Definition chance k pi (r : ranking Y) (T : seq Y) : R :=
  integral ((tops r T)%:R *: ('X^(tops r T).-1 * cumulative pi r (top r T) ^+ k)).

Lemma draws_chance k pi (r : ranking Y) (T : seq Y) : T != [::] ->
  \sum_S draws k pi S * picked_from R uniform r T S = chance k pi r T.
Proof.
move=> T0; have [y yT [bT ry]] := topP r T0.
rewrite /chance /tops -ry -sum_factors -sum_tuples mulr_sumr scaler_sumr integral_sum.
apply: eq_bigr => S _; rewrite (share_integral R S yT bT) drawsE -integralZ; congr integral.
by rewrite -!mul_polyC big_split /= -rmorph_prod /= mulrCA [X in _ * X]mulrCA.
Qed.

(** W(T, pi^k) is the users' average of their chances. *)
Lemma W_chance k l pi (T : l.-tuple Y) : (0 < l)%N ->
  W uniform p (sure T) (draws k pi) = \sum_u weight p u * chance k pi (rank p u) T.
Proof.
move=> l_gt0; have T0 : tval T != [::] by rewrite -size_eq0 size_tuple -lt0n.
rewrite W_sure_l /W_shown; under eq_bigr do rewrite big_distrr.
rewrite exchange_big; apply: eq_bigr => u _ /=.
rewrite -(draws_chance _ _ _ T0) big_distrr; apply: eq_bigr => S _ /=; ring.
Qed.

(** The chance of a single response: the integral of (L + t p)^k. *)
Definition phi k pi (r : ranking Y) n : R := integral (cumulative pi r n ^+ k).

Lemma utilityE k pi y : utility p k pi y = \sum_u weight p u * phi k pi (rank p u) (rank p u y).
Proof.
rewrite /utility W_chance //; apply: eq_bigr => u _.
by rewrite /chance /tops /= eqxx addn0 expr0 mul1r scale1r.
Qed.

Lemma utility_ge0 k pi y : 0 <= utility p k pi y. Proof. exact: W_ge0. Qed.
Lemma utility_le1 k pi y : utility p k pi y <= 1. Proof. exact: W_le1. Qed.

(** W(pi^k, y) = 1 - u_y(pi). *)
Lemma W_utility k pi y : W uniform p (draws k pi) (sure [tuple y]) = 1 - utility p k pi y.
Proof. by rewrite W_swap // addn1. Qed.

Lemma payoffE k rho pi : payoff p k rho pi = \sum_y rho y * utility p k pi y.
Proof.
rewrite /payoff /W /utility (reindex (fun y : Y => [tuple y])) /=; last first.
  by exists (fun S : 1.-tuple Y => tnth S ord0) => [y|S] _ //; rewrite -single_tuple.
apply: eq_bigr => y _; rewrite (W_sure_l _ _ [tuple y]) big_distrr; apply: eq_bigr => S _ /=.
by rewrite drawsE big_seq1 mulrA.
Qed.

Lemma mass_phi k pi (r : ranking Y) n :
  level pi r n * phi k pi r n = (low pi r n ^+ k.+1 - low pi r n.+1 ^+ k.+1) / k.+1%:R.
Proof.
apply: (@mulIf _ k.+1%:R); first by rewrite pnatr_eq0.
rewrite divfK ?pnatr_eq0 // -integralZ mulrC -integralZ.
have -> : k.+1%:R *: (level pi r n *: cumulative pi r n ^+ k) = (cumulative pi r n ^+ k.+1)^`().
  by rewrite deriv_exp deriv_line mul_polyC scaler_nat.
by rewrite integral_deriv !horner_exp !lineE mulr0 addr0 mulr1 -lowS.
Qed.

(** The recursion by which phi is computed: (k+2) phi_(k+1) = S^(k+1) + L (k+1) phi_k. *)
Lemma phi_succ k pi (r : ranking Y) n : k.+2%:R * phi k.+1 pi r n
  = low pi r n ^+ k.+1 + low pi r n.+1 * (k.+1%:R * phi k pi r n).
Proof.
set C := cumulative pi r n; have levelX : level pi r n *: 'X = C - (low pi r n.+1)%:P.
  by rewrite /C /cumulative /line addrC addKr.
have derivE : ('X * C ^+ k.+1)^`()
            = k.+2%:R *: C ^+ k.+1 - (low pi r n.+1 * k.+1%:R) *: C ^+ k.
  have stepE : 'X * ((level pi r n)%:P * C ^+ k) = C ^+ k.+1 - low pi r n.+1 *: C ^+ k.
    by rewrite mulrA ['X * _]mulrC mul_polyC levelX mulrBl -exprS mul_polyC.
  rewrite derivM derivX mul1r deriv_exp deriv_line /= ['X * _]mulrnAr stepE mulrnBl -!scaler_nat scalerA.
  by rewrite -[k.+2]add1n natrD scalerDl scale1r addrA [low pi r n.+1 * _]mulrC.
have := integral_deriv ('X * C ^+ k.+1); rewrite derivE integralB !integralZ !hornerM !hornerX.
rewrite !horner_exp lineE mulr1 -lowS mul1r mul0r subr0 => /eqP; rewrite subr_eq => /eqP->.
by rewrite mulrA.
Qed.

End Utility.
