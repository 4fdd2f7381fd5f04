(** Equilibria in boxes. An equilibrium is near x, by relative distance delta, if a step of Newton's
    with an approximate inverse sends the box into itself: what the checker requires of an
    `equilibrium` claim with delta > 0. The step is even a contraction, so that iterating it finds
    the equilibrium, where [0, 1] is compact. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 Continuum.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition in_box (R : realFieldType) (I : finType) (delta : R) (z : I -> R) :=
  forall i, `|z i| <= delta.

Section Contraction.

Variable R : archiFieldType.

Lemma small_power (q eps : R) : 0 <= q < 1 -> 0 < eps -> exists N, q ^+ N < eps.
Proof.
case/andP=> q_ge0 q_lt1 eps_gt0; pose h := 1 - q.
have h_gt0 : 0 < h by rewrite subr_gt0.
have bernoulli n : q ^+ n * (1 + n%:R * h) <= 1.
  elim: n => [|n IH]; first by rewrite mul0r addr0 mulr1.
  apply: le_trans IH; rewrite exprSr -mulrA ler_wpmul2l ?exprn_ge0 //.
  have -> : q = 1 - h by rewrite subKr.
  rewrite -subr_ge0 mulrSr.
  rewrite [X in 0 <= X](_ : _ = n%:R * h ^+ 2 + h ^+ 2); last by ring.
  by rewrite addr_ge0 ?sqr_ge0 // mulr_ge0 ?ler0n ?sqr_ge0.
have c_gt0 : 0 < h * eps by rewrite mulr_gt0.
have := archi_boundP (ltW (_ : 0 < (h * eps)^-1)); rewrite invr_gt0 => /(_ c_gt0).
set N := Num.bound _; rewrite -[(h * eps)^-1]mul1r ltr_pdivr_mulr // => large; exists N.
have pos : 0 < 1 + N%:R * h by rewrite ltr_paddr ?ltr01 ?mulr_ge0 ?ler0n ?ltW.
rewrite -(ltr_pmul2r pos); apply: le_lt_trans (bernoulli N) _.
by rewrite mulrDr mulr1 mulrCA [eps * h]mulrC ltr_paddl // ltW.
Qed.

Hypothesis bw : bolzano_weierstrass R.
Variables (I : finType) (F : (I -> R) -> I -> R) (delta q : R).

Hypotheses (delta_gt0 : 0 < delta) (q01 : 0 <= q < 1).
Hypothesis stays : forall z, in_box delta z -> in_box delta (F z).
Hypothesis contracts : forall z w eps, in_box delta z -> in_box delta w ->
  (forall i, `|z i - w i| <= eps) -> forall i, `|F z i - F w i| <= q * eps.

(** What contracts a box into itself has a fixed point there. *)
Lemma fixed_point : exists2 z, in_box delta z & forall i, F z i = z i.
Proof.
pose zs n := iter n F (fun=> 0).
have box n : in_box delta (zs n).
  by elim: n => [i|n IH]; [rewrite /= normr0 ltW | exact: stays].
have step n i : `|zs n.+1 i - zs n i| <= q ^+ n * delta.
  elim: n i => [|n IH] i; first by rewrite /= subr0 mul1r; exact: (box 1%N).
  by rewrite exprS -mulrA; exact: (contracts (box n.+1) (box n)).
have [q_ge0 q_lt1] := andP q01; have two_gt0 : 0 < 2%:R * delta by rewrite mulr_gt0 ?ltr0n.
pose xs n i := (zs n i + delta) / (2%:R * delta).
have xs01 n i : 0 <= xs n i <= 1.
  have := box n i; rewrite ler_norml => /andP[lo hi].
  rewrite divr_ge0 ?(ltW two_gt0) -?ler_subl_addr ?sub0r //= ler_pdivr_mulr //.
  by rewrite mul1r mulr_natl mulr2n ler_add2r.
have [l [f [le_f cvg]]] := subsequences bw xs01.
pose z i := l i * (2%:R * delta) - delta.
have near eps : 0 < eps -> exists n, q ^+ n * delta <= eps /\ forall i, `|zs n i - z i| <= eps.
  move=> eps_gt0; have [N small] := small_power q01 (divr_gt0 eps_gt0 delta_gt0).
  have [M near_l] := fin_all_exists (fun i => cvg i _ (divr_gt0 eps_gt0 two_gt0)).
  pose n := maxn N (\max_i M i); exists (f n); split=> [|i].
    rewrite -ler_pdivl_mulr //; apply: le_trans (ltW small).
    rewrite ler_wiexpn2l ?(ltW q_lt1) //; exact: leq_trans (leq_maxl _ _) (le_f n).
  have le_n : (M i <= n)%N by apply: leq_trans (leq_maxr N _); exact: leq_bigmax.
  have := near_l i n le_n.
  rewrite ltr_pdivl_mulr // -[X in _ * X](gtr0_norm two_gt0) -normrM => /ltW; congr (`|_| <= _).
  by rewrite /z /xs mulrBl divfK ?lt0r_neq0 //; ring.
have z_box : in_box delta z.
  move=> i; rewrite -subr_le0; apply: (le0_small ler01) => eps /near[n [_ /(_ i) le]].
  rewrite mul1r ler_subl_addr -{1}(subrK (zs n i) (z i)).
  by apply: le_trans (ler_norm_add _ _) _; rewrite ler_add ?box // distrC.
exists z => // i; apply/eqP; rewrite -subr_eq0 -normr_le0.
apply: (le0_small (ler0n _ 3)) => eps /near[n [small le]].
have le' j : `|z j - zs n j| <= eps by rewrite distrC.
have step1 := contracts z_box (box n) le' i.
rewrite (_ : _ - _ = F z i - F (zs n) i + (F (zs n) i - zs n i) + (zs n i - z i)); last by ring.
rewrite (_ : _ * eps = eps + eps + eps); last by ring.
apply: le_trans (ler_norm_add _ _) _.
apply: ler_add (le i); apply: le_trans (ler_norm_add _ _) _; apply: ler_add.
  apply: le_trans step1 _; rewrite ler_pimull ?(ltW q_lt1) //.
  exact: le_trans (normr_ge0 _) (le i).
exact: le_trans (step n i) small.
Qed.

End Contraction.

Section Regular.

Variable R : realFieldType.

Lemma largest (I : finType) (f : I -> R) (i0 : I) : exists i, forall j, f j <= f i.
Proof.
by case: (@arg_maxP _ _ _ i0 xpredT f) => // i _ max; exists i => j; exact: max.
Qed.

Lemma regular_matrix n (B A : 'M[R]_n) (h : 'cV_n) :
  (forall i, \sum_l `|(1%:M - B *m A) i l| < 1) -> B *m h = 0 -> h = 0.
Proof.
move=> near1; have injective m (V : 'M_(n, m)) : B *m A *m V = 0 -> V = 0.
  move=> V0; have VE : V = (1%:M - B *m A) *m V by rewrite mulmxBl mul1mx V0 subr0.
  apply/matrixP=> i j; rewrite mxE; have [i0 max] := largest (fun i => `|V i j|) i.
  suff le0 : `|V i0 j| <= 0.
    by apply/eqP; rewrite -normr_le0; apply: le_trans (max i) le0.
  rewrite leNgt; apply/negP=> gt0; have := near1 i0.
  rewrite -(ltr_pmul2r gt0) mul1r ltNge => /negP; apply.
  rewrite {1}VE mxE; apply: le_trans (ler_norm_sum _ _ _) _; rewrite big_distrl /=.
  by apply: ler_sum => l _; rewrite normrM ler_wpmul2l.
have : B *m A \in unitmx.
  rewrite -unitmx_tr -row_free_unit -kermx_eq0; apply/eqP.
  rewrite -[LHS]trmxK; apply: (canLR trmxK); rewrite trmx0; apply: injective.
  by rewrite -[LHS]trmxK trmx_mul trmxK mulmx_ker trmx0.
by rewrite unitmx_mul => /andP[uB _] Bh; rewrite -(mulKmx uB h) Bh mulmx0.
Qed.

Lemma regular (I : finType) (T : {pred I}) (B A : I -> I -> R) (h : I -> R) :
  (forall i, i \in T ->
     \sum_(l in T) `|(i == l)%:R - \sum_(j in T) B i j * A j l| < 1) ->
  (forall i, i \in T -> \sum_(j in T) B i j * h j = 0) -> forall j, j \in T -> h j = 0.
Proof.
move=> near1 Bh j jT; pose at_T := @enum_val I T.
pose b := \matrix_(i, l) B (at_T i) (at_T l); pose a := \matrix_(i, l) A (at_T i) (at_T l).
pose v := \col_i h (at_T i).
have : v = 0.
  apply: (@regular_matrix _ b a) => [i|].
    have := near1 _ (enum_valP i); rewrite big_enum_val; congr (_ < _).
    apply: eq_bigr => l _; rewrite !mxE (inj_eq enum_val_inj) big_enum_val.
    by congr `|_ - _|; apply: eq_bigr => s _; rewrite !mxE.
  apply/colP=> i; have := Bh _ (enum_valP i); rewrite big_enum_val => Bh0.
  by rewrite mxE [RHS]mxE -[RHS]Bh0; apply: eq_bigr => l _; rewrite !mxE.
by move/colP/(_ (enum_rank_in jT j)); rewrite !mxE /at_T enum_rankK_in.
Qed.

End Regular.

Section Powers.

Variables (R : realFieldType) (Y : finType).
Implicit Types (z w e : Y -> R) (S : seq Y).

Section Distances.

Variables (delta eps : R) (z w : Y -> R).
Hypotheses (delta_ge0 : 0 <= delta) (box_z : forall y, `|z y| <= delta).
Hypotheses (box_w : forall y, `|w y| <= delta) (near : forall y, `|z y - w y| <= eps).

Lemma power_ge0 n : 0 <= (1 + delta) ^+ n - 1.
Proof. by rewrite subr_ge0 exprn_ege1 // ler_addl. Qed.

Lemma prod_near1 S : `|\prod_(s <- S) (1 + w s) - 1| <= (1 + delta) ^+ size S - 1.
Proof.
elim: S => [|s S IH]; first by rewrite big_nil subrr normr0.
rewrite big_cons /= exprS; move: IH; set P := \prod_(_ <- _) _; set Q := _ ^+ _ => IH.
rewrite (_ : _ - _ = (1 + w s) * (P - 1) + w s); last by ring.
rewrite [leRHS](_ : _ = (1 + delta) * (Q - 1) + delta); last by ring.
apply: le_trans (ler_norm_add _ _) _; rewrite ler_add // normrM ler_pmul //.
by apply: le_trans (ler_norm_add _ _) _; rewrite normr1 ler_add2l.
Qed.

(** A product's change, but for its linear part: factor by factor. *)
Lemma prod_linear S :
  `|\prod_(s <- S) (1 + z s) - \prod_(s <- S) (1 + w s) - \sum_(s <- S) (z s - w s)|
    <= (size S)%:R * ((1 + delta) ^+ (size S).-1 - 1) * eps.
Proof.
elim: S => [|s S IH]; first by rewrite !big_nil !subrr normr0 !mul0r.
have sum_le : `|\sum_(t <- S) (z t - w t)| <= (size S)%:R * eps.
  elim: (S) => [|t S' IHS]; first by rewrite big_nil normr0 mul0r.
  rewrite big_cons /= mulrSr mulrDl mul1r addrC.
  by apply: le_trans (ler_norm_add _ _) _; rewrite ler_add.
have one_le : `|\prod_(t <- S) (1 + w t) - 1| <= (1 + delta) ^+ size S - 1 := prod_near1 S.
have eps_ge0 : 0 <= eps := le_trans (normr_ge0 _) (near s).
rewrite !big_cons /=; move: IH sum_le one_le; set n := (size S)%:R.
set A := \prod_(_ <- _) (1 + z _); set B := \prod_(_ <- _) _; set L := \sum_(_ <- _) _.
move=> IH sum_le one_le.
rewrite [X in `|X|](_ : _ = (1 + z s) * (A - B - L) + (z s * L + (z s - w s) * (B - 1))).
2: by ring.
have step : n * ((1 + delta) ^+ (size S).-1 - 1) * (1 + delta) + n * delta
          = n * ((1 + delta) ^+ size S - 1).
  rewrite /n; case: (S) => [|t S'] /=; first by rewrite !mul0r addr0.
  by rewrite exprS; ring.
set Q := (1 + delta) ^+ size S in step one_le *; set P := _ - 1 in IH step.
rewrite [leRHS](_ : _ = (1 + delta) * (n * P * eps) + (delta * (n * eps) + eps * (Q - 1))).
2: by rewrite mulrSr mulrDl -/n -step; ring.
apply: le_trans (ler_norm_add _ _) _; apply: ler_add.
  rewrite normrM ler_pmul //.
  by apply: le_trans (ler_norm_add _ _) _; rewrite normr1 ler_add2l.
by apply: le_trans (ler_norm_add _ _) _; apply: ler_add; rewrite normrM ler_pmul.
Qed.

End Distances.

(** All positions of a tuple are alike. *)
Lemma positions m (g : seq Y -> R) e : (forall S S', perm_eq S S' -> g S = g S') ->
  \sum_(S : m.+1.-tuple Y) g S * (\sum_(s <- S) e s)
  = m.+1%:R * \sum_y e y * \sum_(S : m.-tuple Y) g (y :: S).
Proof.
move=> sym; have at_head (i : 'I_m.+1) :
    \sum_(S : m.+1.-tuple Y) g S * e (tnth S i) = \sum_(S : m.+1.-tuple Y) g S * e (thead S).
  rewrite [RHS](reindex (fun S : m.+1.-tuple Y => [tuple of rot i S])) /=; last first.
    exists (fun S : m.+1.-tuple Y => [tuple of rotr i S]) => S _; apply: val_inj.
      exact: rotK.
    exact: rotrK.
  apply: eq_bigr => S _; congr (_ * e _); first by apply: sym; rewrite perm_sym perm_rot.
  rewrite [thead [tuple of rot i S]]/thead !(tnth_nth (thead S)) /= /rot nth_cat.
  by rewrite size_drop size_tuple subn_gt0 ltn_ord nth_drop addn0.
transitivity (\sum_(i < m.+1) \sum_(S : m.+1.-tuple Y) g S * e (tnth S i)).
  by rewrite exchange_big; apply: eq_bigr => S _; rewrite big_tuple big_distrr.
rewrite (eq_bigr _ (fun i _ => at_head i)).
rewrite sumr_const card_ord -[LHS]mulr_natl; congr (_ * _).
rewrite (reindex (fun c : Y * m.-tuple Y => [tuple of c.1 :: c.2])) /=; last first.
  exists (fun S : m.+1.-tuple Y => (thead S, [tuple of behead S])) => [[y S]|S] _.
    by congr (_, _); apply: val_inj.
  by rewrite /= -tuple_eta.
rewrite -(pair_big xpredT xpredT (fun y (S : m.-tuple Y) => g (y :: S) * e y)) /=.
by apply: eq_bigr => y _; rewrite mulrC big_distrl.
Qed.

End Powers.

Section Game.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (m : nat).
Local Notation k := m.+1.
Implicit Types (v z w : Y -> R) (x : distr R Y).

(** U_y(v): (k+1) u_y where the draws have masses that need not sum to 1. *)
Definition U v y : R :=
  k.+1%:R * \sum_(S : k.-tuple Y) (\prod_(s <- S) v s) * W_shown uniform p [:: y] S.

(** x_j times the derivative of U_i by v_j, at x. *)
Definition slope x i j : R := (k.+1 * k)%:R * x j *
  \sum_(S : m.-tuple Y) (\prod_(s <- S) x s) * W_shown uniform p [:: i] (j :: S).

(** The masses x, changed by the factors 1 + z. *)
Definition scaled x z y : R := x y * (1 + z y).

Lemma U_utility x y : U x y = k.+1%:R * utility p k x y.
Proof.
by rewrite /U /utility W_sure_l; congr (_ * _); apply: eq_bigr => S _; rewrite drawsE.
Qed.

Lemma U_scale c v y : U (fun s => c * v s) y = c ^+ k * U v y.
Proof.
rewrite /U mulrCA; congr (_ * _); rewrite big_distrr; apply: eq_bigr => S _ /=.
by rewrite big_split /= mulrA; congr (_ * _ * _); rewrite big_tuple prodr_const card_ord.
Qed.

Lemma U_le v w y : (forall s, 0 <= v s <= w s) -> U v y <= U w y.
Proof.
move=> le; rewrite /U ler_wpmul2l ?ler0n //; apply: ler_sum => S _.
rewrite ler_wpmul2r ?W_shown_ge0 //; apply: ler_prod => s _; exact: le.
Qed.

Lemma scaled_prod x z (S : seq Y) :
  \prod_(s <- S) scaled x z s = (\prod_(s <- S) x s) * \prod_(s <- S) (1 + z s).
Proof. exact: big_split. Qed.

(** How U changes in a box, but for the derivative at its centre. *)
Lemma U_linear x z w delta eps i :
  (forall y, `|z y| <= delta) -> (forall y, `|w y| <= delta) ->
  (forall y, `|z y - w y| <= eps) ->
  `|U (scaled x z) i - U (scaled x w) i - \sum_j slope x i j * (z j - w j)|
    <= k%:R * U x i * ((1 + delta) ^+ m - 1) * eps.
Proof.
move=> box_z box_w near; pose c (S : seq Y) := W_shown uniform p [:: i] S.
have c_ge0 S : 0 <= c S by exact: W_shown_ge0.
have UE v : U v i = k.+1%:R * \sum_(S : k.-tuple Y) (\prod_(s <- S) v s) * c S by [].
have slopeE j : slope x i j
    = (k.+1 * k)%:R * x j * \sum_(S : m.-tuple Y) (\prod_(s <- S) x s) * c (j :: S) by [].
have -> : \sum_j slope x i j * (z j - w j) = k.+1%:R *
    \sum_(S : k.-tuple Y) ((\prod_(s <- S) x s) * c S) * (\sum_(s <- S) (z s - w s)).
  rewrite (@positions _ _ m (fun S => (\prod_(s <- S) x s) * c S)); last first.
    by move=> S S' perm; rewrite (perm_big _ perm) /c (W_shown_perm _ _ (perm_refl _) perm).
  rewrite mulrA big_distrr; apply: eq_bigr => j _ /=; rewrite slopeE natrM.
  have -> : \sum_(S : m.-tuple Y) (\prod_(s <- j :: S) x s) * c (j :: S)
      = x j * \sum_(S : m.-tuple Y) (\prod_(s <- S) x s) * c (j :: S).
    by rewrite big_distrr; apply: eq_bigr => S _; rewrite big_cons -mulrA.
  by move: (\sum_(S : m.-tuple Y) _) => sum /=; ring.
rewrite [leRHS](_ : _ = k.+1%:R * \sum_(S : k.-tuple Y) (\prod_(s <- S) x s) * c S *
  (k%:R * ((1 + delta) ^+ m - 1) * eps)); last by rewrite -big_distrl UE /=; ring.
rewrite !UE -!mulrBr -!sumrB normrM ger0_norm ?ler0n // ler_wpmul2l ?ler0n //.
apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => S _ /=.
rewrite !scaled_prod; set P := \prod_(s <- S) x s.
have P_ge0 : 0 <= P by apply: prodr_ge0 => s _; exact: mass_ge0.
have := prod_linear box_z box_w near S; rewrite size_tuple /=.
set A := \prod_(s <- S) (1 + z s); set B := \prod_(s <- S) (1 + w s).
set L := \sum_(s <- S) (z s - w s) => linear.
rewrite [X in `|X|](_ : _ = P * c S * (A - B - L)); last by ring.
rewrite normrM ger0_norm ?mulr_ge0 // ler_wpmul2l ?mulr_ge0 //.
Qed.


(** Against all masses together U is 1, where it is 1 for each that has some. *)
Lemma U_sum v : (forall y, 0 <= v y) -> 0 < \sum_y v y ->
  (forall y, v y != 0 -> U v y = 1) -> \sum_y v y = 1.
Proof.
set s := \sum_y v y => v_ge0 s_gt0 U1; have s0 := lt0r_neq0 s_gt0.
have rho_ge0 y : 0 <= s^-1 * v y by rewrite mulr_ge0 ?invr_ge0 ?(ltW s_gt0).
have rho_sum : \sum_y s^-1 * v y = 1 by rewrite -big_distrr /= mulVf.
pose rho := distr_of rho_ge0 rho_sum; have rhoE y : rho y = s^-1 * v y by exact: distr_ofE.
have U_rho y : U rho y = s^-1 ^+ k * U v y.
  by rewrite -U_scale /U; congr (_ * _); apply: eq_bigr => S _; congr (_ * _);
     apply: eq_bigr => z _; rewrite rhoE.
have := P1_average p k rho => /(congr1 (fun a => s * s ^+ k * k.+1%:R * a)).
rewrite mulfK ?pnatr_eq0 // -exprS big_distrr /= => average.
have : s = s ^+ k.+1.
  rewrite -average; apply: eq_bigr => y _; rewrite rhoE.
  have [->|v0] := eqVneq (v y) 0; first by rewrite !mulr0 mul0r mulr0.
  have := U_rho y; rewrite (U1 y v0) mulr1 U_utility => eq_u.
  rewrite [RHS](_ : _ = s ^+ k * (s * s^-1) * v y * (k.+1%:R * utility p k rho y)).
    by rewrite eq_u divff // mulr1 mulrAC -exprMn divff // expr1n mul1r.
  by rewrite exprS; ring.
rewrite -{1}[s]mulr1 exprS => /(mulfI s0)/esym/eqP.
by rewrite pexpr_eq1 ?(ltW s_gt0) // => /eqP.
Qed.

End Game.

Section Step.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (m : nat) (x : distr R Y).
Local Notation k := m.+1.

(** The support, what is to be an inverse of the derivative there, and the relative distance. *)
Definition support : {pred Y} := [pred y | 0 < x y].
Variables (B : Y -> Y -> R) (delta : R).

(** How far a step of Newton's leads from the centre, the derivative of the step there, and how
    much the derivative varies in the box: maximum norms, by rows. *)
Definition beta i : R := `|\sum_(j in support) B i j * (U p m x j - 1)|.
Definition rate_there i : R :=
  \sum_(l in support) `|(i == l)%:R - \sum_(j in support) B i j * slope p m x j l|.
Definition variation i : R := k%:R * \sum_(j in support) `|B i j| * U p m x j.
Definition rate i : R := rate_there i + variation i * ((1 + delta) ^+ m - 1).

Hypotheses (delta_gt0 : 0 < delta) (delta_lt1 : delta < 1).
Hypothesis contraction : forall i, i \in support -> beta i + rate i * delta < delta.
Hypothesis off_support : forall y, y \notin support -> U p m x y * (1 + delta) ^+ k <= 1.

Lemma U_ge0 y : 0 <= U p m x y.
Proof. by rewrite U_utility mulr_ge0 ?ler0n ?utility_ge0. Qed.

Lemma off_0 y : y \notin support -> x y = 0.
Proof. by rewrite inE lt_def mass_ge0 andbT negbK => /eqP. Qed.

Lemma variation_ge0 i : 0 <= variation i * ((1 + delta) ^+ m - 1).
Proof.
rewrite mulr_ge0 ?(power_ge0 (ltW delta_gt0)) // mulr_ge0 ?ler0n // sumr_ge0 // => j _.
by rewrite mulr_ge0 ?U_ge0.
Qed.

Lemma rate_ge0 i : 0 <= rate i.
Proof. by rewrite addr_ge0 ?variation_ge0 // sumr_ge0. Qed.

Lemma rate_lt1 i : i \in support -> rate i < 1.
Proof.
move/contraction; rewrite -[ltRHS]mul1r => lt; rewrite -(ltr_pmul2r delta_gt0).
by apply: le_lt_trans lt; rewrite ler_addr /beta.
Qed.

(** The step, from z to z - Y (U(x(1+z)) - 1) on the support. *)
Definition newton (z : Y -> R) i : R := if i \in support
  then z i - \sum_(j in support) B i j * (U p m (scaled x z) j - 1) else 0.

Lemma newton_near z w eps i : in_box delta z -> in_box delta w ->
  (forall j, `|z j - w j| <= eps) -> i \in support ->
  `|newton z i - newton w i| <= rate i * eps.
Proof.
move=> box_z box_w near iT; rewrite /newton iT.
pose rest j := U p m (scaled x z) j - U p m (scaled x w) j
  - \sum_l slope p m x j l * (z l - w l).
have on_support j : \sum_l slope p m x j l * (z l - w l)
    = \sum_(l in support) slope p m x j l * (z l - w l).
  rewrite [RHS]big_mkcond; apply: eq_bigr => l _; case: ifPn => // /off_0 x0.
  by rewrite /slope x0 mulr0 !mul0r.
rewrite (_ : _ - _ = \sum_(l in support)
    ((i == l)%:R - \sum_(j in support) B i j * slope p m x j l) * (z l - w l)
  - \sum_(j in support) B i j * rest j).
  rewrite mulrDl; apply: le_trans (ler_norm_sub _ _) _; apply: ler_add.
    apply: le_trans (ler_norm_sum _ _ _) _; rewrite big_distrl; apply: ler_sum => l _.
    by rewrite normrM ler_wpmul2l.
  apply: le_trans (ler_norm_sum _ _ _) _; rewrite /variation big_distrr !big_distrl.
  apply: ler_sum => j _; rewrite normrM.
  have le := U_linear p m x j box_z box_w near.
  apply: le_trans (ler_wpmul2l (normr_ge0 _) le) _.
  by rewrite /= !mulrA [`|B i j| * _]mulrC.
have -> : \sum_(l in support)
    ((i == l)%:R - \sum_(j in support) B i j * slope p m x j l) * (z l - w l)
  = (z i - w i) - \sum_(j in support) B i j * \sum_l slope p m x j l * (z l - w l).
  under eq_bigr do rewrite mulrBl big_distrl; rewrite sumrB exchange_big /=; congr (_ - _).
    rewrite (bigD1 i) //= eqxx mul1r big1 ?addr0 // => l /andP[_ ne].
    by rewrite eq_sym (negPf ne) mul0r.
  apply: eq_bigr => j _; rewrite on_support big_distrr; apply: eq_bigr => l _ /=.
  exact/esym/mulrA.
have -> : \sum_(j in support) B i j * (U p m (scaled x z) j - 1)
  = \sum_(j in support) B i j * (U p m (scaled x w) j - 1)
    + (\sum_(j in support) B i j * (\sum_l slope p m x j l * (z l - w l))
       + \sum_(j in support) B i j * rest j).
  rewrite -!big_split; apply: eq_bigr => j _; rewrite /rest /= -!mulrDr; congr (_ * _).
  by move: (U _ _ _ _) (U _ _ _ _) (\sum_l _) => a b c; ring.
by move: (\sum_(j in _) _) (\sum_(j in _) _) (\sum_(j in _) _) => a b c; ring.
Qed.

Lemma newton_0 i : i \in support -> `|newton (fun=> 0) i| = beta i.
Proof.
move=> iT; rewrite /newton iT sub0r normrN; congr `|_|; apply: eq_bigr => j _.
congr (_ * (_ - _)); congr (_ * _); apply: eq_bigr => S _; congr (_ * _).
by apply: eq_bigr => s _; rewrite /scaled addr0 mulr1.
Qed.

Lemma newton_box z : in_box delta z -> in_box delta (newton z).
Proof.
move=> box_z i; have [iT|] := boolP (i \in support); last first.
  by rewrite /newton => /negPf->; rewrite normr0 ltW.
apply: ltW; apply: le_lt_trans (contraction iT); rewrite -(newton_0 iT).
rewrite -{1}(subrK (newton (fun=> 0) i) (newton z i)) addrC.
apply: le_trans (ler_norm_add _ _) _; rewrite ler_add2l; apply: newton_near => // j.
  by rewrite normr0 ltW.
by rewrite subr0.
Qed.

Lemma newton_contracts : exists2 q, 0 <= q < 1 & forall z w eps, in_box delta z ->
  in_box delta w -> (forall j, `|z j - w j| <= eps) ->
  forall i, `|newton z i - newton w i| <= q * eps.
Proof.
have [y0 _ | none] := pickP (fun _ : Y => true); last first.
  by exists 0 => [|z w eps _ _ _ i]; [rewrite lexx ltr01 | have := none i].
pose bounded i := if i \in support then rate i else 0.
have [top max] := largest bounded y0; exists (bounded top).
  rewrite /bounded; case: ifP => [iT|_]; last by rewrite lexx ltr01.
  by rewrite rate_ge0 rate_lt1.
move=> z w eps box_z box_w near i; have := max i; rewrite {1}/bounded.
have eps_ge0 : 0 <= eps := le_trans (normr_ge0 _) (near i).
case: ifP => [iT|iT] le; last by rewrite /newton iT subrr normr0 mulr_ge0.
by apply: le_trans (newton_near box_z box_w near iT) _; rewrite ler_wpmul2r.
Qed.

(** Where the step does not move there is an equilibrium. *)
Lemma fixed_equilibrium z : in_box delta z -> (forall i, newton z i = z i) ->
  exists2 pi : distr R Y, equilibrium p k pi & forall y, `|pi y - x y| <= delta * x y.
Proof.
move=> box_z fixed; pose v := scaled x z.
have lo y : 0 < 1 + z y.
  by rewrite -[z y]opprK subr_gt0; apply: le_lt_trans delta_lt1; apply: le_trans (box_z y);
     rewrite -normrN ler_norm.
have v_ge0 y : 0 <= v y by rewrite mulr_ge0 ?mass_ge0 ?(ltW (lo y)).
have U1 y : y \in support -> U p m v y = 1.
  move=> yT; apply/eqP; rewrite -subr_eq0; apply/eqP; move: y yT.
  apply: (@regular R Y support B (slope p m x) (fun y => U p m v y - 1)) => i iT.
    by apply: le_lt_trans (rate_lt1 iT); rewrite ler_addl variation_ge0.
  have := fixed i; rewrite /newton iT => /eqP.
  by rewrite -subr_eq0 addrAC subrr sub0r oppr_eq0 => /eqP.
have v_support y : v y != 0 -> y \in support.
  by apply: contraR => /off_0 x0; rewrite /v /scaled x0 mul0r.
have v_sum : \sum_y v y = 1.
  apply: (U_sum (p := p) (m := m)) => // [|y /v_support /U1 //].
  have least y : 1 - delta <= 1 + z y.
    by rewrite ler_add2l; have := box_z y; rewrite ler_norml => /andP[].
  by apply: lt_le_trans (average_ge x least); rewrite subr_gt0.
exists (distr_of v_ge0 v_sum) => [|y]; last first.
  rewrite distr_ofE /v /scaled mulrDr mulr1 addrAC subrr add0r normrM mulrC.
  by rewrite (ger0_norm (mass_ge0 x y)) ler_wpmul2r ?mass_ge0.
apply/P1_equilibrium => y.
have eq_U : k.+1%:R * utility p k (distr_of v_ge0 v_sum) y = U p m v y.
  rewrite -U_utility; congr (_ * _); apply: eq_bigr => S _; congr (_ * _).
  by apply: eq_bigr => s _; rewrite distr_ofE.
rewrite -(ler_pmul2l (ltr0Sn R k)) eq_U mulfV ?pnatr_eq0 //.
have [/U1-> //|yT] := boolP (y \in support); apply: le_trans (off_support yT).
rewrite mulrC -U_scale; apply: U_le => s; rewrite v_ge0 /v /scaled mulrC ler_wpmul2r ?mass_ge0 //.
by rewrite ler_add2l; apply: le_trans (box_z s); exact: ler_norm.
Qed.

End Step.

(** There is an equilibrium in the box around x, with the same support. *)
Lemma equilibrium_in_box (R : archiFieldType) (Y : finType) (p : population R Y) m
    (x : distr R Y) (B : Y -> Y -> R) (delta : R) : bolzano_weierstrass R ->
  0 < delta -> delta < 1 ->
  (forall i, i \in support x -> beta p m x B i + rate p m x B delta i * delta < delta) ->
  (forall y, y \notin support x -> U p m x y * (1 + delta) ^+ m.+1 <= 1) ->
  exists2 pi : distr R Y, equilibrium p m.+1 pi & forall y, `|pi y - x y| <= delta * x y.
Proof.
move=> bw gt0 lt1 contraction off; have [q q01 contracts] := newton_contracts gt0 contraction.
have stays := newton_box gt0 contraction.
by have [z box_z fixed] := fixed_point bw gt0 q01 stays contracts; exact: fixed_equilibrium fixed.
Qed.
