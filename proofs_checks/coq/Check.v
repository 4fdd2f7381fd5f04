(** Deciding claims about one population by computing with integers, proved sound against
    Definitions.v. Meant for vm_compute: a proof of a claim is the check's answer, true. Example.v
    shows the form. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Integral Utility P1.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

From mathcomp Require Import zify ssrZ.
From Coq Require Import ZArith.
Delimit Scope nat_scope with N.
Local Open Scope ring_scope.

(** ** What is written down *)

(** Responses are 0..n-1. A user is her weight and the places of the responses, the best first
    place 0; a policy or a mixture lists weights. All weights count by their share of the sum. *)
Definition user_data : Type := Z * seq nat.
Definition tuple_data : Type := Z * seq nat.

Definition sum_of (s : seq Z) : Z := foldr Z.add 0%Z s.

Definition shares n (s : seq Z) : bool :=
  [&& size s == n, all (fun z => 0 <=? z)%Z s & (0 <? sum_of s)%Z].

Definition population_ok n (us : seq user_data) : bool :=
  shares (size us) (map fst us) && all (fun u => size u.2 == n) us.

Definition mixture_ok n k (P : seq tuple_data) : bool :=
  shares (size P) (map fst P) && all (fun S => (size S.2 == k) && all (fun y => y < n)%N S.2) P.

Definition ranks (u : user_data) : ranking nat := nth 0%N u.2.

Section Meaning.

Variable R : realFieldType.

Definition real (z : Z) : R := (int_of_Z z)%:~R.

Lemma realD x y : real (x + y)%Z = real x + real y.
Proof. by rewrite /real -intrD -rmorphD. Qed.
Lemma realM x y : real (x * y)%Z = real x * real y.
Proof. by rewrite /real -intrM -rmorphM. Qed.
Lemma real0 : real 0 = 0. Proof. by []. Qed.
Lemma real1 : real 1 = 1. Proof. by []. Qed.
Lemma real_le x y : (real x <= real y) = (x <=? y)%Z.
Proof. by rewrite /real ler_int; apply/idP/idP; lia. Qed.
Lemma real_lt x y : (real x < real y) = (x <? y)%Z.
Proof. by rewrite /real ltr_int; apply/idP/idP; lia. Qed.
Lemma real_nat (i : nat) : real (Z.of_nat i) = i%:R.
Proof. by rewrite /real [RHS]pmulrn; congr _%:~R; lia. Qed.

Lemma real_sum (s : seq Z) n : size s = n -> real (sum_of s) = \sum_(i < n) real (nth 0%Z s i).
Proof.
move<-; elim: s => [|z s IH]; first by rewrite big_ord0.
by rewrite /= realD IH big_ord_recl.
Qed.

Fact share_ge0 n s : shares n s -> forall i : 'I_n, 0 <= real (nth 0%Z s i) / real (sum_of s).
Proof.
case/and3P=> /eqP size_s all0 pos i; rewrite divr_ge0 // -real0 real_le; last by move: pos; lia.
by apply: (all_nthP _ all0); rewrite size_s.
Qed.

Fact share_sum n s : shares n s -> \sum_(i < n) real (nth 0%Z s i) / real (sum_of s) = 1.
Proof.
case/and3P=> /eqP size_s _ pos; rewrite -big_distrl /= -(real_sum size_s) divff //.
by rewrite gt_eqF // -real0 real_lt.
Qed.

(** The distribution with these shares of the weights. *)
Definition share n s (ok : shares n s) : distr R [finType of 'I_n] :=
  distr_of (share_ge0 ok) (share_sum ok).

Variable n' : nat.
Let n := n'.+1.

Fact users_ok us : population_ok n us -> shares (size us) (map fst us).
Proof. by case/andP. Qed.

(** The population that is written down. *)
Definition population_of us (ok : population_ok n us) : population R [finType of 'I_n] :=
  @Population R _ [finType of 'I_(size us)] (share (users_ok ok))
    (fun i (y : 'I_n) => ranks (nth (0%Z, [::]) us i) y).

Fact tuples_ok k P : mixture_ok n k P -> shares (size P) (map fst P).
Proof. by case/andP. Qed.

Definition tuple_of k (S : seq nat) : k.-tuple 'I_n := [tuple inord (nth 0%N S i) | i < k].

(** The mixture of k-tuples that is written down. *)
Definition mixture_of k P (ok : mixture_ok n k P) : outputs R k [finType of 'I_n] :=
  mixture (share (tuples_ok ok)) (fun i => sure (tuple_of k (nth (0%Z, [::]) P i).2)).

(** ** Product policies *)

(** The mass at places b and beyond. *)
Fixpoint mass_from (b : nat) (places : seq nat) (masses : seq Z) : Z :=
  match places, masses with
  | r :: places', m :: masses' =>
      let rest := mass_from b places' masses' in if (b <= r)%N then (m + rest)%Z else rest
  | _, _ => 0%Z
  end.

(** (S^k, sum of S^i L^(k-i)). *)
Fixpoint stair (k : nat) (L S : Z) : Z * Z :=
  if k is k'.+1 then
    let (power, sum) := stair k' L S in let power' := (S * power)%Z in (power', power' + L * sum)%Z
  else (1%Z, 1%Z).

Definition picks k (masses : seq Z) (u : user_data) (y : nat) : Z :=
  let b := ranks u y in (stair k (mass_from b.+1 u.2 masses) (mass_from b u.2 masses)).2.

Definition all_picks k masses (us : seq user_data) y : Z :=
  sum_of [seq (u.1 * picks k masses u y)%Z | u <- us].

Definition scale k masses (us : seq user_data) : Z :=
  (sum_of (map fst us) * (Z.of_nat k.+1 * (stair k 0 (sum_of masses)).1))%Z.

(** Every response leaves the policy at least a/b. *)
Definition product_wins us k masses (a b : Z) : bool :=
  (0 <? b)%Z && let all_weight := scale k masses us in
  all (fun y => a * all_weight <=? b * (all_weight - all_picks k masses us y))%Z (iota 0 n).

Lemma mass_fromE b places masses m : size places = m -> size masses = m ->
  real (mass_from b places masses)
  = \sum_(y < m | (b <= nth 0 places y)%N) real (nth 0%Z masses y).
Proof.
move<-; elim: places masses => [|r places IH] [|z masses] //= => [_|[/IH {}IH]].
  by rewrite big_ord0.
rewrite big_mkcond big_ord_recl /= -big_mkcond -IH.
by case: ifP; rewrite ?realD ?add0r.
Qed.

Section Product.

Variables (us : seq user_data) (ok : population_ok n us) (k : nat).
Variables (masses : seq Z) (okm : shares n masses).
Let D := real (sum_of masses).
Let p := population_of ok.
Let pi := share okm.

Fact D_gt0 : 0 < D.
Proof. by case/and3P: okm => _ _; rewrite /D -real0 real_lt. Qed.

Fact Wt_gt0 : 0 < real (sum_of (map fst us)).
Proof. by case/and3P: (users_ok ok) => _ _; rewrite -real0 real_lt. Qed.

Lemma lowE (i : user p) b :
  real (mass_from b (nth (0%Z, [::]) us i).2 masses) = low pi (rank p i) b * D.
Proof.
have size_m : size masses = n by case/and3P: okm => /eqP.
rewrite (@mass_fromE b _ _ n) //; last first.
  by case/andP: ok => _ /all_nthP H; apply/eqP; apply: (H (0%Z, [::])).
rewrite /low big_distrl; apply: eq_bigr => y _ /=; rewrite ffunE.
by rewrite divfK ?lt0r_neq0 ?D_gt0.
Qed.

Lemma stairE (r : ranking 'I_n) b L S :
  real L = low pi r b.+1 * D -> real S = low pi r b * D ->
  real (stair k L S).1 = (low pi r b * D) ^+ k /\
  real (stair k L S).2 = k.+1%:R * phi k pi r b * D ^+ k.
Proof.
move=> LE SE; elim: k => [|i] /=.
  have -> : phi 0 pi r b = 1 by rewrite /phi expr0 -(polyC1 R) integralC.
  by rewrite !expr0 !mulr1 real1.
case: (stair i L S) => [power sum] /= [powerE sumE].
rewrite realD !realM powerE sumE LE SE phi_succ exprS; split=> //.
rewrite [D ^+ i.+1]exprS !exprMn; move: (phi _ _ _ _) (D ^+ i) => f d.
rewrite !exprS; move: (_ ^+ i) (i.+1%:R) => si j; ring.
Qed.

Fact stair0 i : real (stair i 0 (sum_of masses)).1 = D ^+ i.
Proof.
elim: i => [|i] //=; case: (stair i 0 (sum_of masses)) => [power sum] /= IH.
by rewrite realM IH exprS.
Qed.

Lemma picksE y : (y < n)%N ->
  real (all_picks k masses us y) = utility p k pi (inord y) * real (scale k masses us).
Proof.
move=> y_n; rewrite utilityE /all_picks (@real_sum _ (size us)) ?size_map // big_distrl.
apply: eq_bigr => i _ /=; rewrite (nth_map (0%Z, [::])) // realM ffunE.
set u := nth _ us i; have uE : (nth 0%Z (map fst us) i) = u.1 by rewrite (nth_map (0%Z, [::])).
rewrite uE /picks; have [_ ->] := stairE (lowE i (ranks u y).+1) (lowE i (ranks u y)).
rewrite /scale !realM stair0 real_nat /= (_ : ranks u (inord y) = ranks u y); last by rewrite inordK.
have := lt0r_neq0 Wt_gt0; move: (real (sum_of _)) (phi _ _ _ _) (D ^+ k) => W f d W0.
by rewrite -/u; field; rewrite W0.
Qed.

Fact scale_gt0 : 0 < real (scale k masses us).
Proof.
by rewrite /scale !realM stair0 real_nat !mulr_gt0 ?Wt_gt0 ?exprn_gt0 ?D_gt0 // ltr0n.
Qed.

(** A claim `win-rate` of a product policy with l = 1, `uniform` ties and the relation >=. *)
Theorem product_wins_sound a b : product_wins us k masses a b ->
  robust uniform (population_of ok) (draws k (share okm)) (real a / real b).
Proof.
case/andP=> b_gt0 /allP wins y; rewrite W_utility.
have {b_gt0} b_gt0 : 0 < real b by rewrite -real0 real_lt.
have /wins : val y \in iota 0 n by rewrite mem_iota /= add0n.
rewrite -real_le !realM /Z.sub realD (_ : real (- _)%Z = - real (all_picks k masses us y)).
  rewrite picksE // inord_val -/p -/pi => le; rewrite ler_pdivr_mulr //.
  rewrite -(ler_pmul2r scale_gt0); apply: le_trans le _.
  by rewrite mulrBr mulr1 mulrBl mulrA [_ * real b]mulrC mulrAC mulrA.
by rewrite /real -mulrNz; congr _%:~R; lia.
Qed.

(** A claim `equilibrium` with delta = 0. *)
Theorem equilibrium_sound : product_wins us k masses (Z.of_nat k) (Z.of_nat k.+1) ->
  equilibrium (population_of ok) k (share okm).
Proof. by move/product_wins_sound; rewrite !real_nat => rob; apply/P1_robust. Qed.

End Product.

(** ** Tuples, listed *)

(** A user's share of S where i of the best positions are of S and j are of T, as a fraction. *)
Definition fraction (t : ties) (i j : nat) : Z * Z :=
  if i == 0%N then (0, 1)%Z
  else if j == 0%N then (1, 1)%Z
  else match t with
       | uniform => (Z.of_nat i, Z.of_nat (i + j))
       | win => (1, 1)%Z
       | half => (1, 2)%Z
       | lose => (0, 1)%Z
       end.

Lemma fractionE t (r : ranking nat) (S T : seq nat) :
  let f := fraction t (ours r S T) (theirs r S T) in
  (0 <? f.2)%Z /\ picked_from R t r S T = real f.1 / real f.2.
Proof.
rewrite /fraction /picked_from; case: eqP => [_|/eqP i0].
  by rewrite real0 mul0r.
case: eqP => _; first by rewrite real1 divr1.
case: t => /=; rewrite ?real0 ?real1 ?mul0r ?divr1 //.
by split; [lia | rewrite !real_nat].
Qed.

(** All multisets of k of the responses 0..m-1. *)
Fixpoint multisets (m k : nat) : seq (seq nat) :=
  if m is m'.+1 then
    flatten [seq [seq nseq j m' ++ S | S <- multisets m' (k - j)] | j <- iota 0 k.+1]
  else if k == 0%N then [:: [::]] else [::].

Lemma multisetsP m (S : seq nat) : all (fun y => y < m)%N S ->
  exists2 S', S' \in multisets m (size S) & perm_eq S S'.
Proof.
elim: m S => [|m IH] S small.
  by case: S small => // _; exists [::]; rewrite ?inE.
pose rest := [seq y <- S | y != m]; pose j := count_mem m S.
have size_S : size S = (j + size rest)%N by rewrite size_filter count_predC.
have [|S' mem perm] := IH rest.
  apply/allP=> y; rewrite mem_filter => /andP[ne /(allP small)].
  by rewrite ltnS leq_eqVlt (negPf ne).
exists (nseq j m ++ S').
  apply/flatten_mapP; exists j; first by rewrite mem_iota /= add0n ltnS size_S leq_addr.
  by apply: map_f; rewrite size_S addKn.
rewrite -(perm_filterC (pred1 m) S); apply: perm_cat => //.
by rewrite (_ : [seq y <- S | _] = nseq j m) //; apply/all_pred1P/filter_all; rewrite ?size_filter.
Qed.

Lemma picked_perm t (r : ranking nat) S S' T T' : perm_eq S S' -> perm_eq T T' ->
  picked_from R t r S T = picked_from R t r S' T'.
Proof.
move=> pS pT; have bestE : best r (S ++ T) =1 best r (S' ++ T').
  by move=> y; rewrite /best !all_cat (perm_all _ pS) (perm_all _ pT).
have oursE : ours r S T = ours r S' T' by rewrite /ours (eq_count bestE); exact/permP.
have theirsE : theirs r S T = theirs r S' T' by rewrite /theirs (eq_count bestE); exact/permP.
by rewrite /picked_from oursE theirsE.
Qed.

Lemma picked_val t (r : ranking nat) (S T : seq 'I_n) :
  picked_from R t (fun y : 'I_n => r y) S T = picked_from R t r (map val S) (map val T).
Proof.
have bestE : preim val (best r (map val S ++ map val T)) =1 best (fun y : 'I_n => r y) (S ++ T).
  by move=> y; rewrite /best /= -map_cat all_map.
by rewrite /picked_from /ours /theirs !count_map !(eq_count bestE).
Qed.

Lemma tuple_ofK k S : size S = k -> all (fun y => y < n)%N S -> map val (tuple_of k S) = S.
Proof.
move=> size_S small; apply: (@eq_from_nth _ 0%N); rewrite !size_map size_enum_ord // => i i_k.
rewrite (nth_map ord0) ?size_map ?size_enum_ord // (nth_map (Ordinal i_k)) ?size_enum_ord //.
by rewrite nth_enum_ord //= inordK //; apply: (allP small); rewrite mem_nth ?size_S.
Qed.

(** The denominator for shares, and a share in its units, rounded down or up. *)
Fixpoint units (m : nat) : Z := if m is m'.+1 then (Z.of_nat m * units m')%Z else 2%Z.

Definition rounded (up : bool) (m : nat) (f : Z * Z) : Z :=
  if up then (- ((- (units m * f.1)) / f.2))%Z else ((units m * f.1) / f.2)%Z.

Lemma units_gt0 m : 0 < real (units m).
Proof.
rewrite -real0 real_lt; elim: m => [|m IH] //; move: IH; rewrite /units -/(units m).
by move=> IH; apply/Z.ltb_lt; apply: Z.mul_pos_pos; lia.
Qed.

Lemma rounded_down m f : (0 <? f.2)%Z -> real (rounded false m f) <= real (units m) * (real f.1 / real f.2).
Proof.
move=> pos; have pos' : 0 < real f.2 by rewrite -real0 real_lt.
rewrite mulrA ler_pdivl_mulr // -!realM real_le /rounded.
by apply/Z.leb_le; rewrite Z.mul_comm; apply: Z.mul_div_le; move/Z.ltb_lt: pos.
Qed.

Lemma rounded_up m f : (0 <? f.2)%Z -> real (units m) * (real f.1 / real f.2) <= real (rounded true m f).
Proof.
move=> pos; have pos' : 0 < real f.2 by rewrite -real0 real_lt.
rewrite mulrA ler_pdivr_mulr // -!realM real_le /rounded.
apply/Z.leb_le; move/Z.ltb_lt: pos => pos.
have := Z.mul_div_le (- (units m * f.1)) f.2 pos; lia.
Qed.

(** The users' and the tuples' shares for S against T, in those units. *)
Definition won (up : bool) t (us : seq user_data) m (S T : seq nat) : Z :=
  sum_of [seq (u.1 * rounded up m (fraction t (ours (ranks u) S T) (theirs (ranks u) S T)))%Z
         | u <- us].

Section Tuples.

Variables (t : ties) (us : seq user_data) (ok : population_ok n us).
Let p := population_of ok.
Let Wt := real (sum_of (map fst us)).

Fact user_ge0 i : (i < size us)%N -> 0 <= real (nth (0%Z, [::]) us i).1.
Proof.
move=> i_us; case/andP: ok => /and3P[_ all0 _] _; rewrite -real0 real_le.
rewrite -(nth_map (0%Z, [::]) 0%Z fst) //; apply: (all_nthP _ all0); by rewrite size_map.
Qed.

Fact weightE (i : user p) : weight p i = real (nth (0%Z, [::]) us i).1 / Wt.
Proof. by rewrite ffunE (nth_map (0%Z, [::])). Qed.

Lemma W_shownE (S T : seq 'I_n) : W_shown t p S T =
  \sum_(i < size us) real (nth (0%Z, [::]) us i).1 / Wt
    * picked_from R t (ranks (nth (0%Z, [::]) us i)) (map val S) (map val T).
Proof. by apply: eq_bigr => i _; rewrite weightE picked_val. Qed.

Lemma wonE up m (S T : seq nat) : real (won up t us m S T) = \sum_(i < size us)
  let u := nth (0%Z, [::]) us i in
  real u.1 * real (rounded up m (fraction t (ours (ranks u) S T) (theirs (ranks u) S T))).
Proof.
rewrite /won (@real_sum _ (size us)) ?size_map //; apply: eq_bigr => i _.
by rewrite (nth_map (0%Z, [::])) // realM.
Qed.

Lemma won_down m (S T : seq 'I_n) (S' T' : seq nat) :
  perm_eq (map val S) S' -> perm_eq (map val T) T' ->
  real (won false t us m S' T') <= real (units m) * Wt * W_shown t p S T.
Proof.
move=> pS pT; rewrite wonE W_shownE big_distrr; apply: ler_sum => i _ /=; set u := nth _ us i.
rewrite (picked_perm _ _ pS pT); have [pos ->] := fractionE t (ranks u) S' T'.
have Wt0 : Wt != 0 by rewrite lt0r_neq0 ?(Wt_gt0 ok).
rewrite mulrA [_ * (real u.1 / Wt)]mulrC -!mulrA mulKf // ler_wpmul2l ?user_ge0 //.
exact: rounded_down.
Qed.

Lemma won_up m (S T : seq 'I_n) (S' T' : seq nat) :
  perm_eq (map val S) S' -> perm_eq (map val T) T' ->
  real (units m) * Wt * W_shown t p S T <= real (won true t us m S' T').
Proof.
move=> pS pT; rewrite wonE W_shownE big_distrr; apply: ler_sum => i _ /=; set u := nth _ us i.
rewrite (picked_perm _ _ pS pT); have [pos ->] := fractionE t (ranks u) S' T'.
have Wt0 : Wt != 0 by rewrite lt0r_neq0 ?(Wt_gt0 ok).
rewrite mulrA [_ * (real u.1 / Wt)]mulrC -!mulrA mulKf // ler_wpmul2l ?user_ge0 //.
exact: rounded_up.
Qed.

(** The same, averaged over a listed mixture P, for a tuple T against it. *)
Definition all_weight us m (P : seq tuple_data) : Z :=
  (sum_of (map fst P) * (units m * sum_of (map fst us)))%Z.

(** Against every multiset of l responses the mixture P wins at least a/b. *)
Definition joint_wins k l (P : seq tuple_data) (a b : Z) : bool :=
  (0 <? b)%Z && let m := (k + l)%N in let everything := all_weight us m P in
  all (fun T => a * everything <=? b * sum_of [seq (S.1 * won false t us m S.2 T)%Z | S <- P])%Z
    (multisets n l).

(** Against the mixture Q every multiset of k responses wins at most a/b. *)
Definition joint_held k l (Q : seq tuple_data) (a b : Z) : bool :=
  (0 <? b)%Z && let m := (k + l)%N in let everything := all_weight us m Q in
  all (fun S => b * sum_of [seq (T.1 * won true t us m S T.2)%Z | T <- Q] <=? a * everything)%Z
    (multisets n k).

Section Mixture.

Variables (k : nat) (P : seq tuple_data) (okP : mixture_ok n k P).
Let Pt := real (sum_of (map fst P)).

Fact Pt_gt0 : 0 < Pt.
Proof. by case/andP: okP => /and3P[_ _]; rewrite /Pt -real0 real_lt. Qed.

Fact tuple_ge0 i : (i < size P)%N -> 0 <= real (nth (0%Z, [::]) P i).1.
Proof.
move=> i_P; case/andP: okP => /and3P[_ all0 _] _; rewrite -real0 real_le.
rewrite -(nth_map (0%Z, [::]) 0%Z fst) //; apply: (all_nthP _ all0); by rewrite size_map.
Qed.

Fact tupleK i : (i < size P)%N ->
  map val (tuple_of k (nth (0%Z, [::]) P i).2) = (nth (0%Z, [::]) P i).2.
Proof.
move=> i_P; case/andP: okP => _ /all_nthP/(_ (0%Z, [::]) i i_P)/andP[/eqP size_S small].
exact: tuple_ofK.
Qed.

Lemma mixture_sums (f : k.-tuple 'I_n -> R) : Pt * \sum_S mixture_of okP S * f S =
  \sum_(i < size P) real (nth (0%Z, [::]) P i).1 * f (tuple_of k (nth (0%Z, [::]) P i).2).
Proof.
under eq_bigr do rewrite mixtureE big_distrl; rewrite exchange_big big_distrr.
apply: eq_bigr => i _ /=; rewrite -(sum_at (tuple_of k (nth (0%Z, [::]) P i).2) f) !big_distrr.
apply: eq_bigr => S _ /=; rewrite sureE ffunE (nth_map (0%Z, [::])) //.
have := lt0r_neq0 Pt_gt0; rewrite -/Pt => P0; move: (f S) (_%:R) => x e; by field; rewrite P0.
Qed.

End Mixture.

Fact map_val_small k (S : k.-tuple 'I_n) : all (fun y => y < n)%N (map val S).
Proof. by apply/allP=> y /mapP[x _ ->]; exact: ltn_ord. Qed.

(** A claim `win-rate` of a listed joint policy, for every l and all conventions, with >=. *)
Theorem joint_wins_sound k l P a b (okP : mixture_ok n k P) : joint_wins k l P a b ->
  forall T : l.-tuple 'I_n, real a / real b <= W t (population_of ok) (mixture_of okP) (sure T).
Proof.
case/andP=> b_gt0 /allP wins T; rewrite W_sure_r.
have {b_gt0} b_gt0 : 0 < real b by rewrite -real0 real_lt.
have [T' mem perm] := multisetsP (map_val_small T); rewrite size_map size_tuple in mem.
have := wins _ mem; rewrite -real_le !realM => le.
have A_gt0 : 0 < real (sum_of (map fst P)) * (real (units (k + l)) * Wt).
  by rewrite !mulr_gt0 ?(Pt_gt0 okP) ?units_gt0 ?(Wt_gt0 ok).
rewrite ler_pdivr_mulr // -(ler_pmul2r A_gt0); apply: le_trans le _.
rewrite [leRHS]mulrAC [leRHS]mulrC ler_pmul2l // mulrC -mulrA mulrCA mixture_sums.
rewrite (@real_sum _ (size P)) ?size_map // big_distrr; apply: ler_sum => i _ /=.
rewrite (nth_map (0%Z, [::])) // realM mulrCA ler_wpmul2l ?(tuple_ge0 okP) //.
by apply: won_down => //; rewrite (tupleK okP).
Qed.

(** A claim `joint-upper-bound`, with its witness: no k-output policy wins more than a/b against
    every l-tuple. *)
Theorem joint_held_sound k l Q a b (okQ : mixture_ok n l Q) : joint_held k l Q a b ->
  forall (P : outputs R k [finType of 'I_n]) f,
    (forall T : l.-tuple 'I_n, f <= W t (population_of ok) P (sure T)) -> f <= real a / real b.
Proof.
case/andP=> b_gt0 /allP held P f le_f.
have {b_gt0} b_gt0 : 0 < real b by rewrite -real0 real_lt.
apply: le_trans (_ : _ <= \sum_T mixture_of okQ T * W t p P (sure T)) _; first exact: average_ge.
under eq_bigr do rewrite W_sure_r big_distrr; rewrite exchange_big /=.
under eq_bigr do under eq_bigr do rewrite mulrCA.
under eq_bigr do rewrite -big_distrr; apply: average_le => S /=.
have [S' mem perm] := multisetsP (map_val_small S); rewrite size_map size_tuple in mem.
have := held _ mem; rewrite -real_le !realM => le.
have A_gt0 : 0 < real (sum_of (map fst Q)) * (real (units (k + l)) * Wt).
  by rewrite !mulr_gt0 ?(Pt_gt0 okQ) ?units_gt0 ?(Wt_gt0 ok).
rewrite ler_pdivl_mulr // -(ler_pmul2r A_gt0) [leRHS]/(_ * _); apply: le_trans le.
rewrite mulrAC [leLHS]mulrC ler_pmul2l // mulrC -mulrA mulrCA mixture_sums.
rewrite (@real_sum _ (size Q)) ?size_map // big_distrr; apply: ler_sum => i _ /=.
rewrite (nth_map (0%Z, [::])) // realM mulrCA ler_wpmul2l ?(tuple_ge0 okQ) //.
by apply: won_up => //; rewrite (tupleK okQ).
Qed.

End Tuples.

End Meaning.
