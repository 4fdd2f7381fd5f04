(** E16: what the users did not say. They give partial orders, and the guarantees hold for all
    completions. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1 E1 E5.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** What a user has said: some responses are above others, some tie. That is closed under what
    follows from it, and puts nothing above itself. *)
Record statements (Y : finType) := Statements {
  higher : rel Y;
  same : rel Y;
  higher_irr : irreflexive higher;
  higher_trans : transitive higher;
  same_eq : equivalence_rel same;
  same_left : forall a b c, same a b -> higher a c = higher b c;
  same_right : forall a b c, same a b -> higher c a = higher c b }.

(** A weak order in which all of it holds. *)
Definition completes (Y : finType) (s : statements Y) (r : ranking Y) := forall a b,
  (higher s a b -> (r a < r b)%N) /\ (same s a b -> r a = r b).

Section Lines.

Variable R : realFieldType.

(** A line that is not below another at either end of [0, 1] is above it in between. *)
Lemma integral_line_le (c d c' d' : R) k : 0 <= c -> 0 <= d -> 0 <= d' ->
  c <= c' -> c + d <= c' + d' -> integral (line c d ^+ k) <= integral (line c' d' ^+ k).
Proof.
move=> c0 d0 d1 le0 le1; rewrite -subr_ge0 -integralB subrXX; set q := \sum_(i < k) _.
have q_ge0 : coef_ge0 q.
  apply: coef_ge0_sum => i _; apply: coef_ge0M; apply: coef_ge0X; apply: coef_ge0_line => //.
  exact: le_trans le0.
have -> : line c' d' - line c d = (c' - c) *: (1 - 'X) + (c' + d' - (c + d)) *: 'X.
  rewrite /line -!mul_polyC !polyCB !polyCD; ring.
rewrite mulrDl integralD -!scalerAl !integralZ addr_ge0 // mulr_ge0 ?subr_ge0 //.
  rewrite mulrBl mul1r integralB subr_ge0 -['X]expr1; exact: integral_shift.
by apply: integral_ge0; apply: coef_ge0M => //; rewrite -['X]expr1; exact: coef_ge0Xn.
Qed.

End Lines.

Section OneUser.

Variables (Y : finType) (s : statements Y) (y : Y).

Lemma same_refl a : same s a a.
Proof. by have [] := same_eq s a a a. Qed.

Lemma higher_not_same z : higher s z y -> ~~ same s z y.
Proof. by move=> above; apply/negP=> /same_left eq; move: above; rewrite eq higher_irr. Qed.

(** As much as possible is below y: first what is known to be above it, then what ties with it,
    then the rest, in each of these by how much is known to be above. *)
Definition worst (z : Y) : nat :=
  let h := #|[pred x | higher s x z]| in
  if higher s z y then h else if same s z y then #|Y| else (#|Y|.+1 + h)%N.

Lemma preds_lt z : (#|[pred x | higher s x z]| < #|Y|)%N.
Proof.
apply: proper_card; apply/properP; split; first exact/subsetP.
by exists z; rewrite ?inE ?higher_irr.
Qed.

Lemma worst_above z : (worst z < worst y)%N = higher s z y.
Proof.
rewrite {2}/worst higher_irr same_refl /worst; case: ifP => [_|_]; first exact: preds_lt.
by case: ifP => _; rewrite ?ltnn // ltnNge leqW // leq_addr.
Qed.

Lemma worst_tied z : (worst z == worst y) = same s z y.
Proof.
rewrite {2}/worst higher_irr same_refl /worst; case: ifP => [above|_].
  by rewrite (negPf (higher_not_same above)) ltn_eqF // preds_lt.
by case: ifP => _; rewrite ?eqxx // gtn_eqF // ltnS leq_addr.
Qed.

Lemma worst_completes : completes s worst.
Proof.
move=> a b; split=> [ab|ab]; last first.
  rewrite /worst (same_left _ ab); congr (if _ then _ else if _ then _ else (_ + _)%N).
  - by apply: eq_card => x; rewrite !inE (same_right _ ab).
  - by have [_ ->] := same_eq s a b y.
  - by apply: eq_card => x; rewrite !inE (same_right _ ab).
have preds : (#|[pred x | higher s x a]| < #|[pred x | higher s x b]|)%N.
  apply: proper_card; apply/properP; split.
    by apply/subsetP=> x; rewrite !inE => xa; exact: higher_trans ab.
  by exists a; rewrite !inE ?higher_irr.
rewrite /worst; case: (boolP (higher s a y)) => [ay|nay].
  case: ifP => // _; case: ifP => _; first exact: preds_lt.
  by rewrite (leq_trans (preds_lt a)) // leqW // leq_addr.
have nby : higher s b y = false by apply: contraNF nay; exact: higher_trans.
rewrite nby; case: (boolP (same s b y)) => [sb|_]; first by rewrite -(same_right _ sb) ab in nay.
by case: ifP => _; rewrite ?ltn_add2l // ltnS leq_addr.
Qed.

End OneUser.

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

(** E16. ... and one completion reaches that, for every pi: it puts below y whatever is not known
    to be above it or to tie with it. *)
Theorem E16_worst y : exists2 r, completion r &
  forall pi, W uniform (completed r) (draws k pi) (sure [tuple y]) = 1 - most pi y.
Proof.
exists (fun u => worst (said u) y) => [u|pi]; first exact: worst_completes.
rewrite W_utility utilityE; congr (1 - _); apply: eq_bigr => u _; congr (_ * integral (_ ^+ _)).
rewrite /cumulative rest; congr (line _ _); apply: eq_bigl => z.
  by rewrite -(worst_above (said u) y) -(worst_tied (said u) y) orbC -leq_eqVlt ltnNge.
exact: worst_tied.
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
