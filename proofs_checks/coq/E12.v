(** E12: k draws against l draws. One equilibrium serves every split of its players. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import all_fingroup.
From UAlign Require Import Definitions Integral Utility P1 E1 P3.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section OneUser.

Variables (R : realFieldType) (Y : finType) (r : ranking Y).
Implicit Types (pi rho : distr R Y) (n : nat).

Lemma deriv_cumulative k pi n :
  (cumulative pi r n ^+ k)^`() = (k%:R * level pi r n) *: cumulative pi r n ^+ k.-1.
Proof. by rewrite deriv_exp deriv_line mul_polyC -scaler_nat scalerA. Qed.

(** Of the tuples whose best place is n the derivative leaves what their positions there share. *)
Lemma deriv_factors (S : seq Y) n : S != [::] -> (\prod_(s <- S) factor R r n s)^`()
  = if top r S == n then (tops r S)%:R *: 'X^(tops r S).-1 else 0.
Proof.
move=> S0; rewrite factors; have [y yS [bS ry]] := topP r S0.
case: ifPn => [/hasP[s sS lt]|none].
  rewrite linear0; case: eqP => // eq_n; have := allP bS s sS.
  by rewrite leqNgt ry eq_n lt.
rewrite derivXn -scaler_nat; case: eqP => [eq_n|ne]; first by rewrite /tops eq_n.
rewrite (_ : count _ S = 0%N) ?scale0r //; apply/eqP; rewrite -leqn0 leqNgt -has_count.
apply/hasPn=> z zS; apply/negP=> /eqP rz; case: ne; apply/eqP; rewrite eqn_leq -ry -{1}rz.
rewrite (allP bS z zS) leqNgt; apply: contra none => lt; apply/hasP; by exists y.
Qed.

Lemma deriv_draws k pi n : (0 < k)%N -> (cumulative pi r n ^+ k)^`()
  = \sum_(S : k.-tuple Y)
      draws k pi S *: (if top r S == n then (tops r S)%:R *: 'X^(tops r S).-1 else 0).
Proof.
move=> k_gt0; rewrite -(sum_factors pi) -sum_tuples raddf_sum; apply: eq_bigr => S _ /=.
rewrite big_split /= -rmorph_prod /= -drawsE mul_polyC derivZ deriv_factors //.
by rewrite -size_eq0 size_tuple -lt0n.
Qed.

(** The chance that k draws from pi are picked before l draws from rho. *)
Definition versus k l pi rho : R :=
  \sum_(n < beyond r) integral ((cumulative pi r n ^+ k)^`() * cumulative rho r n ^+ l).

Lemma draws_versus k l pi rho : (0 < k)%N ->
  \sum_S draws k pi S * (\sum_T draws l rho T * picked_from R uniform r S T) = versus k l pi rho.
Proof.
move=> k_gt0; have nonempty (S : k.-tuple Y) : tval S != [::].
  by rewrite -size_eq0 size_tuple -lt0n.
transitivity (\sum_(n < beyond r) \sum_(S : k.-tuple Y)
                draws k pi S * (if top r S == n then chance l rho r S else 0)).
  rewrite exchange_big; apply: eq_bigr => S _ /=; rewrite draws_chance ?nonempty //.
  rewrite -big_distrr /=; congr (_ * _); have [y _ [_ ry]] := topP r (nonempty S).
  have lt : (top r S < beyond r)%N by rewrite -ry lt_beyond.
  rewrite (bigD1 (Ordinal lt)) //= eqxx big1 ?addr0 // => n; rewrite -val_eqE eq_sym /=.
  by move/negPf->.
apply: eq_bigr => n _; rewrite deriv_draws // big_distrl integral_sum; apply: eq_bigr => S _ /=.
rewrite -scalerAl integralZ; congr (_ * _); case: eqP => [<-|_]; last by rewrite mul0r integral0.
by rewrite /chance scalerAl.
Qed.

(** Class by class, from worst to best, integration by parts telescopes. *)
Lemma by_parts m pi rho :
  \sum_(n < beyond r) integral ((cumulative pi r n ^+ m)^`() * cumulative rho r n)
  = 1 - \sum_y rho y * phi m pi r (r y).
Proof.
pose B n := low pi r n ^+ m * low rho r n.
have step n : integral ((cumulative pi r n ^+ m)^`() * cumulative rho r n)
            = B n - B n.+1 - level rho r n * phi m pi r n.
  have rho' : (cumulative rho r n)^`() = (level rho r n)%:P by exact: deriv_line.
  have := integral_deriv (cumulative pi r n ^+ m * cumulative rho r n).
  rewrite derivM integralD !hornerM !horner_exp !lineE !mulr1 !mulr0 !addr0 -!lowS rho'.
  rewrite [X in _ + integral X]mulrC mul_polyC integralZ => eqB.
  by rewrite /B -eqB addrK.
transitivity (\sum_(i < beyond r) (B i - B i.+1 - level rho r i * phi m pi r i)).
  by apply: eq_bigr => i _; exact: step.
rewrite sumrB (sum_places r rho (phi m pi r)); congr (_ - _).
rewrite -(big_mkord xpredT (fun n => B n - B n.+1)); under eq_bigr do rewrite -opprB.
by rewrite sumrN telescope_sumr // /B !low_beyond !low0 expr1n mulr0 mulr1 sub0r opprK.
Qed.

(** How the chance changes if the opponent starts to move from pi towards rho. *)
Definition towards k l pi rho : R := \sum_(n < beyond r)
  integral ((cumulative pi r n ^+ k)^`() * cumulative pi r n ^+ l.-1
            * (cumulative rho r n - cumulative pi r n)).

Lemma one_position k l pi rho : \sum_(n < beyond r)
    integral ((cumulative pi r n ^+ k.+1)^`() * cumulative pi r n ^+ l * cumulative rho r n)
  = k.+1%:R / (k + l).+1%:R * (1 - \sum_y rho y * phi (k + l).+1 pi r (r y)).
Proof.
rewrite -by_parts big_distrr; apply: eq_bigr => n _ /=; rewrite -integralZ scalerAl.
congr (integral (_ * _)); rewrite !deriv_cumulative /= -scalerAl -exprD scalerA mulrA.
by rewrite divfK ?pnatr_eq0.
Qed.

(** Against its own policy k of the k + l positions are as good as any others. *)
Lemma versus_even k l pi : (0 < k)%N -> versus k l pi pi = k%:R / (k + l)%:R.
Proof.
case: k => // k _; transitivity (k.+1%:R * \sum_y pi y * phi (k + l) pi r (r y)).
  rewrite (sum_places r pi (phi _ pi r)) big_distrr; apply: eq_bigr => n _ /=.
  by rewrite deriv_cumulative -scalerAl -exprD integralZ mulrA.
by rewrite average_phi addSn.
Qed.

Lemma towardsE k l pi rho : (0 < k)%N -> (0 < l)%N -> l%:R * towards k l pi rho
  = - ((k * l)%:R / (k + l).-1%:R * (\sum_y rho y * phi (k + l).-1 pi r (r y) - (k + l)%:R^-1)).
Proof.
case: k l => // k [] // l _ _; rewrite addSn addnS /= /towards.
rewrite (eq_bigr (fun n : 'I_(beyond r) =>
    integral ((cumulative pi r n ^+ k.+1)^`() * cumulative pi r n ^+ l * cumulative rho r n)
  - integral ((cumulative pi r n ^+ k.+1)^`() * cumulative pi r n ^+ l * cumulative pi r n)));
  last by move=> n _; rewrite mulrBr integralB.
rewrite sumrB !one_position average_phi.
set e := \sum_y _; rewrite natrM; move: (_.+1%:R^-1) (_.+2%:R^-1) => a b; ring.
Qed.

Lemma versus_tangent k l pi rho : (0 < k)%N ->
  versus k l pi pi + l%:R * towards k l pi rho <= versus k l pi rho.
Proof.
move=> k_gt0; rewrite big_distrr -big_split; apply: ler_sum => n _ /=.
apply: tangent; rewrite ?low_ge0 ?level_ge0 // deriv_cumulative; apply: coef_ge0Z.
  by rewrite mulr_ge0 ?ler0n ?level_ge0.
by apply: coef_ge0X; exact: coef_ge0_cumulative.
Qed.

End OneUser.

(** A polynomial that is least at 0, over [0, 1], does not fall there. *)
Lemma coef1_ge0 (R : realFieldType) (F : {poly R}) :
  (forall s, 0 <= s -> s <= 1 -> F.[0] <= F.[s]) -> 0 <= F`_1.
Proof.
move=> least; rewrite leNgt; apply/negP=> lt0.
pose B := \sum_(i < size F) `|F`_(i.+2)|; have B_ge0 : 0 <= B by apply: sumr_ge0.
have above s : 0 <= s -> s <= 1 -> F.[s] <= F.[0] + s * (F`_1 + s * B).
  move=> s0 s1; rewrite (horner_coef0 F) (@horner_coef_wide _ (size F).+2 F s) ?leqW //.
  rewrite !big_ord_recl /= /bump !leq0n !add1n expr0 mulr1 expr1 ler_add2l mulrDr.
  rewrite [F`_1 * s]mulrC ler_add2l mulrA -expr2 big_distrr.
  apply: ler_sum => i _ /=; rewrite mulrC; apply: le_trans (_ : s ^+ i.+2 * `|F`_i.+2| <= _).
    by rewrite ler_wpmul2l ?exprn_ge0 ?ler_norm.
  by rewrite ler_wpmul2r // ler_wiexpn2l.
pose s := - F`_1 / (B + 1 - F`_1).
have den_gt0 : 0 < B + 1 - F`_1 by rewrite -addrA ltr_paddl // addr_gt0 ?ltr01 // oppr_gt0.
have s_gt0 : 0 < s by rewrite divr_gt0 ?oppr_gt0.
have s_le1 : s <= 1 by rewrite ler_pdivr_mulr // mul1r ler_addr addr_ge0.
have := le_trans (least s (ltW s_gt0) s_le1) (above s (ltW s_gt0) s_le1).
rewrite ler_addl pmulr_rge0 // leNgt; apply/negP; rewrite negbK -ltr_subr_addl sub0r.
rewrite mulrAC ltr_pdivr_mulr // ltr_pmul2l ?oppr_gt0 // -addrA ltr_addl.
by rewrite addr_gt0 ?ltr01 // oppr_gt0.
Qed.

Section E12.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k l : nat).
Hypotheses (k_gt0 : (0 < k)%N) (l_gt0 : (0 < l)%N).
Implicit Types pi rho : distr R Y.

Lemma W_versus i j pi rho : (0 < i)%N ->
  W uniform p (draws i pi) (draws j rho) = \sum_u weight p u * versus (rank p u) i j pi rho.
Proof.
move=> i_gt0; transitivity (\sum_(S : i.-tuple Y) \sum_u weight p u * (draws i pi S *
    (\sum_(T : j.-tuple Y) draws j rho T * picked_from R uniform (rank p u) S T))).
  apply: eq_bigr => S _; rewrite /W_shown; under eq_bigr do rewrite big_distrr.
  rewrite exchange_big; apply: eq_bigr => u _ /=; rewrite !big_distrr; apply: eq_bigr => T _ /=.
  ring.
rewrite exchange_big; apply: eq_bigr => u _ /=.
by rewrite -big_distrr draws_versus.
Qed.

(** What the opponent's step towards rho changes, averaged over the users: by what rho earns above
    1/N in the game of N = k + l players. *)
Lemma W_towards pi rho : l%:R * (\sum_u weight p u * towards (rank p u) k l pi rho)
  = - ((k * l)%:R / (k + l).-1%:R * (payoff p (k + l).-1 rho pi - (k + l)%:R^-1)).
Proof.
have -> : payoff p (k + l).-1 rho pi
  = \sum_u weight p u * \sum_y rho y * phi (k + l).-1 pi (rank p u) (rank p u y).
  rewrite payoffE; under eq_bigr do rewrite utilityE big_distrr.
  rewrite exchange_big; apply: eq_bigr => u _ /=; rewrite big_distrr; apply: eq_bigr => y _ /=.
  exact: mulrCA.
rewrite -[X in _ - X](mass_const (weight p)) -sumrB -mulrN -sumrN !big_distrr.
apply: eq_bigr => u _ /=; rewrite mulrCA towardsE // -mulrBr !mulrN mulrCA; congr (- (_ * _)).
Qed.

(** E12. Let N = k + l. For all pi and rho, k draws from pi win against l draws from rho at least
    k/N - (kl/(N-1)) e, where e is by how much rho earns more than 1/N in the N-player game, when
    the N - 1 others play pi; ... *)
Theorem E12 pi rho :
  k%:R / (k + l)%:R - (k * l)%:R / (k + l).-1%:R * (payoff p (k + l).-1 rho pi - (k + l)%:R^-1)
    <= W uniform p (draws k pi) (draws l rho).
Proof.
rewrite W_versus // -W_towards -(mass_const (weight p) (k%:R / _)) big_distrr -big_split /=.
apply: ler_sum => u _; rewrite [l%:R * _]mulrCA -mulrDr ler_wpmul2l ?mass_ge0 //.
by rewrite -(versus_even (rank p u) l pi k_gt0) versus_tangent.
Qed.

Lemma W_even pi : W uniform p (draws k pi) (draws l pi) = k%:R / (k + l)%:R.
Proof.
rewrite W_versus // -[RHS](mass_const (weight p)); apply: eq_bigr => u _.
by rewrite versus_even.
Qed.

(** Every policy s of the way from pi to rho gives the value at s of one polynomial. *)
Lemma on_the_way pi rho : exists F : {poly R},
  [/\ F.[0] = W uniform p (draws k pi) (draws l pi),
      F`_1 = l%:R * (\sum_u weight p u * towards (rank p u) k l pi rho)
    & forall s, 0 <= s -> s <= 1 ->
      exists sigma, F.[s] = W uniform p (draws k pi) (draws l sigma)].
Proof.
pose C u n := cumulative pi (rank p u) n; pose D u n := cumulative rho (rank p u) n.
pose term i u n :=
  integral ((C u n ^+ k)^`() * (C u n ^+ (l - i) * (D u n - C u n) ^+ i *+ 'C(l, i))).
pose F := \poly_(i < l.+1) \sum_u weight p u * \sum_(n < beyond (rank p u)) term i u n.
exists F; split=> [||s s0 s1].
- rewrite horner_coef0 coef_poly /= W_versus //; apply: eq_bigr => u _; congr (_ * _).
  by apply: eq_bigr => n _; rewrite /term subn0 expr0 mulr1 bin0.
- rewrite coef_poly ltnS l_gt0 big_distrr; apply: eq_bigr => u _ /=; rewrite mulrCA.
  congr (_ * _); rewrite big_distrr; apply: eq_bigr => n _ /=.
  by rewrite /term subn1 bin1 expr1 -integralZ scaler_nat -mulrA mulrnAr.
have q_ge0 (b : bool) : 0 <= if b then s else 1 - s by case: b; rewrite ?subr_ge0.
have q_sum : \sum_(b : bool) (if b then s else 1 - s) = 1 by rewrite big_bool /= addrC subrK.
exists (mixture (distr_of q_ge0 q_sum) (fun b : bool => if b then rho else pi)).
rewrite W_versus // [LHS]horner_poly; under [LHS]eq_bigr do rewrite /= big_distrl.
rewrite exchange_big; apply: eq_bigr => u _ /=; under [LHS]eq_bigr do rewrite -mulrA big_distrl.
rewrite -big_distrr exchange_big; congr (_ * _); apply: eq_bigr => n _ /=.
rewrite cumulative_mixture big_bool !distr_ofE /= scalerBl scale1r addrCA -scalerBr.
rewrite (exprDn (C u n)).
rewrite big_distrr integral_sum; apply: eq_bigr => i _ /=.
by rewrite /term exprZn -scalerAr scalerMnr -scalerAr integralZ mulrC.
Qed.

End E12.

Section Splits.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k l : nat).
Hypotheses (k_gt0 : (0 < k)%N) (l_gt0 : (0 < l)%N).
Implicit Types pi rho : distr R Y.

Lemma N_gt0 : (0 < k + l)%N. Proof. by rewrite addn_gt0 k_gt0. Qed.

Lemma shares : k%:R / (k + l)%:R = 1 - l%:R / (k + l)%:R :> R.
Proof.
apply/eqP; rewrite eq_sym subr_eq -mulrDl -natrD divff //.
by rewrite pnatr_eq0 -lt0n N_gt0.
Qed.

Lemma slope_gt0 : 0 < (k * l)%:R / (k + l).-1%:R :> R.
Proof.
rewrite divr_gt0 ?ltr0n ?muln_gt0 ?k_gt0 //.
by case: (k) (l) k_gt0 l_gt0 => [|i] // [|j] //; rewrite addSn addnS.
Qed.

Lemma own_payoff pi : payoff p (k + l).-1 pi pi = (k + l)%:R^-1.
Proof. by rewrite payoffE P1_average prednK ?N_gt0. Qed.

(** E12. ... and k draws from rho win against l draws from pi at most k/N + (kl/(N-1)) e. *)
Theorem E12_upper pi rho : W uniform p (draws k rho) (draws l pi) <= k%:R / (k + l)%:R
  + (k * l)%:R / (k + l).-1%:R * (payoff p (k + l).-1 rho pi - (k + l)%:R^-1).
Proof.
have := E12 p l_gt0 k_gt0 pi rho; rewrite [(l + k)%N]addnC [(l * k)%N]mulnC => le.
by rewrite W_swap ?N_gt0 // shares -addrA ler_add2l ler_oppl opprD opprK.
Qed.

(** E12. So pi is a symmetric equilibrium of the N-player game iff k draws from it win at least k/N
    against l draws from any policy: one equilibrium serves every split, ... *)
Theorem E12_equilibrium pi : equilibrium p (k + l).-1 pi <->
  forall rho, k%:R / (k + l)%:R <= W uniform p (draws k pi) (draws l rho).
Proof.
split=> [eq_pi rho|wins rho].
  apply: le_trans (E12 p k_gt0 l_gt0 pi rho); rewrite ler_addl oppr_ge0 pmulr_rle0 ?slope_gt0 //.
  by rewrite subr_le0 -(own_payoff pi).
have [F [F0 F1 Fs]] := on_the_way p k_gt0 l_gt0 pi rho.
have : 0 <= F`_1.
  apply: coef1_ge0 => s s0 s1; have [sigma ->] := Fs s s0 s1.
  by rewrite F0 W_even.
by rewrite F1 W_towards // oppr_ge0 pmulr_rle0 ?slope_gt0 // subr_le0 own_payoff.
Qed.

(** E12. No product policy guarantees more than k/(k+l) against all product opponents, ... *)
Theorem E12_no_more pi f :
  (forall rho, f <= W uniform p (draws k pi) (draws l rho)) -> f <= k%:R / (k + l)%:R.
Proof. by move/(_ pi); rewrite W_even. Qed.

(** E12. ... nor, all the more, against all l-tuples. *)
Theorem E12_tuples pi f : (forall T : l.-tuple Y, f <= W uniform p (draws k pi) (sure T)) ->
  f <= k%:R / (k + l)%:R.
Proof.
move=> le; rewrite -(W_even p l k_gt0 pi) /W exchange_big.
rewrite (eq_bigr (fun T => draws l pi T * W uniform p (draws k pi) (sure T))).
  exact: average_ge.
move=> T _; rewrite W_sure_r big_distrr; apply: eq_bigr => S _ /=; ring.
Qed.

End Splits.

(** E12. ... and iff l draws from it keep k draws from any policy to k/N. *)
Theorem E12_opponents (R : realFieldType) (Y : finType) (p : population R Y) (k l : nat) pi :
  (0 < k)%N -> (0 < l)%N -> equilibrium p (k + l).-1 pi <->
  forall rho, W uniform p (draws k rho) (draws l pi) <= k%:R / (k + l)%:R.
Proof.
move=> k_gt0 l_gt0; rewrite [in X in equilibrium p X.-1](addnC k) E12_equilibrium //.
have sameE rho : (W uniform p (draws k rho) (draws l pi) <= k%:R / (k + l)%:R)
               = (l%:R / (l + k)%:R <= W uniform p (draws l pi) (draws k rho)).
  rewrite W_swap ?addn_gt0 ?k_gt0 // (shares R l k_gt0) ler_add2l ler_opp2.
  by rewrite (addnC k).
by split=> le rho; move: (le rho); rewrite sameE.
Qed.

(** Uniform rankings of n responses, against l uniform draws. *)
Section UniformRankings.

Variables (R : realFieldType) (n' k l : nat).
Local Notation n := n'.+1.
Local Notation p := (uniform_rankings R n').
Implicit Types (S T : seq 'I_n).

(** Different responses, none of them in S. *)
Definition fresh S T := all (fun y => y \notin S) T && uniq T.

(** The best one of all is as likely to be any. *)
Lemma W_fresh S T : S ++ T != [::] -> fresh S T -> let m := #|[set y in S]| in
  W_shown uniform p S T = m%:R / (m + size T)%:R.
Proof.
move=> ne /andP[/allP outside uniq_T] m; pose A := [set y in S ++ T].
have sizeA : #|A| = (m + size T)%N.
  have -> : A = [set y in S] :|: [set y in T] by apply/setP=> y; rewrite !inE mem_cat.
  rewrite cardsU [#|[set y in T]|]cardsE (card_uniqP uniq_T) (_ : _ :&: _ = set0) ?cards0 ?subn0 //.
  by apply/setP=> y; rewrite !inE; apply/negP=> /andP[yS /outside]; rewrite yS.
transitivity (\sum_(y in [set y in S]) @average_perm R n' (fun s => (leads A y s)%:R)); last first.
  rewrite (eq_bigr (fun=> (m + size T)%:R^-1)) => [|y yS]; first by rewrite sumr_const mulr_natl.
  by rewrite (@leads_average R n' A y) ?sizeA // inE mem_cat; move: yS; rewrite inE => ->.
rewrite exchange_big; apply: eq_bigr => s _ /=; rewrite -mulr_sumr; congr (_ * _).
set r : ranking 'I_n := fun z => s z.
have bestE z : best r (S ++ T) z = leads A z s.
  by apply/allP/forall_inP=> H x xA; apply: H; move: xA; rewrite inE.
have one y z : y \in A -> z \in A -> leads A y s -> leads A z s -> y = z.
  move=> yA zA /forall_inP/(_ z zA) le /forall_inP/(_ y yA) ge.
  by apply: (@perm_inj _ s); apply/val_inj/eqP; rewrite eqn_leq le.
have [a aST lead] := best_exists r ne; rewrite bestE in lead.
have aA : a \in A by rewrite inE.
have inA z : z \in S -> z \in A by rewrite inE mem_cat => ->.
rewrite /picked_from /ours /theirs; have [aS|naS] := boolP (a \in S).
  have -> : (count (best r (S ++ T)) S == 0%N) = false.
    by apply/negbTE; rewrite -lt0n -has_count; apply/hasP; exists a; rewrite ?bestE.
  have -> : count (best r (S ++ T)) T = 0%N.
    apply/eqP; rewrite -leqn0 leqNgt -has_count; apply/hasPn=> z zT; rewrite bestE.
    apply: contra (outside z zT) => lead_z; rewrite -(one a z) //.
    by rewrite inE mem_cat zT orbT.
  rewrite eqxx (bigD1 a) ?inE //= lead big1 ?addr0 // => z /andP[zS ne_z].
  rewrite inE in zS; rewrite (_ : leads A z s = false) //; apply: contraNF ne_z => lead_z.
  by apply/eqP; apply: one => //; exact: inA.
have none z : z \in S -> leads A z s = false.
  by move=> zS; apply: contraNF naS => lead_z; rewrite (one a z) // inA.
rewrite big1 => [|z]; last by rewrite inE => /none->.
rewrite (_ : count _ S = 0%N) //; apply/eqP; rewrite -leqn0 leqNgt -has_count.
by apply/hasPn=> z /none; rewrite bestE => ->.
Qed.

(** The chance that l draws miss d = n - a responses and each other. *)
Lemma miss_all a : (a <= n)%N ->
  1 - (l * (n - a) + 'C(l, 2))%:R / n%:R <= ((a ^_ l)%:R / n%:R ^+ l : R) <= 1.
Proof.
move=> le_n; have n_gt0 : 0 < n%:R :> R by rewrite ltr0n.
elim: l => [|i /andP[IH0 IH1]].
  by rewrite ffactn0 expr0 divr1 lexx andbT ler_subl_addr ler_addl divr_ge0 ?ler0n.
rewrite ffactnSr natrM exprSr invfM mulrACA.
set x : R := (a ^_ i)%:R / n%:R ^+ i in IH0 IH1 *; pose y : R := (a - i)%:R / n%:R.
rewrite -/y.
have x_ge0 : 0 <= x by rewrite divr_ge0 ?exprn_ge0 ?ler0n.
have y_ge0 : 0 <= y by rewrite divr_ge0 ?ler0n.
have y_le1 : y <= 1.
  by rewrite ler_pdivr_mulr // mul1r ler_nat; exact: leq_trans (leq_subr _ _) le_n.
have y_ge : 1 - (n - a + i)%:R / n%:R <= y.
  rewrite ler_subl_addr -mulrDl ler_pdivl_mulr // mul1r -natrD ler_nat addnCA -{1}(subnK le_n).
  by rewrite leq_add2l addnC -leq_subLR.
apply/andP; split; last by rewrite -[1]mulr1 ler_pmul.
apply: le_trans (_ : x - (n - a + i)%:R / n%:R <= _).
  have -> : (i.+1 * (n - a) + 'C(i.+1, 2) = n - a + i + (i * (n - a) + 'C(i, 2)))%N.
    by rewrite binS bin1 mulSn [('C(i, 2) + i)%N]addnC addnACA.
  by rewrite ler_subr_addr natrD mulrDl opprD addrA addrAC subrK.
have le : x * (1 - y) <= (n - a + i)%:R / n%:R.
  apply: le_trans (_ : 1 - y <= _); first by rewrite ler_pimull ?subr_ge0.
  by rewrite ler_subl_addr addrC -ler_subl_addr.
by rewrite ler_subl_addr -ler_subl_addl; move: le; rewrite mulrBr mulr1.
Qed.

Lemma fresh_chance S : let m := #|[set y in S]| in
  \sum_(T : l.-tuple 'I_n) draws l (even ord0) T * (fresh S T)%:R
  = ((n - m) ^_ l)%:R / n%:R ^+ l :> R.
Proof.
move=> m; have -> : (n - m)%N = #|[predC S]|.
  have le := max_card (mem S); rewrite card_ord in le.
  by apply/eqP; rewrite /m cardsE -(eqn_add2l #|S|) subnKC // cardC card_ord.
rewrite -card_uniq_tuples cardsE -sum1_card natr_sum big_distrl [RHS]big_mkcond.
apply: eq_bigr => T _ /=; rewrite (_ : draws l (even ord0) T = (n%:R ^+ l)^-1).
  by rewrite -[_ \in _]/(fresh S T); case: (fresh S T); rewrite ?mulr0 ?mulr1 ?mul1r.
rewrite drawsE; under eq_bigr do rewrite evenE card_ord.
by rewrite big_const_seq count_predT size_tuple iter_mulr_1 exprVn.
Qed.

(** E12. On uniform rankings of n responses no k-output policy at all wins more than
    k/(k+l) + (l^2/2 + kl)/n against l draws from the uniform policy. *)
Theorem E12_uniform (P : outputs R k [finType of 'I_n]) : (0 < k)%N ->
  W uniform p P (draws l (even ord0))
    <= k%:R / (k + l)%:R + (l%:R ^+ 2 / 2%:R + k%:R * l%:R) / n%:R.
Proof.
move=> k_gt0; pose D : outputs R l [finType of 'I_n] := draws l (even ord0).
set v := k%:R / _; set e := _ / n%:R; apply: le_trans (_ : \sum_S P S * (v + e) <= _); last first.
  by rewrite mass_const.
rewrite /W; apply: ler_sum => S _.
rewrite (eq_bigr (fun T : l.-tuple 'I_n => P S * (D T * W_shown uniform p S T))).
  rewrite -mulr_sumr ler_wpmul2l ?mass_ge0 //; set m := #|[set y in S]|.
  have m_le : (m <= k)%N by rewrite /m cardsE (leq_trans (card_size _)) // size_tuple.
  have le_n : (m <= n)%N by have := max_card [set y in S]; rewrite card_ord.
  have v_ge0 : 0 <= v by rewrite divr_ge0 ?ler0n.
  pose F : R := \sum_T D T * (fresh S T)%:R.
  apply: le_trans (_ : F * v + (1 - F) <= _).
    rewrite -(mass_sum D) /F mulr_suml -sumrB -big_split; apply: ler_sum => T _.
    apply: le_trans (_ : _ <= D T * ((fresh S T)%:R * v + (1 - (fresh S T)%:R))) _; last first.
      by rewrite mulrDr mulrBr mulr1 mulrA.
    rewrite ler_wpmul2l ?mass_ge0 //.
    case: (boolP (fresh S T)) => [ok|_]; last by rewrite mul0r add0r subr0 W_shown_le1.
    have m_gt0 : (0 < m)%N.
      by rewrite card_gt0; apply/set0Pn; exists (tnth S (Ordinal k_gt0)); rewrite inE mem_tnth.
    rewrite mul1r subrr addr0 W_fresh //; last first.
      by rewrite -size_eq0 size_cat size_tuple addn_eq0 eqn0Ngt k_gt0.
    rewrite size_tuple -/m ler_pdivr_mulr ?ltr0n ?addn_gt0 ?m_gt0 // mulrAC.
    rewrite ler_pdivl_mulr ?ltr0n ?addn_gt0 ?k_gt0 // -!natrM ler_nat !mulnDr [(k * m)%N]mulnC.
    by rewrite leq_add2l leq_mul2r m_le orbT.
  have /andP[least F_le1] := miss_all (leq_subr m n).
  rewrite -fresh_chance -/F subKn // in least F_le1; apply: ler_add; first exact: ler_pimull.
  apply: le_trans (_ : (l * m + 'C(l, 2))%:R / n%:R <= _).
    by rewrite ler_subl_addr addrC -ler_subl_addr.
  rewrite ler_wpmul2r ?invr_ge0 ?ler0n // natrD addrC ler_add //.
    rewrite ler_pdivl_mulr ?ltr0n // -natrM -natrX ler_nat bin2 muln2.
    apply: leq_trans (_ : l * l.-1 <= _)%N.
      by rewrite -[leqRHS]odd_double_half leq_addl.
    by rewrite expnS expn1 leq_mul2l leq_pred orbT.
  by rewrite -natrM ler_nat mulnC leq_mul2r m_le orbT.
by move=> T _; rewrite mulrA.
Qed.

End UniformRankings.

From UAlign Require Import NineUsers.

(** E12. Nine users, and an opponent with two outputs: the second draw of the best product policy
    adds less than the third. One draw wins 1/3 at most, two 11/25, and three of some policy win
    158/289. *)
Theorem E12_nine (R : realFieldType) : exists v1 v2 v3 : R,
  [/\ some_wins 1 v1 /\ none_wins_more 1 v1, none_wins_more 2 v2, some_wins 3 v3
    & v2 - v1 < v3 - v2].
Proof.
exists (1%:R / 3%:R), (11%:R / 25%:R), (158%:R / 289%:R).
split; [split; [exact: one_draw | exact: one_draw_at_most] | exact: two_draws
       | exact: three_draws | exact: nine_gap].
Qed.
