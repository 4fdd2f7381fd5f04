(** E16: what the users did not say. They give partial orders, and the guarantees hold for all
    completions. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility Statements P1 E1 E5.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Largest.

Variable R : realFieldType.

(** The largest of a list of numbers that are not negative. *)
Definition largest (s : seq R) : R := foldr Num.max 0 s.

Lemma largest_ge (s : seq R) x : x \in s -> x <= largest s.
Proof.
elim: s => //= y s IH; rewrite inE le_maxr => /predU1P[->|/IH->]; by rewrite ?lexx ?orbT.
Qed.

Lemma largest_in (I : eqType) (f : I -> R) (T : seq I) : T != [::] -> (forall i, 0 <= f i) ->
  exists2 i, i \in T & largest [seq f i | i <- T] = f i.
Proof.
move=> T0 f_ge0; elim: T T0 => // i [_ _|j T IH _].
  by exists i; rewrite ?mem_head // /largest /= max_l.
have [//|h hT hE] := IH.
have -> : largest [seq f i | i <- i :: j :: T] = Num.max (f i) (f h) by rewrite -hE.
have [_|_] := leP (f h) (f i); first by exists i; rewrite ?mem_head.
by exists h; rewrite // inE hT orbT.
Qed.

End Largest.

(** E16. What follows from what a user said holds in the same weak orders, if that has no cycle;
    ... *)
Theorem E16_closure (Y : finType) (above_as_said tied_as_said : rel Y)
  (no_cycle : acyclic above_as_said tied_as_said) r :
  agrees above_as_said tied_as_said r <-> completes (closure no_cycle) r.
Proof.
split=> [fits a b|complete a b].
  split=> [/follows_aboveP[x [y [ax xy yb]]]|/andP[ab ba]].
    apply: leq_ltn_trans (chained_le fits ax) _.
    exact: leq_trans ((fits x y).1 xy) (chained_le fits yb).
  by apply/eqP; rewrite eqn_leq !(chained_le fits).
split=> [ab|ab].
  apply: (complete a b).1; apply/follows_aboveP; exists a, b.
  by rewrite /chained !connect0.
by apply: (complete a b).2; rewrite /= /follows_tied /chained !connect1 // /step ab ?orbT.
Qed.

(** E16. ... and some weak order agrees with it if and only if it has none. *)
Theorem E16_cycle (Y : finType) (above_as_said tied_as_said : rel Y) :
  (exists r, agrees above_as_said tied_as_said r) <-> acyclic above_as_said tied_as_said.
Proof.
split=> [[r fits] a b ab|no_cycle].
  apply/negP=> /(chained_le fits); rewrite leqNgt; exact/negP/negPn/(fits a b).1.
have [y _|none] := pickP (@predT Y); last by exists (fun=> 0%N) => a; have := none a.
exists (worst (closure no_cycle) y); apply/E16_closure; exact: worst_completes.
Qed.

Section E16.

Variables (R : realFieldType) (Y user : finType) (weight : distr R user).
Variables (said : user -> statements Y) (k : nat).
Implicit Types (pi : distr R Y) (y z : Y) (u : user).

(** The mass known to be above y, and that of y's declared class. *)
Definition known_above pi u y := \sum_(z | higher (said u) z y) pi z.
Definition known_tied pi u y := \sum_(z | same (said u) z y) pi z.

(** What y earns at most, the users' average of phi_k(1 - A - p, p). *)
Definition most pi y : R := let A u := known_above pi u y in let p u := known_tied pi u y in
  \sum_u weight u * integral (line (1 - A u - p u) (p u) ^+ k).

(** The users, completed by the rankings r. *)
Definition completion (r : user -> ranking Y) := forall u, completes (said u) (r u).
Definition completed (r : user -> ranking Y) : population R Y := Population weight r.

Lemma tied_ge0 pi u y : 0 <= known_tied pi u y.
Proof. by apply: sumr_ge0 => z _; exact: mass_ge0. Qed.

Lemma not_above pi u y : 1 - known_above pi u y = \sum_(z | ~~ higher (said u) z y) pi z.
Proof. by rewrite -(mass_sum pi) (bigID (fun z => higher (said u) z y)) /= addrC addKr. Qed.

Lemma rest pi u y : 1 - known_above pi u y - known_tied pi u y
  = \sum_(z | ~~ (higher (said u) z y || same (said u) z y)) pi z.
Proof.
rewrite not_above (bigID (fun z => same (said u) z y)) /= addrAC.
rewrite (eq_bigl (fun z => same (said u) z y)) ?subrr ?add0r => [|z].
  by apply: eq_bigl => z; rewrite negb_or.
by case above: (higher _ _ _); rewrite // (negPf (higher_not_same above)).
Qed.

Lemma rest_ge0 pi u y : 0 <= 1 - known_above pi u y - known_tied pi u y.
Proof. by rewrite rest; apply: sumr_ge0 => z _; exact: mass_ge0. Qed.

Lemma sub_mass pi (P Q : pred Y) : (forall z, P z -> Q z) ->
  \sum_(z | P z) pi z <= \sum_(z | Q z) pi z.
Proof.
move=> sub; rewrite [leRHS](bigID P) /= (eq_bigl P) => [|z]; last first.
  by case Pz: (P z); rewrite ?andbF ?andbT ?sub.
by rewrite ler_addl; apply: sumr_ge0 => z _; exact: mass_ge0.
Qed.

(** E16. Whatever the completion, pi^k wins at least 1 - v_y(pi) against y, v_y the users' average
    of phi_k(1 - A - p, p); ... *)
Theorem E16 r pi y : completion r ->
  1 - most pi y <= W uniform (completed r) (draws k pi) (sure [tuple y]).
Proof.
move=> complete; rewrite W_utility ler_add2l ler_opp2 utilityE; apply: ler_sum => u _.
rewrite ler_wpmul2l ?mass_ge0 //; apply: integral_line_le; rewrite ?low_ge0 ?level_ge0 ?tied_ge0 //.
  rewrite rest; apply: sub_mass => z lt; apply/negP=> /orP[above|tie].
    by have [/(_ above)] := complete u z y; rewrite ltnNge ltnW.
  by have [_ /(_ tie) eq_r] := complete u z y; rewrite /= eq_r ltnn in lt.
rewrite -lowS subrK not_above; apply: sub_mass => z le; apply/negP=> above.
by have [/(_ above)] := complete u z y; rewrite ltnNge le.
Qed.

Lemma cumulative_worst pi u y : let r := worst (said u) y in
  cumulative pi r (r y) = line (1 - known_above pi u y - known_tied pi u y) (known_tied pi u y).
Proof.
rewrite /cumulative rest; congr (line _ _); apply: eq_bigl => z; last exact: worst_tied.
by rewrite -(worst_above (said u) y) -(worst_tied (said u) y) orbC -leq_eqVlt ltnNge.
Qed.

(** E16. ... and one completion reaches that, for every pi: it puts below y whatever is not known
    to be above it or to tie with it. *)
Theorem E16_worst y : exists2 r, completion r &
  forall pi, W uniform (completed r) (draws k pi) (sure [tuple y]) = 1 - most pi y.
Proof.
exists (fun u => worst (said u) y) => [u|pi]; first exact: worst_completes.
rewrite W_utility utilityE; congr (1 - _); apply: eq_bigr => u _; congr (_ * integral (_ ^+ _)).
exact: cumulative_worst.
Qed.

(** E16. v_y is convex in pi, so the best guarantee for the data as they are is a convex program;
    ... *)
Theorem E16_convex y (I : finType) (q : distr R I) (f : I -> distr R Y) :
  most (mixture q f) y <= \sum_i q i * most (f i) y.
Proof.
have [r _ wins] := E16_worst y.
have mostE pi : most pi y = utility (completed r) k pi y.
  by have := wins pi; rewrite W_utility => /addrI/oppr_inj.
by rewrite mostE; under eq_bigr do rewrite mostE; exact: E1_convex_utility.
Qed.

(** E16. Where all is known, v_y is y's utility. *)
Theorem E16_known (r : user -> ranking Y) pi y :
  (forall u a b, higher (said u) a b = (r u a < r u b)%N /\ same (said u) a b = (r u a == r u b)) ->
  most pi y = utility (completed r) k pi y.
Proof.
move=> known; rewrite utilityE; apply: eq_bigr => u _; congr (_ * integral (_ ^+ _)).
rewrite /cumulative rest; congr (line _ _); apply: eq_bigl => z; rewrite (known u z y).2 //.
by rewrite (known u z y).1 orbC -leq_eqVlt ltnNge.
Qed.

(** E16. No policy guarantees more than k/(k+1), which is what it can be where all is known (P2). *)
Theorem E16_no_more (y0 : Y) pi f : (forall y, f <= 1 - most pi y) -> f <= k%:R / k.+1%:R.
Proof.
move=> le; have [r complete _] := E16_worst y0; apply: (@P1_no_more _ _ (completed r) _ pi) => y.
exact: le_trans (le y) (E16 _ _ complete).
Qed.

Lemma enough pi y l' : (forall u, l'.+1%:R^-1 <= known_above pi u y + known_tied pi u y) ->
  product_rate R l'.+1 k <= 1 - most pi y.
Proof.
move=> known; rewrite ler_subr_addr addrC -ler_subr_addr rate_integral; apply: average_le => u.
apply: integral_line_le; rewrite ?rest_ge0 ?tied_ge0 ?E5.rest_ge0 //.
  by rewrite -addrA -opprD ler_add2l ler_opp2.
rewrite subrK [leRHS]addrC subrK ler_subl_addr ler_addl; apply: sumr_ge0 => z _; exact: mass_ge0.
Qed.

(** E16. The uniform policy guarantees g_n(k), whatever was said; ... *)
Theorem E16_uniform (y0 y : Y) : product_rate R #|Y| k <= 1 - most (even y0) y.
Proof.
have n_gt0 : (0 < #|Y|)%N by apply/card_gt0P; exists y0.
rewrite -(prednK n_gt0); apply: enough => u; rewrite prednK // -(evenE R y0 y) ler_paddl //.
  by apply: sumr_ge0 => z _; exact: mass_ge0.
rewrite /known_tied (bigD1 y) ?same_refl // ler_addl; apply: sumr_ge0 => z _; exact: mass_ge0.
Qed.

(** E16. ... and where nothing was said, no policy guarantees more. *)
Theorem E16_silent (y0 : Y) pi :
  (forall u a b, higher (said u) a b = false /\ same (said u) a b = (a == b)) ->
  exists y, 1 - most pi y <= product_rate R #|Y| k.
Proof.
move=> silent; have n_gt0 : (0 < #|Y|)%N by apply/card_gt0P; exists y0.
have [y le] : exists y, - #|Y|%:R^-1 <= - pi y.
  apply: (@average_exists _ _ (even y0)); under eq_bigr do rewrite evenE mulrN.
  by rewrite sumrN -big_distrr /= mass_sum mulr1.
exists y; move: le; rewrite ler_opp2 => le; rewrite ler_subl_addr -ler_subl_addl.
rewrite -{1}(prednK n_gt0) rate_integral prednK //; apply: average_ge => u.
have -> : known_above pi u y = 0 by apply: big_pred0 => z; have [] := silent u z y.
have -> : known_tied pi u y = pi y by apply: big_pred1 => z; have [] := silent u z y.
rewrite subr0; apply: integral_line_le; rewrite ?mass_ge0 ?E5.rest_ge0 //.
- by rewrite subr_ge0 invf_le1 ?ler1n ?ltr0n.
- by rewrite subKr invr_ge0 ler0n.
- by rewrite ler_add2l ler_opp2.
- by rewrite subrK addrC subrK.
Qed.

(** E16. If every user names a best response, all others being declared below it or tied with it,
    the uniform policy on the f responses named guarantees g_f(k). *)
Theorem E16_named (F : {set Y}) (in_F : exists y, y \in F) :
  (forall u, exists2 b, b \in F & forall y, higher (said u) b y || same (said u) b y) ->
  exists pi, forall y, product_rate R #|F| k <= 1 - most pi y.
Proof.
move=> named; have f_gt0 : (0 < #|F|)%N by apply/card_gt0P.
have pi_ge0 (y : Y) : 0 <= (y \in F)%:R / #|F|%:R :> R by rewrite divr_ge0 ?ler0n.
have pi_sum : \sum_y (y \in F)%:R / #|F|%:R = 1 :> R.
  by rewrite -big_distrl -natr_sum -big_mkcond sum1_card /= divff // pnatr_eq0 -lt0n.
exists (distr_of pi_ge0 pi_sum) => y; have := @enough (distr_of pi_ge0 pi_sum) y #|F|.-1.
rewrite prednK //; apply=> u; have [b bF] := named u => /(_ y) best.
have massE : distr_of pi_ge0 pi_sum b = #|F|%:R^-1 by rewrite distr_ofE bF mul1r.
rewrite -[leLHS]massE; case/orP: best => said_b.
  rewrite ler_paddr ?tied_ge0 // /known_above (bigD1 b) // ler_addl.
  by apply: sumr_ge0 => z _; exact: mass_ge0.
rewrite ler_paddl //; first by apply: sumr_ge0 => z _; exact: mass_ge0.
by rewrite /known_tied (bigD1 b) // ler_addl; apply: sumr_ge0 => z _; exact: mass_ge0.
Qed.

(** What a user picks of a tuple T at most if y is the best of T: the draws not known to be above
    its declared class, j positions of T in that class. *)
Definition on_top pi u (T : seq Y) y : R :=
  let p := known_tied pi u y in let L := 1 - known_above pi u y - p in
  let j := count (fun z => same (said u) z y) T in
  \sum_(i < k.+1) 'C(k, i)%:R * L ^+ (k - i) * p ^+ i * (j%:R / (i + j)%:R).

(** What T earns at most: the users' average of the largest of that over the y in T. *)
Definition most_tuple pi (T : seq Y) : R :=
  \sum_u weight u * largest [seq on_top pi u T y | y <- T].

Lemma on_top_ge0 pi u T y : 0 <= on_top pi u T y.
Proof.
apply: sumr_ge0 => i _; apply: mulr_ge0; last by rewrite divr_ge0 ?ler0n.
by rewrite !mulr_ge0 ?ler0n // exprn_ge0 ?rest_ge0 ?tied_ge0.
Qed.

Lemma on_topE pi u T y : y \in T -> let j := count (fun z => same (said u) z y) T in
  on_top pi u T y = j%:R * integral ('X^j.-1 *
    line (1 - known_above pi u y - known_tied pi u y) (known_tied pi u y) ^+ k).
Proof.
move=> yT j; have j_gt0 : (0 < j)%N.
  by rewrite -has_count; apply/hasP; exists y => //; exact: same_refl.
rewrite /on_top -/j /line exprDn [X in integral X]mulr_sumr integral_sum mulr_sumr.
apply: eq_bigr => i _; rewrite -polyC_exp exprZn -scaler_nat mul_polyC !scalerA -scalerAr.
rewrite -exprD integralZ integralXn.
by rewrite -addSn prednK // [(j + i)%N]addnC mulrCA.
Qed.

Lemma on_top_chance pi u T y : y \in T -> undominated (said u) T y ->
  chance k pi (worst (said u) y) T = on_top pi u T y.
Proof.
by move=> yT none; rewrite /chance worst_tops // worst_top // cumulative_worst integralZ on_topE.
Qed.

(** A response is no better on top than one of T that is known to be above it. *)
Lemma on_top_higher pi u T y z : y \in T -> z \in T -> higher (said u) z y ->
  on_top pi u T y <= on_top pi u T z.
Proof.
move=> yT zT zy; have own_gt0 v : v \in T -> (0 < count (fun w => same (said u) w v) T)%N.
  by move=> vT; rewrite -has_count; apply/hasP; exists v => //; exact: same_refl.
pose a := 1 - known_above pi u z - known_tied pi u z.
apply: le_trans (_ : a ^+ k <= _); rewrite on_topE //.
  apply: le_trans (integral_most (own_gt0 y yT) _) _.
    by apply: coef_ge0X; apply: coef_ge0_line; rewrite ?rest_ge0 ?tied_ge0.
  rewrite horner_exp lineE mulr1 subrK; apply: ler_expn2r; rewrite ?nnegrE ?rest_ge0 //.
    by rewrite not_above; apply: sumr_ge0 => v _; exact: mass_ge0.
  rewrite /a rest not_above; apply: sub_mass => v; apply: contra => /orP[vz|vz].
    exact: higher_trans zy.
  by rewrite (same_left y vz).
rewrite -[leLHS](integral_flat (a ^+ k) (own_gt0 z zT)) ler_wpmul2l ?ler0n //.
apply: integral_le; rewrite -mulrBr; apply: coef_ge0M; first exact: coef_ge0Xn.
by apply: coef_ge0_excess; rewrite ?rest_ge0 ?tied_ge0.
Qed.

Lemma on_top_largest pi u T : T != [::] -> exists y,
  [/\ y \in T, undominated (said u) T y & largest [seq on_top pi u T z | z <- T] = on_top pi u T y].
Proof.
move=> T0; have [y yT yE] := largest_in T0 (on_top_ge0 pi u T).
have [|] := boolP (undominated (said u) T y).
  by exists y.
case/allPn=> z0 z0T; rewrite negbK => z0y; pose P z := (z \in T) && higher (said u) z y.
have Pz0 : P z0 by rewrite /P z0T.
pose z := [arg min_(z < z0 | P z) #|[pred x | higher (said u) x z]|].
have [z' /andP[zT zy] least] : {z' | P z' & forall v, P v ->
    (#|[pred x | higher (said u) x z']| <= #|[pred x | higher (said u) x v]|)%N}.
  by exists z; rewrite /z; case: arg_minnP.
exists z'; split=> //.
  apply/allP=> v vT; apply/negP=> vz; have := least v.
  by rewrite /P vT (higher_trans vz zy) leqNgt preds_higher // => /(_ isT).
apply: le_anti; rewrite largest_ge ?map_f // andbT yE.
exact: on_top_higher.
Qed.

Lemma chance_le_largest r pi u (T : seq Y) : completes (said u) r -> T != [::] ->
  chance k pi r T <= largest [seq on_top pi u T y | y <- T].
Proof.
move=> complete T0; have j_gt0 := tops_gt0 r T0; have jR : 0 < (tops r T)%:R :> R by rewrite ltr0n.
rewrite -(ler_pmul2l jR) -draws_chance // mulr_sumr.
apply: le_trans (_ : \sum_(y <- T | best r T y) chance k pi (worst (said u) y) T <= _).
  under [leRHS]eq_bigr do rewrite -draws_chance //; rewrite exchange_big; apply: ler_sum => S _.
  by rewrite mulrCA -mulr_sumr ler_wpmul2l ?mass_ge0 ?split_ties.
apply: le_trans (_ : \sum_(y <- T | best r T y) largest [seq on_top pi u T y | y <- T] <= _).
  rewrite big_seq_cond [leRHS]big_seq_cond; apply: ler_sum => y /andP[yT by_].
  rewrite on_top_chance ?largest_ge ?map_f //; exact: best_undominated by_.
rewrite (_ : tops r T = count (best r T) T); last by apply: eq_in_count => y yT; rewrite top_best.
by rewrite -sum1_count natr_sum big_distrl /=; under [leRHS]eq_bigr do rewrite mul1r.
Qed.

(** E16. Against an l-tuple T pi^k wins at least 1 - v_T(pi), whatever the completion. Here v_T(pi)
    is the users' average of the largest sum of C(k,i) L^(k-i) p^i j/(i+j) over the y in T, where
    L = 1 - A - p and j counts the positions of T in y's declared class; ... *)
Theorem E16_tuples r pi l (T : l.-tuple Y) : (0 < l)%N -> completion r ->
  1 - most_tuple pi T <= W uniform (completed r) (draws k pi) (sure T).
Proof.
move=> l_gt0 complete; have T0 : tval T != [::] by rewrite -size_eq0 size_tuple -lt0n.
rewrite W_swap ?addn_gt0 ?l_gt0 ?orbT // ler_add2l ler_opp2 W_chance //.
by apply: ler_sum => u _; rewrite ler_wpmul2l ?mass_ge0 // chance_le_largest.
Qed.

(** E16. ... one completion reaches that, which may depend on pi; ... *)
Theorem E16_tuples_worst pi l (T : l.-tuple Y) : (0 < l)%N -> exists2 r, completion r &
  W uniform (completed r) (draws k pi) (sure T) = 1 - most_tuple pi T.
Proof.
move=> l_gt0; have T0 : tval T != [::] by rewrite -size_eq0 size_tuple -lt0n.
have [y yP] := fin_all_exists (fun u => on_top_largest pi u T0).
exists (fun u => worst (said u) (y u)) => [u|]; first exact: worst_completes.
rewrite W_swap ?addn_gt0 ?l_gt0 ?orbT // W_chance //; congr (1 - _); apply: eq_bigr => u _ /=.
by have [yT none ->] := yP u; rewrite on_top_chance.
Qed.

(** E16. ... and v_T is convex in pi, as v_y is. *)
Theorem E16_tuples_convex l (T : l.-tuple Y) (I : finType) (q : distr R I) (f : I -> distr R Y) :
  (0 < l)%N -> most_tuple (mixture q f) T <= \sum_i q i * most_tuple (f i) T.
Proof.
move=> l_gt0; have [r complete wins] := E16_tuples_worst (mixture q f) T l_gt0.
have le := E1_concave (completed r) k T q f l_gt0; rewrite wins in le.
rewrite -ler_opp2 -(ler_add2l 1); apply: le_trans le; rewrite -{1}(mass_sum q) -sumrB.
apply: ler_sum => i _; rewrite -{1}[q i]mulr1 -mulrBr ler_wpmul2l ?mass_ge0 //.
exact: E16_tuples.
Qed.

End E16.

(** E16. Nothing is lost when something is learnt. *)
Theorem E16_learnt (R : realFieldType) (Y user : finType) (weight : distr R user)
  (said learnt : user -> statements Y) (k : nat) (pi : distr R Y) y :
  (forall u a b, (higher (said u) a b -> higher (learnt u) a b) /\
                 (same (said u) a b -> same (learnt u) a b)) ->
  1 - most weight said k pi y <= 1 - most weight learnt k pi y.
Proof.
move=> more; rewrite ler_add2l ler_opp2; apply: ler_sum => u _; rewrite ler_wpmul2l ?mass_ge0 //.
apply: integral_line_le; rewrite ?rest_ge0 ?tied_ge0 //.
  rewrite !rest; apply: sub_mass => z; apply: contra => /orP[/(more u z y).1->//|/(more u z y).2->].
  by rewrite orbT.
by rewrite !subrK !not_above; apply: sub_mass => z; apply: contra; exact: (more u z y).1.
Qed.
