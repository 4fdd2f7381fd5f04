(** E2: utilities are monotone, and what that says of uniqueness for k >= 2; and when a maximal
    lottery, k = 1, is the only one. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 P4 Minimax.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section OneUser.

Variables (R : realFieldType) (Y : finType) (k : nat) (pi rho : distr R Y) (r : ranking Y).

(** The difference of the cumulative masses along a class, and the sum of F^(k-1-i) G^i. *)
Definition gap n : {poly R} := cumulative pi r n - cumulative rho r n.
Definition slope n : {poly R} :=
  \sum_(i < k) cumulative pi r n ^+ (k.-1 - i) * cumulative rho r n ^+ i.

Lemma gapE n : gap n = line (low pi r n.+1 - low rho r n.+1) (level pi r n - level rho r n).
Proof. by rewrite /gap /cumulative lineN lineD. Qed.

Lemma coef_ge0_slope n : coef_ge0 (slope n).
Proof.
apply: coef_ge0_sum => i _.
by apply: coef_ge0M; apply: coef_ge0X; exact: coef_ge0_cumulative.
Qed.

Lemma coef_ge0_deriv (q : {poly R}) : coef_ge0 q -> coef_ge0 q^`().
Proof. by move=> Hq i; rewrite coef_deriv mulrn_wge0. Qed.

Definition square n : R := integral ((slope n)^`() * gap n ^+ 2).

Lemma square_ge0 n : 0 <= square n.
Proof.
by rewrite /square gapE; apply: integral_sqr_ge0; apply: coef_ge0_deriv; exact: coef_ge0_slope.
Qed.

(** gap^2 slope at the worse, and at the better end of a class. *)
Definition edge n : R :=
  (low pi r n - low rho r n) ^+ 2 * \sum_(i < k) low pi r n ^+ (k.-1 - i) * low rho r n ^+ i.

Lemma cumulative1 (sigma : distr R Y) n : (cumulative sigma r n).[1] = low sigma r n.
Proof. by rewrite lineE mulr1 -lowS. Qed.

Lemma cumulative0 (sigma : distr R Y) n : (cumulative sigma r n).[0] = low sigma r n.+1.
Proof. by rewrite lineE mulr0 addr0. Qed.

Lemma class_gap n :
  2%:R * ((level pi r n - level rho r n) * (phi k pi r n - phi k rho r n))
  = edge n - edge n.+1 - square n.
Proof.
have derivE : (slope n * gap n ^+ 2)^`()
    = (slope n)^`() * gap n ^+ 2
      + 2%:R *: ((level pi r n - level rho r n) *: (cumulative pi r n ^+ k - cumulative rho r n ^+ k)).
  have gap' : (gap n)^`() = (level pi r n - level rho r n)%:P by rewrite gapE deriv_line.
  rewrite derivM; congr (_ + _); rewrite deriv_exp /= expr1 gap' subrXX -/(gap n) -/(slope n).
  by rewrite mulrnAr scaler_nat mulrCA mul_polyC [slope n * _]mulrC.
have := integral_deriv (slope n * gap n ^+ 2); rewrite derivE integralD !integralZ integralB.
rewrite -/(phi k pi r n) -/(phi k rho r n) -/(square n) !hornerM.
have edgeE x m : (cumulative pi r n).[x] = low pi r m -> (cumulative rho r n).[x] = low rho r m ->
    (slope n).[x] * ((gap n).[x] * (gap n).[x]) = edge m.
  move=> piE rhoE; rewrite hornerD hornerN piE rhoE horner_sum mulrC -expr2; congr (_ * _).
  by apply: eq_bigr => i _; rewrite hornerM !horner_exp piE rhoE.
rewrite (edgeE 1 n) ?cumulative1 // (edgeE 0 n.+1) ?cumulative0 // => eq.
by rewrite -eq [square n + _]addrC addrK.
Qed.

(** <phi(pi) - phi(rho), pi - rho> for one user is minus half a sum of integrals of squares. *)
Lemma user_gap :
  2%:R * (\sum_y (pi y - rho y) * (phi k pi r (r y) - phi k rho r (r y)))
  = - \sum_(n < beyond r) square n.
Proof.
have -> : \sum_y (pi y - rho y) * (phi k pi r (r y) - phi k rho r (r y))
  = \sum_(n < beyond r) (level pi r n - level rho r n) * (phi k pi r n - phi k rho r n).
  rewrite (sum_places r (fun y => pi y - rho y) (fun n => phi k pi r n - phi k rho r n)).
  by apply: eq_bigr => n _; rewrite sumrB.
rewrite big_distrr /=; under eq_bigr do rewrite class_gap; rewrite sumrB.
have -> : \sum_(n < beyond r) (edge n - edge n.+1) = 0.
  rewrite -(big_mkord xpredT (fun n => edge n - edge n.+1)); under eq_bigr do rewrite -opprB.
  rewrite sumrN telescope_sumr // /edge !low_beyond !low0 !subrr.
  by rewrite expr0n /= !mul0r subrr oppr0.
by rewrite sub0r.
Qed.

(** Where the two give a class different masses, the square is positive. *)
Lemma square_gt0 n : (1 < k)%N -> level pi r n != level rho r n -> 0 < square n.
Proof.
move=> k_gt1 ne; rewrite /square gapE; apply: integral_sqr_gt0; last by rewrite subr_eq0.
  by apply: coef_ge0_deriv; exact: coef_ge0_slope.
apply/eqP=> flat; have := integral_deriv (slope n); rewrite flat integral0 => /esym/eqP.
rewrite subr_eq0 /slope !horner_sum.
under eq_bigr do rewrite hornerM !horner_exp !cumulative1.
under [X in _ == X]eq_bigr do rewrite hornerM !horner_exp !cumulative0.
rewrite gt_eqF // -subr_gt0 -sumrB.
have le (sigma : distr R Y) i : low sigma r n.+1 ^+ i <= low sigma r n ^+ i.
  by rewrite ler_expn2r ?nnegrE ?low_ge0 // [leRHS]lowS ler_addl level_ge0.
have terms (i : 'I_k) : 0 <= low pi r n ^+ (k.-1 - i) * low rho r n ^+ i
                            - low pi r n.+1 ^+ (k.-1 - i) * low rho r n.+1 ^+ i.
  by rewrite subr_ge0 ler_pmul ?exprn_ge0 ?low_ge0.
have strict (sigma : distr R Y) : level sigma r n != 0 -> low sigma r n.+1 ^+ k.-1 < low sigma r n ^+ k.-1.
  move=> lev; rewrite ltr_expn2r ?low_ge0 ?[ltRHS]lowS ?ltr_addl ?lt_def ?lev ?level_ge0 //.
  by rewrite -lt0n -ltnS prednK // ltnW.
have k_gt0 := ltnW k_gt1; have last : (k.-1 < k)%N by rewrite prednK.
have [pi0|pi0] := eqVneq (level pi r n) 0.
  rewrite (bigD1 (Ordinal last)) //= ltr_paddr ?sumr_ge0 // subnn !expr0 !mul1r subr_gt0 strict //.
  by rewrite -pi0 eq_sym.
rewrite (bigD1 (Ordinal k_gt0)) //= ltr_paddr ?sumr_ge0 // subn0 !expr0 !mulr1 subr_gt0.
exact: strict.
Qed.

End OneUser.

(** As far as one can go from f in the direction of -g without going below 0. *)
Lemma small_step (R : realFieldType) (I : finType) (P : pred I) (f g : I -> R) :
  (forall i, P i -> 0 < f i) -> exists2 t, 0 < t & forall i, P i -> t * g i <= f i.
Proof.
move=> f_gt0; pose s := \sum_(i | P i) `|g i| / f i.
have term_ge0 i : P i -> 0 <= `|g i| / f i by move=> Pi; rewrite divr_ge0 // ltW // f_gt0.
have s_gt0 : 0 < 1 + s by rewrite ltr_paddr ?ltr01 // sumr_ge0.
exists (1 + s)^-1 => [|i Pi]; first by rewrite invr_gt0.
rewrite mulrC ler_pdivr_mulr // mulrC -ler_pdivr_mulr ?f_gt0 //.
apply: le_trans (_ : `|g i| / f i <= _).
  by rewrite ler_wpmul2r ?ler_norm // invr_ge0 ltW // f_gt0.
rewrite ler_paddl // /s (bigD1 i) //= ler_addl; apply: sumr_ge0 => j /andP[Pj _]; exact: term_ge0.
Qed.

Section E2.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k : nat).
Implicit Types pi rho : distr R Y.

(** E2. The utilities are monotone: <u(pi) - u(rho), pi - rho> is minus half the users' average of
    integrals of squares. *)
Theorem E2_monotone pi rho :
  2%:R * (\sum_y (pi y - rho y) * (utility p k pi y - utility p k rho y))
  = - \sum_u weight p u * \sum_(n < beyond (rank p u)) square k pi rho (rank p u) n.
Proof.
have -> : \sum_y (pi y - rho y) * (utility p k pi y - utility p k rho y)
  = \sum_u weight p u * \sum_y (pi y - rho y) *
      (phi k pi (rank p u) (rank p u y) - phi k rho (rank p u) (rank p u y)).
  under [RHS]eq_bigr do rewrite big_distrr; rewrite exchange_big; apply: eq_bigr => y _ /=.
  rewrite !utilityE -sumrB big_distrr; apply: eq_bigr => u _ /=; ring.
rewrite big_distrr -sumrN; apply: eq_bigr => u _ /=.
by rewrite mulrCA user_gap mulrN.
Qed.

(** E2. So for k >= 2 all equilibria give every class of every user the same mass. *)
Theorem E2_class_masses pi rho : (1 < k)%N -> equilibrium p k pi -> equilibrium p k rho ->
  forall u n, 0 < weight p u -> level pi (rank p u) n = level rho (rank p u) n.
Proof.
move=> k_gt1 /P1_equilibrium le_pi /P1_equilibrium le_rho u n w_gt0.
have cross (sigma tau : distr R Y) : (forall y, utility p k sigma y <= k.+1%:R^-1) ->
    \sum_y tau y * utility p k sigma y <= \sum_y sigma y * utility p k sigma y.
  by move=> le; rewrite P1_average; apply: average_le.
have ge0 : 0 <= \sum_y (pi y - rho y) * (utility p k pi y - utility p k rho y).
  have -> : \sum_y (pi y - rho y) * (utility p k pi y - utility p k rho y)
    = (\sum_y pi y * utility p k pi y - \sum_y rho y * utility p k pi y)
      + (\sum_y rho y * utility p k rho y - \sum_y pi y * utility p k rho y).
    by rewrite -!sumrB -big_split; apply: eq_bigr => y _ /=; ring.
  by rewrite addr_ge0 ?subr_ge0 ?cross.
have sum0 : \sum_u weight p u * (\sum_(n < beyond (rank p u)) square k pi rho (rank p u) n) = 0.
  apply: le_anti; rewrite sumr_ge0 ?andbT => [|v _]; last first.
    by rewrite mulr_ge0 ?mass_ge0 ?sumr_ge0 // => i _; exact: square_ge0.
  by rewrite -oppr_ge0 -E2_monotone mulr_ge0 ?ler0n.
have user0 : \sum_(n < beyond (rank p u)) square k pi rho (rank p u) n = 0.
  have terms_ge0 v : true -> 0 <= weight p v *
      \sum_(n < beyond (rank p v)) square k pi rho (rank p v) n.
    by move=> _; rewrite mulr_ge0 ?mass_ge0 ?sumr_ge0 // => i _; exact: square_ge0.
  have all0 := psumr_eq0P terms_ge0 sum0; have /eqP := all0 u isT.
  by rewrite mulf_eq0 (gt_eqF w_gt0) => /eqP.
have [lt|ge] := ltnP n (beyond (rank p u)); last first.
  have none (sigma : distr R Y) : level sigma (rank p u) n = 0.
    by rewrite /level big_pred0 // => y; rewrite ltn_eqF // (leq_trans (lt_beyond _ _)).
  by rewrite !none.
have squares0 := psumr_eq0P (fun (i : 'I__) _ => square_ge0 k pi rho (rank p u) i) user0.
have /= zero := squares0 (Ordinal lt) isT.
apply/eqP; apply: contraT => ne; have := square_gt0 k_gt1 ne.
by rewrite zero ltxx.
Qed.

(** What depends on class masses alone. *)
Lemma low_levels pi rho r : (forall n, level pi r n = level rho r n) ->
  forall n, low pi r n = low rho r n.
Proof.
move=> same n; have [m] := ubnP (beyond r - n); elim: m n => // m IH n lt.
have [le|gt] := leqP (beyond r) n.
  have none (sigma : distr R Y) : low sigma r n = 0.
    by rewrite /low big_pred0 // => y; rewrite leqNgt (leq_trans (lt_beyond r y) le).
  by rewrite !none.
rewrite lowS [RHS]lowS same IH //.
by rewrite -ltnS (leq_trans _ lt) // ltnS subnS prednK ?subn_gt0 // leqnn.
Qed.

Lemma utility_levels pi rho :
  (forall u n, 0 < weight p u -> level pi (rank p u) n = level rho (rank p u) n) ->
  forall y, utility p k pi y = utility p k rho y.
Proof.
move=> same y; rewrite !utilityE; apply: eq_bigr => u _.
have [w0|w0] := eqVneq (weight p u) 0; first by rewrite w0 !mul0r.
have w_gt0 : 0 < weight p u by rewrite lt_def w0 mass_ge0.
have levels n := same u n w_gt0; congr (_ * _).
by rewrite /phi /cumulative (low_levels levels) levels.
Qed.

(** E2. For k >= 2 an equilibrium pi is the only one iff no d != 0 whose sum over every class is
    zero is nonnegative off the support of pi. *)
Theorem E2_unique pi : (1 < k)%N -> equilibrium p k pi ->
  (forall rho, equilibrium p k rho -> rho = pi) <->
  (forall d : Y -> R, (forall u n, 0 < weight p u -> \sum_(y | rank p u y == n) d y = 0) ->
     (forall y, pi y = 0 -> 0 <= d y) -> forall y, d y = 0).
Proof.
move=> k_gt1 eq_pi; split=> [unique d sums off y|only rho eq_rho]; last first.
  apply: distr_eq => y; apply/eqP; rewrite -subr_eq0; apply/eqP.
  apply: (only (fun y => rho y - pi y)) => [u n w_gt0|z pi0].
    by rewrite sumrB; apply/eqP; rewrite subr_eq0; exact/eqP/E2_class_masses.
  by rewrite pi0 subr0 mass_ge0.
have [u w_gt0] : exists u, 0 < weight p u.
  apply/existsP; apply: contraT; rewrite negb_exists => /forallP none.
  have := mass_sum (weight p); rewrite big1 => [/eqP|u _]; first by rewrite eq_sym oner_eq0.
  by apply: le_anti; rewrite mass_ge0 andbT leNgt none.
have total : \sum_y d y = 0.
  rewrite (partition_big (fun y => Ordinal (lt_beyond (rank p u) y)) xpredT) //= big1 // => n _.
  by rewrite -[RHS](sums u n w_gt0); apply: eq_bigl.
have pi_gt0 z : pi z != 0 -> 0 < pi z by move=> ne; rewrite lt_def ne mass_ge0.
have [t t_gt0 small] := small_step (fun z => - d z) pi_gt0.
have rho_ge0 z : 0 <= pi z + t * d z.
  have [pi0|ne] := eqVneq (pi z) 0; first by rewrite pi0 add0r mulr_ge0 ?off // ltW.
  by rewrite -ler_subl_addr sub0r -mulrN small.
have rho_sum : \sum_z (pi z + t * d z) = 1.
  by rewrite big_split -big_distrr /= total mulr0 addr0 mass_sum.
pose rho := distr_of rho_ge0 rho_sum; have rhoE z : rho z = pi z + t * d z by exact: distr_ofE.
have levels v n : 0 < weight p v -> level rho (rank p v) n = level pi (rank p v) n.
  move=> v_gt0; rewrite /level; under eq_bigr do rewrite rhoE.
  by rewrite big_split -big_distrr /= sums // mulr0 addr0.
have /unique same : equilibrium p k rho.
  by apply/P1_equilibrium => z; rewrite (utility_levels levels); move: z; exact/P1_equilibrium.
have := rhoE y; rewrite same => /eqP; rewrite -subr_eq0 opprD addrA subrr add0r oppr_eq0.
by rewrite mulf_eq0 (gt_eqF t_gt0) => /eqP.
Qed.

(** E2. It is if the classes' indicators span all functions of the responses; ... *)
Theorem E2_span pi : (1 < k)%N -> equilibrium p k pi ->
  (forall d : Y -> R, exists c : user p -> nat -> R, forall y,
     d y = \sum_(u | 0 < weight p u) c u (rank p u y)) ->
  forall rho, equilibrium p k rho -> rho = pi.
Proof.
move=> k_gt1 eq_pi span; apply/(E2_unique k_gt1 eq_pi) => d sums _.
have [c dE] := span d; have squares : \sum_y d y * d y = 0.
  transitivity (\sum_(u | 0 < weight p u) \sum_y d y * c u (rank p u y)).
    by rewrite exchange_big; apply: eq_bigr => y _ /=; rewrite {2}dE big_distrr.
  apply: big1 => u w_gt0; rewrite (sum_places (rank p u) d (c u)) big1 // => n _.
  by rewrite sums // mul0r.
have squares_ge0 z : true -> 0 <= d z * d z by rewrite -expr2 sqr_ge0.
have all0 := psumr_eq0P squares_ge0 squares; move=> y; have /eqP := all0 y isT.
by rewrite mulf_eq0 orbb => /eqP.
Qed.

(** E2. ... and those of one strict ranking do. *)
Theorem E2_strict pi u : (1 < k)%N -> equilibrium p k pi ->
  0 < weight p u -> injective (rank p u) -> forall rho, equilibrium p k rho -> rho = pi.
Proof.
move=> k_gt1 eq_pi w_gt0 inj; apply/(E2_unique k_gt1 eq_pi) => d sums _ y.
by rewrite -(sums u (rank p u y) w_gt0) (big_pred1 y) // => z; rewrite /= (inj_eq inj).
Qed.

End E2.

Section MaximalLotteries.

Variables (R : realFieldType) (Y : finType) (p : population R Y).
Implicit Types (pi rho : distr R Y) (d x : Y -> R).

(** M of the paper, and M d. *)
Definition margin y z : R := above p y z - above p z y.
Definition lead d y : R := \sum_z margin y z * d z.

Lemma utility_lead pi y : utility p 1 pi y = 2%:R^-1 + lead pi y / 2%:R.
Proof.
rewrite utility1 /lead big_distrl -[X in X + _](mass_const pi) -big_split; apply: eq_bigr => z _ /=.
rewrite half_margin /margin; ring.
Qed.

Lemma lottery_lead pi : NLHF p pi <-> forall y, lead pi y <= 0.
Proof.
rewrite /NLHF P1_equilibrium.
by split=> le y; move: (le y); rewrite utility_lead ger_addl pmulr_lle0 ?invr_gt0 ?ltr0n.
Qed.

Lemma lead_skew d x : \sum_y d y * lead x y = - \sum_y x y * lead d y.
Proof.
under eq_bigr do rewrite big_distrr; rewrite exchange_big -sumrN; apply: eq_bigr => y _ /=.
rewrite big_distrr -sumrN; apply: eq_bigr => z _ /=; rewrite /margin; ring.
Qed.

Lemma lead_linear d x t y : lead (fun z => d z + t * x z) y = lead d y + t * lead x y.
Proof.
rewrite /lead big_distrr -big_split; apply: eq_bigr => z _ /=; ring.
Qed.

Lemma lotteries_complement pi rho : NLHF p pi -> NLHF p rho -> forall y, rho y * lead pi y = 0.
Proof.
move=> /lottery_lead le_pi /lottery_lead le_rho y.
have ge0 z : true -> 0 <= - (rho z * lead pi z).
  by move=> _; rewrite oppr_ge0 mulr_ge0_le0 ?mass_ge0.
have sum0 : \sum_z - (rho z * lead pi z) = 0.
  apply: le_anti; rewrite sumr_ge0 // andbT sumrN lead_skew opprK -oppr_ge0 -sumrN.
  by apply: sumr_ge0 => z _; rewrite oppr_ge0 mulr_ge0_le0 ?mass_ge0.
by apply/eqP; rewrite -oppr_eq0; apply/eqP; exact: (psumr_eq0P ge0 sum0).
Qed.

(** Tucker's lemma for y. *)
Lemma tucker y : exists x, [/\ forall z, 0 <= x z, forall z, lead x z <= 0 & 0 < x y - lead x y].
Proof.
pose gen (i : Y + Y) (z : Y) : R := match i with inl v => margin v z | inr v => - (v == z)%:R end.
have [[lam [lam_ge0 yE]]|[x [gx yx]]] := farkas_family gen (fun z => (y == z)%:R).
  have leadE z : - lead (fun v => lam (inl v)) z = (y == z)%:R + lam (inr z).
    rewrite yE big_sumType /= [X in _ + X + _](bigD1 z) //= eqxx mulrN1.
    rewrite [X in _ + (_ + X) + _]big1 ?addr0 => [|v /negPf->].
      by rewrite subrK /lead -sumrN; apply: eq_bigr => v _; rewrite /margin; ring.
    by rewrite oppr0 mulr0.
  exists (fun v => lam (inl v)); split=> [z|z|]; first exact: lam_ge0.
    by rewrite -oppr_ge0 leadE addr_ge0 ?ler0n.
  by rewrite leadE eqxx ltr_paddl ?lam_ge0 // ltr_paddr ?lam_ge0 ?ltr01.
have at_ v : dot (fun z => (v == z)%:R) x = x v.
  by rewrite -[RHS](sum_at v x); apply: eq_bigr => z _; rewrite eq_sym.
have x_ge0 v : 0 <= x v.
  rewrite -oppr_le0; have := gx (inr v); rewrite /gen /dot; under eq_bigr do rewrite mulNr.
  by rewrite sumrN -/(dot _ x) at_.
exists x; split=> // [z|]; first exact: (gx (inl z)).
by rewrite ltr_paddr ?oppr_ge0 //; [exact: (gx (inl y)) | rewrite -at_].
Qed.

(** E2. For k = 1 a maximal lottery pi is the only one iff every response off its support T has
    utility below 1/2, and the kernel of M_TT, where M is the matrix of the margins, has dimension
    one: it holds nothing but multiples of pi. *)
Theorem E2_maximal_lottery pi : NLHF p pi ->
  (forall rho, NLHF p rho -> rho = pi) <->
  (forall y, pi y = 0 -> utility p 1 pi y < 2%:R^-1) /\
  (forall d, (forall y, pi y = 0 -> d y = 0) ->
     (forall y, pi y != 0 -> \sum_z margin y z * d z = 0) -> exists c, forall y, d y = c * pi y).
Proof.
move=> max_pi; have /lottery_lead le0 := max_pi.
have below y : (utility p 1 pi y < 2%:R^-1) = (lead pi y < 0).
  by rewrite utility_lead gtr_addl pmulr_llt0 ?invr_gt0 ?ltr0n.
have on_T rho : NLHF p rho -> forall y, pi y != 0 -> lead rho y = 0.
  move=> max_rho y ne; have /eqP := lotteries_complement max_rho max_pi y.
  by rewrite mulf_eq0 (negPf ne) => /eqP.
split=> [unique|[off kernel] rho max_rho]; last first.
  have [|y ne|c rhoE] := kernel rho; last 1 first.
  - apply: distr_eq => y; rewrite rhoE; suff -> : c = 1 by rewrite mul1r.
    by have := mass_sum rho; under eq_bigr do rewrite rhoE; rewrite -big_distrr /= mass_sum mulr1.
  - move=> y /off; rewrite below => lt; have /eqP := lotteries_complement max_pi max_rho y.
    by rewrite mulf_eq0 (lt_eqF lt) orbF => /eqP.
  - exact: on_T ne.
have cone x : (forall z, 0 <= x z) -> (forall z, lead x z <= 0) ->
    exists c, forall z, x z = c * pi z.
  move=> x_ge0 leads; pose s := \sum_z x z; have s_ge0 : 0 <= s by exact: sumr_ge0.
  have [s0|s_neq0] := eqVneq s 0.
    by exists 0 => z; rewrite mul0r (psumr_eq0P (fun z _ => x_ge0 z) s0).
  have mass_ge z : 0 <= x z / s by rewrite divr_ge0.
  have masses : \sum_z x z / s = 1 by rewrite -big_distrl /= divff.
  exists s => z; rewrite -(unique (distr_of mass_ge masses)).
    by rewrite distr_ofE mulrC divfK.
  apply/lottery_lead => y; rewrite (_ : lead _ y = lead x y / s) ?mulr_le0_ge0 ?invr_ge0 //.
  by rewrite /lead big_distrl; apply: eq_bigr => v _; rewrite distr_ofE mulrA.
have off y : pi y = 0 -> lead pi y < 0.
  move=> pi0; rewrite lt_neqAle le0 andbT; apply/negP=> /eqP lead0.
  have [x [x_ge0 leads]] := tucker y; have [c xE] := cone x x_ge0 leads.
  have -> : lead x y = c * lead pi y.
    by rewrite /lead big_distrr; apply: eq_bigr => z _; rewrite xE mulrCA.
  by rewrite xE pi0 lead0 !mulr0 subrr ltxx.
split=> [y /off|d d_off kernel]; first by rewrite below.
pose s := \sum_z d z; pose e z := d z + - s * pi z; exists s.
have leadE y : lead e y = lead d y + - s * lead pi y by exact: lead_linear.
have e_off z : pi z = 0 -> e z = 0 by move=> pi0; rewrite /e d_off // pi0 mulr0 addr0.
have e_sum : \sum_z e z = 0 by rewrite big_split -big_distrr /= mass_sum mulr1 subrr.
pose f z := if pi z == 0 then - lead pi z else pi z.
pose g z := if pi z == 0 then lead e z else - e z.
have f_gt0 z : true -> 0 < f z.
  by rewrite /f; case: eqVneq => [/off|ne]; rewrite ?oppr_gt0 // lt_def ne mass_ge0.
have [t t_gt0 small] := small_step g f_gt0.
have rho_ge0 z : 0 <= pi z + t * e z.
  have := small z isT; rewrite /f /g; case: eqVneq => [pi0 _|_].
    by rewrite e_off // pi0 mulr0 addr0.
  by rewrite mulrN -subr_ge0 opprK.
have rho_sum : \sum_z (pi z + t * e z) = 1.
  by rewrite big_split -big_distrr /= e_sum mulr0 addr0 mass_sum.
pose rho := distr_of rho_ge0 rho_sum; have rhoE z : rho z = pi z + t * e z by exact: distr_ofE.
have /unique same : NLHF p rho.
  apply/lottery_lead => y; rewrite (_ : lead rho y = lead pi y + t * lead e y); last first.
    by rewrite -lead_linear; apply: eq_bigr => z _; rewrite rhoE.
  have := small y isT; rewrite /f /g; case: eqVneq => [_|ne _].
    by rewrite -subr_ge0 -opprD oppr_ge0.
  by rewrite leadE [lead d y]kernel // on_T // mulr0 addr0 mulr0 addr0.
move=> z; have /eqP := rhoE z; rewrite same -subr_eq0 opprD addrA subrr add0r oppr_eq0.
by rewrite mulf_eq0 (gt_eqF t_gt0) /e mulNr subr_eq0 => /eqP.
Qed.

End MaximalLotteries.
