(** E19: the joint optimum is capped. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify.
From UAlign Require Import Definitions Integral Utility E5 E6.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section OneUser.

Variables (R : realFieldType) (Y : finType) (r : ranking Y).
Implicit Types S T : seq Y.

(** What S loses to a position y of another tuple. *)
Definition loss S (y : Y) : R := 1 - picked_from R uniform r S [:: y].

Lemma loss_ge0 S y : 0 <= loss S y.
Proof. by rewrite subr_ge0 picked_le1. Qed.

Lemma loss_above S y : (r y < top r S)%N -> S != [::] -> loss S y = 1.
Proof.
move=> lt S0; rewrite /loss /picked_from (_ : ours r S [:: y] = 0%N) ?eqxx ?subr0 //.
apply/eqP; rewrite -leqn0 leqNgt -has_count; apply/hasPn=> z zS.
have [x _ [bx ex]] := topP r S0.
apply/negP=> /allP/(_ y); rewrite mem_cat mem_head orbT => /(_ isT).
by rewrite leqNgt (leq_trans lt) // -ex (allP bx).
Qed.

Lemma loss_tie S y : r y = top r S -> S != [::] -> loss S y = (tops r S).+1%:R^-1.
Proof.
move=> ry S0; have [x xS [bx ex]] := topP r S0; have pos := tops_gt0 r S0.
have -> : loss S y = 1 - (tops r S)%:R / (tops r S + 1)%:R.
  rewrite /loss /picked_from.
  have bestE z : z \in S ++ [:: y] -> best r (S ++ [:: y]) z = (r z == top r S).
    move=> zS; rewrite /best all_cat /= andbT ry -ex; apply/andP/eqP=> [[_ le]|->].
      apply/eqP; rewrite eqn_leq le /=; move: zS; rewrite mem_cat mem_seq1.
      by case/orP=> [/(allP bx)|/eqP->] //; rewrite ry ex.
    by split=> //; exact: leqnn.
  have -> : ours r S [:: y] = tops r S.
    by apply: eq_in_count => z zS; rewrite bestE // mem_cat zS.
  have -> : theirs r S [:: y] = 1%N.
    by rewrite /theirs /= bestE ?ry ?eqxx // mem_cat mem_head orbT.
  by rewrite (gtn_eqF pos).
rewrite addn1; apply: (@mulIf _ (tops r S).+1%:R); first by rewrite pnatr_eq0.
by rewrite mulrBl mulVf ?divfK ?pnatr_eq0 // mul1r -[(tops r S).+1]addn1 natrD addrAC subrr add0r.
Qed.

(** The positions of two tuples, each against the other tuple, lose at least one in all. *)
Lemma losses S T : S != [::] -> T != [::] ->
  1 <= \sum_(y <- T) loss S y + \sum_(y <- S) loss T y.
Proof.
wlog le : S T / (top r T <= top r S)%N.
  move=> main; have [le|/ltnW le] := leqP (top r T) (top r S); first exact: main.
  by move=> S0 T0; rewrite addrC main.
move=> S0 T0; have sum_tops (U V : seq Y) c : (forall y, r y = top r V -> loss U y = c) ->
    (tops r V)%:R * c <= \sum_(y <- V) loss U y.
  move=> lossE; rewrite [leRHS](bigID (fun y => r y == top r V)) /= ler_paddr //.
    by apply: sumr_ge0 => y _; exact: loss_ge0.
  rewrite (eq_bigr (fun=> c)) => [|y /eqP]; last exact: lossE.
  by rewrite big_const_seq iter_addr_0 mulr_natl.
move: le; rewrite leq_eqVlt => /predU1P[eq_top|lt]; last first.
  rewrite ler_paddr ?sumr_ge0 // => [y _|]; first exact: loss_ge0.
  apply: le_trans (sum_tops S T 1 _) => [|y ry]; last by apply: loss_above; rewrite ?ry.
  by rewrite mulr1 ler1n tops_gt0.
apply: le_trans (ler_add (sum_tops S T _ _) (sum_tops T S _ _)) => [|y ry|y ry]; last first.
- by apply: loss_tie; rewrite ?ry.
- by apply: loss_tie; rewrite ?ry.
have [i_gt0 j_gt0] := (tops_gt0 r S0, tops_gt0 r T0).
move: (tops r S) (tops r T) i_gt0 j_gt0 => i j i_gt0 j_gt0.
rewrite -(ler_pmul2r (_ : 0 < (i.+1 * j.+1)%:R)) ?ltr0n //.
have -> : (j%:R / i.+1%:R + i%:R / j.+1%:R) * (i.+1 * j.+1)%:R
        = (j * j.+1 + i * i.+1)%:R :> R.
  rewrite natrM natrD !natrM; move: (i%:R) (j%:R) (pnatr_eq0 R i.+1) (pnatr_eq0 R j.+1) => a b.
  move: (i.+1%:R) (j.+1%:R) => c d /negbT c0 /negbT d0.
  by field; rewrite c0 d0.
rewrite mul1r ler_nat mulSn mulnS !mulnS; case: (leqP i j) => le; nia.
Qed.

End OneUser.

Section Cap.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k : nat).

(** E19. With `uniform` ties no k-output policy of any kind guarantees more than 1 - 1/(2k). *)
Theorem E19 (P : outputs R k Y) f : (0 < k)%N -> robust uniform p P f ->
  f <= 1 - (2%:R * k%:R)^-1.
Proof.
move=> k_gt0 rob; pose lost (S T : seq Y) := \sum_(y <- T) (1 - W_shown uniform p S [:: y]).
have lostE S T : lost S T = \sum_u weight p u * \sum_(y <- T) loss R (rank p u) S y.
  under [RHS]eq_bigr do rewrite big_distrr; rewrite exchange_big; apply: eq_bigr => y _ /=.
  under [RHS]eq_bigr do rewrite mulrBr mulr1; by rewrite sumrB mass_sum.
have nonempty (S : k.-tuple Y) : tval S != [::] by rewrite -size_eq0 size_tuple -lt0n.
have both (S T : k.-tuple Y) : 1 <= lost S T + lost T S.
  rewrite !lostE -big_split /=; under eq_bigr do rewrite -mulrDr; apply: average_ge => u.
  exact: losses.
pose A := \sum_(T : k.-tuple Y) P T * \sum_(S : k.-tuple Y) P S * lost S T.
have sym : 1 <= A + A.
  have {2}-> : A = \sum_(T : k.-tuple Y) P T * \sum_(S : k.-tuple Y) P S * lost T S.
    rewrite /A; under eq_bigr do rewrite big_distrr; rewrite exchange_big; apply: eq_bigr => S _ /=.
    by rewrite big_distrr; apply: eq_bigr => T _; exact: mulrCA.
  rewrite -big_split /=; under eq_bigr do rewrite -mulrDr -big_split /=; apply: average_ge => T /=.
  under eq_bigr do rewrite -mulrDr; apply: average_ge => S; exact: both.
have le : A <= k%:R * (1 - f).
  apply: average_le => T; apply: le_trans (_ : \sum_(y <- T) (1 - W uniform p P (sure [tuple y])) <= _).
    rewrite /lost; under [leLHS]eq_bigr do rewrite big_distrr.
    rewrite exchange_big; apply: ler_sum => y _ /=.
    under eq_bigr do rewrite mulrBr mulr1; by rewrite sumrB mass_sum W_sure_r.
  apply: le_trans (_ : \sum_(y <- T) (1 - f) <= _).
    by apply: ler_sum => y _; rewrite ler_add2l ler_opp2 rob.
  by rewrite big_const_seq iter_addr_0 count_predT size_tuple mulr_natl.
rewrite ler_subr_addl -ler_subr_addr -(ler_pmul2l (_ : 0 < 2%:R * k%:R)) ?mulr_gt0 ?ltr0n //.
rewrite mulrV ?unitfE ?mulf_neq0 ?pnatr_eq0 -?lt0n // -mulrA.
by apply: le_trans sym _; rewrite -mulr2n -mulr_natl ler_wpmul2l ?ler0n.
Qed.

End Cap.

(** E19. The cap is reached where k users have k favourites: by these, surely. *)
Theorem E19_reached (R : realFieldType) k' (k := k'.+1) :
  robust uniform (favourites R k') (sure (ord_tuple k)) (1 - (2%:R * k%:R)^-1).
Proof.
move=> y; rewrite W_sure_r.
have -> : \sum_S sure (ord_tuple k) S * W_shown uniform (favourites R k') S [:: y]
    = W_shown uniform (favourites R k') (ord_tuple k) [:: y].
  rewrite -(sum_at (ord_tuple k) (fun S : k.-tuple 'I_k =>
    W_shown uniform (favourites R k') S [:: y])); apply: eq_bigr => S _.
  by rewrite sureE.
have picked (u : 'I_k) : picked_from R uniform (rank (favourites R k') u) (ord_tuple k) [:: y]
    = 1 - (u == y)%:R * 2%:R^-1.
  have best_u z : best (rank (favourites R k') u) (ord_tuple k ++ [:: y]) z = (z == u).
    by apply: best_favourite; rewrite mem_cat mem_enum.
  rewrite /picked_from /ours /theirs !(eq_count best_u) count_uniq_mem ?enum_uniq // mem_enum /=.
  rewrite addn0 (eq_sym u y); case: (y == u); last by rewrite mul0r subr0.
  apply/eqP; rewrite /= eq_sym subr_eq -mulrDl (_ : 1 + 1%:R = 2%:R) //.
  by rewrite divff ?pnatr_eq0.
rewrite /W_shown; under eq_bigr do rewrite picked mulrBr mulr1 mulrCA.
rewrite sumrB mass_sum sum_at ffunE card_ord invfM.
by rewrite mulrC.
Qed.

(** E19. And k/(k+1) is all where one response is the single best of every user. *)
Theorem E19_least (R : realFieldType) (Y : finType) (p : population R Y) k (y : Y)
  (P : outputs R k Y) f : (forall u z, z != y -> (rank p u y < rank p u z)%N) ->
  robust uniform p P f -> f <= k%:R / k.+1%:R.
Proof.
move=> is_best /(_ y)/le_trans; apply; rewrite W_sure_r; apply: average_le => S.
apply: average_le => u; rewrite /picked_from (theirs_best is_best) /= addn1.
case: eqP => [_|_]; first by rewrite divr_ge0 ?ler0n.
have le : (ours (rank p u) S [:: y] <= k)%N by rewrite -{2}(size_tuple S) count_size.
rewrite ler_pdivr_mulr ?ltr0n // mulrAC ler_pdivl_mulr ?ltr0n // -!natrM ler_nat.
by rewrite !mulnS [(_ * k)%N]mulnC leq_add2r.
Qed.
