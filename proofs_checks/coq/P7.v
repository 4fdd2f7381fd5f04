(** P7: opponents with l outputs. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Union.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k : nat).

(** The union bound: a tuple's chance is at most the sum of its positions' chances. *)
Lemma chance_le_sum (pi : distr R Y) r T : chance k pi r T <= \sum_(y <- T) phi k pi r (r y).
Proof.
have phi_ge0 n : 0 <= phi k pi r n.
  by apply: integral_ge0; apply: coef_ge0X; exact: coef_ge0_cumulative.
rewrite /chance integralZ; apply: le_trans (_ : _ <= (tops r T)%:R * phi k pi r (top r T)) _.
  rewrite ler_wpmul2l ?ler0n //; apply: integral_shift; apply: coef_ge0X.
  exact: coef_ge0_cumulative.
rewrite (bigID (fun y => r y == top r T)) /= ler_paddr ?sumr_ge0 //.
rewrite (eq_bigr (fun=> phi k pi r (top r T))) => [|y /eqP->] //.
by rewrite big_const_seq iter_addr_0 mulr_natl.
Qed.

(** P7. A symmetric equilibrium of the (k+1)-player game, sampled k times, wins at least
    1 - l/(k+1) against every l-tuple. *)
Theorem P7 (pi : distr R Y) l (T : l.-tuple Y) : (0 < l)%N -> equilibrium p k pi ->
  1 - l%:R / k.+1%:R <= W uniform p (draws k pi) (sure T).
Proof.
move=> l_gt0 /P1_equilibrium le; rewrite W_swap ?addn_gt0 ?l_gt0 ?orbT //.
rewrite ler_add2l ler_opp2 W_chance //.
apply: le_trans (_ : _ <= \sum_(y <- T) utility p k pi y) _.
  under [leRHS]eq_bigr do rewrite utilityE; rewrite exchange_big; apply: ler_sum => u _ /=.
  by rewrite -big_distrr ler_wpmul2l ?mass_ge0 ?chance_le_sum.
rewrite big_tuple; apply: le_trans (ler_sum _ (fun i _ => le (tnth T i))) _.
by rewrite sumr_const card_ord mulr_natl.
Qed.

End Union.

Section PointMass.

Variables (R : realFieldType) (Y : finType) (k : nat) (c : Y).

Lemma low_sure r n : low (sure c : distr R Y) r n = (n <= r c)%N%:R.
Proof.
rewrite /low; under eq_bigr do rewrite sureE.
have [le|gt] := leqP n (r c); last first.
  by rewrite big1 // => y le; case: eqP => // eq_y; move: le; rewrite eq_y leqNgt gt.
by rewrite (bigD1 c) //= eqxx big1 ?addr0 // => y /andP[_ /negPf->].
Qed.

Lemma level_sure r n : level (sure c : distr R Y) r n = (r c == n)%:R.
Proof.
have := lowS (sure c : distr R Y) r n; rewrite !low_sure addrC => /eqP; rewrite -subr_eq => /eqP<-.
by case: ltngtP; rewrite ?subrr ?subr0.
Qed.

Lemma top_le r (T : seq Y) y : y \in T -> (top r T <= r y)%N.
Proof.
move=> yT; have T0 : T != [::] by apply: contraTneq yT => ->.
by have [z _ [/allP/(_ y yT)]] := topP r T0; move=> le <-.
Qed.

(** The chance of T against k copies of c. *)
Lemma chance_sure r T : (0 < k)%N -> T != [::] -> chance k (sure c : distr R Y) r T =
  if (top r T < r c)%N then 1
  else if top r T == r c then (tops r T)%:R / (k + tops r T)%:R else 0.
Proof.
move=> k_gt0 T0; have j_gt0 := tops_gt0 r T0.
rewrite /chance /cumulative low_sure level_sure integralZ /line; case: ltngtP => _ /=.
- by rewrite scale0r addr0 expr1n mulr1 integralXn prednK // divff // pnatr_eq0 -lt0n.
- by rewrite scale0r addr0 expr0n eqn0Ngt k_gt0 mulr0 integral0 mulr0.
- rewrite scale1r add0r -exprD integralXn; congr (_ / _%:R).
  by rewrite -addSn prednK // addnC.
Qed.

Lemma phi_sure r (y : Y) : (0 < k)%N -> phi k (sure c : distr R Y) r (r y) =
  if (r y < r c)%N then 1 else if r y == r c then k.+1%:R^-1 else 0.
Proof.
move=> k_gt0; have := @chance_sure r [:: y] k_gt0 isT.
by rewrite /chance /tops /= eqxx addn0 expr0 mul1r scale1r addn1 mul1r.
Qed.

(** Against k copies of c, y earns the users who prefer it, and its share of those who tie. *)
Lemma utility_sure (p : population R Y) (y : Y) : (0 < k)%N ->
  utility p k (sure c) y = above p y c + tied p y c / k.+1%:R.
Proof.
move=> k_gt0; rewrite utilityE /above /tied big_distrl [X in X + _]big_mkcond [X in _ + X]big_mkcond /=.
rewrite -big_split; apply: eq_bigr => u _ /=; rewrite phi_sure //.
by case: ltngtP => _; rewrite ?mulr1 ?mulr0 ?addr0 ?add0r.
Qed.

End PointMass.

Section Tight.

Variables (R : realFieldType) (k l : nat).
Hypotheses (k_gt0 : (0 < k)%N) (l_gt0 : (0 < l)%N) (le_l : (l <= k.+1)%N).

(** Responses z (None) and y_1..y_l (Some j). For each j a share 1/(k+1) of the users ranks y_j
    above z above the rest; everyone else puts z first. *)
Definition tight_share (u : option 'I_l) : R :=
  if u is Some _ then k.+1%:R^-1 else 1 - l%:R / k.+1%:R.

Definition tight_place (u : option 'I_l) (y : option 'I_l) : nat :=
  match u, y with
  | Some i, Some j => (if i == j then 0 else 2)%N
  | Some _, None => 1%N
  | None, Some _ => 1%N
  | None, None => 0%N
  end.

Lemma sum_option (f : option 'I_l -> R) : \sum_u f u = f None + \sum_i f (Some i).
Proof.
rewrite (bigD1 None) //=; congr (_ + _).
rewrite (reindex_omap (some : 'I_l -> option 'I_l) id) /=; last by case.
by apply: eq_bigl => i; rewrite eqxx.
Qed.

Fact tight_ge0 u : 0 <= tight_share u.
Proof.
case: u => [i|] /=; first by rewrite invr_ge0 ler0n.
by rewrite subr_ge0 ler_pdivr_mulr ?ltr0n // mul1r ler_nat.
Qed.

Fact tight_sum : \sum_u tight_share u = 1.
Proof. by rewrite sum_option /= sumr_const card_ord -[k.+1%:R^-1 *+ l]mulr_natl subrK. Qed.

Definition tight : population R [finType of option 'I_l] :=
  @Population R _ [finType of option 'I_l] (distr_of tight_ge0 tight_sum) tight_place.

Lemma tight_weights (P : pred (option 'I_l)) : \sum_(u | P u) weight tight u
  = (if P None then 1 - l%:R / k.+1%:R else 0) + \sum_(i | P (Some i)) k.+1%:R^-1.
Proof.
rewrite big_mkcond sum_option [X in _ = _ + X]big_mkcond; congr (_ + _); first by rewrite distr_ofE.
by apply: eq_bigr => i _; rewrite distr_ofE.
Qed.

(** P7. It is tight for every l <= k+1: the point mass on z is an equilibrium ... *)
Theorem P7_tight_equilibrium : equilibrium tight k (sure None).
Proof.
apply/P1_equilibrium=> y; rewrite utility_sure // /above /tied !tight_weights /=.
case: y => [j|] /=.
  rewrite !add0r [X in _ + X / _]big1 ?mul0r ?addr0 => [|i /=]; last by case: (i == j).
  by rewrite (big_pred1 j) // => i /=; case: eqP.
rewrite big_pred0 // !add0r; have := tight_sum; rewrite sum_option /= => ->.
by rewrite mul1r.
Qed.

(** ... that wins exactly 1 - l/(k+1) against (y_1, ..., y_l). *)
Theorem P7_tight : W uniform tight (draws k (sure None)) (sure [tuple Some i | i < l])
                 = 1 - l%:R / k.+1%:R.
Proof.
rewrite W_swap ?addn_gt0 ?k_gt0 // W_chance //; congr (1 - _).
set T := [tuple Some i | i < l]; have T0 : tval T != [::].
  by rewrite -size_eq0 size_tuple -lt0n.
have memT j : Some j \in T by apply/mapP; exists j; rewrite ?mem_enum.
have only y : y \in T -> y != None by case/mapP=> j _ ->.
move: T T0 memT only => T T0 memT only.
rewrite sum_option (@chance_sure R _ k None _ T k_gt0 T0).
have [y yT [_ <-]] := topP (rank tight None) T0.
case: y yT => [j _|/only //]; rewrite /= mulr0 add0r.
transitivity (\sum_(i < l) k.+1%:R^-1 : R); last first.
  by rewrite sumr_const card_ord -[LHS]mulr_natl.
apply: eq_bigr => i _; rewrite ffunE (@chance_sure R _ k None _ T k_gt0 T0).
by have := top_le (tight_place (Some i)) (memT i); rewrite /= eqxx leqn0 => /eqP->; rewrite mulr1.
Qed.

End Tight.

Section Beyond.

Variables (R : realFieldType) (k l : nat).
Hypotheses (k_gt0 : (0 < k)%N) (many : (k < l)%N).

(** P7. Where l > k the guarantee is 0, and that is all: an equilibrium, the same as above with k+1
    kinds of users, wins 0 against some l-tuple. *)
Theorem P7_beyond : exists T : l.-tuple (option 'I_k.+1),
  W uniform (tight R (leqnn k.+1)) (draws k (sure None)) (sure T) = 0.
Proof.
exists [tuple Some (inord i) | i < l].
rewrite W_swap ?addn_gt0 ?k_gt0 // W_chance ?(leq_ltn_trans _ many) //; apply/eqP.
set T := [tuple _ | i < l]; have T0 : tval T != [::].
  by rewrite -size_eq0 size_tuple -lt0n (leq_ltn_trans _ many).
have memT (j : 'I_k.+1) : Some j \in T.
  apply/mapP; exists (widen_ord many j); rewrite ?mem_enum //.
  by congr Some; apply/val_inj; rewrite /= inordK.
rewrite (eq_bigr (weight (tight R (leqnn k.+1)))) ?mass_sum ?subrr // => -[i|] _; last first.
  by rewrite ffunE /= divff ?pnatr_eq0 // subrr mul0r.
rewrite (@chance_sure R _ k None _ T k_gt0 T0).
by have := top_le (tight_place (Some i)) (memT i); rewrite /= eqxx leqn0 => /eqP->; rewrite mulr1.
Qed.

End Beyond.
