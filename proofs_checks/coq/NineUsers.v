(** Nine users for whom the second draw of the best product policy adds less than the third, where
    the opponent has two outputs (E12): computed by Check.v. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From UAlign Require Import Definitions Utility.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.
(** 360 times what two outputs win of the nine users below against a mixture of opponents. *)
Definition wins (a b : nat) : nat := (nth 0 (nth [::] [:: [:: 118; 132; 173; 173];
  [:: 132; 80; 193; 154]; [:: 173; 193; 134; 180]; [:: 173; 154; 180; 94]] a) b)%N.

(** Thirty times a quadratic form is 66 72 (a + b + c + d)^2 less squares and products. *)
Lemma nine_squares (R : realFieldType) (a b c d : R) : 0 <= a -> 0 <= b -> 0 <= c -> 0 <= d ->
  30%:R * (118%:R * (a * a) + 80%:R * (b * b) + 134%:R * (c * c) + 94%:R * (d * d)
    + 2%:R * (132%:R * (a * b) + 173%:R * (a * c) + 173%:R * (a * d)
              + 193%:R * (b * c) + 154%:R * (b * d) + 180%:R * (c * d)))
  <= 66%:R * 72%:R * (a + b + c + d) ^+ 2.
Proof.
move=> a0 b0 c0 d0; rewrite -subr_ge0.
have -> : 66%:R * 72%:R * (a + b + c + d) ^+ 2 - 30%:R * (118%:R * (a * a) + 80%:R * (b * b)
    + 134%:R * (c * c) + 94%:R * (d * d) + 2%:R * (132%:R * (a * b) + 173%:R * (a * c)
    + 173%:R * (a * d) + 193%:R * (b * c) + 154%:R * (b * d) + 180%:R * (c * d)))
  = 18%:R * (6%:R * b - 5%:R * d) ^+ 2 + 24%:R * (a - 3%:R * b + 3%:R * c - 6%:R * d) ^+ 2
  + 22%:R * (2%:R * a + 5%:R * b - 3%:R * c + 2%:R * d) ^+ 2
  + 6%:R * (2%:R * a + 6%:R * b - c - 4%:R * d) ^+ 2
  + 5%:R * (3%:R * a + 2%:R * b - 4%:R * d) ^+ 2
  + 13%:R * (3%:R * a + 6%:R * b - 4%:R * c + 3%:R * d) ^+ 2
  + 9%:R * (4%:R * a - 2%:R * b + c - 4%:R * d) ^+ 2
  + 21%:R * (6%:R * a + 3%:R * b - 2%:R * c - 2%:R * d) ^+ 2
  + (14%:R * (a * a) + 9%:R * (b * b) + 11%:R * (c * c) + 9%:R * (d * d)
     + 4%:R * (a * b) + 12%:R * (a * c) + 10%:R * (a * d) + 48%:R * (b * d)) by ring.
by do !first [exact: sqr_ge0 | exact: ler0n | assumption | apply: addr_ge0 | apply: mulr_ge0].
Qed.

Lemma nine_form (R : realFieldType) (x : 'I_4 -> R) : (forall i, 0 <= x i) -> \sum_i x i = 1 ->
  \sum_a \sum_b x a * x b * ((wins a b)%:R / 360%:R) <= 11%:R / 25%:R.
Proof.
have expand (g : 'I_4 -> R) : \sum_i g i
    = g (@Ordinal 4 0 isT) + g (@Ordinal 4 1 isT) + g (@Ordinal 4 2 isT) + g (@Ordinal 4 3 isT).
  rewrite !big_ord_recl big_ord0 addr0 !addrA; congr (g _ + g _ + g _ + g _); exact: val_inj.
move=> x_ge0; rewrite !expand /=.
have := nine_squares (x_ge0 (@Ordinal 4 0 isT)) (x_ge0 (@Ordinal 4 1 isT))
  (x_ge0 (@Ordinal 4 2 isT)) (x_ge0 (@Ordinal 4 3 isT)).
move: (x _) (x _) (x _) (x _) => a b c d le sum1; rewrite sum1 expr1n in le.
set Q := 118%:R * _ + _ + _ + _ + _ in le.
rewrite (_ : _ + _ = Q / 360%:R); last by rewrite /Q /wins /=; ring.
rewrite ler_pdivr_mulr ?ltr0n // -(@ler_pmul2l _ 30%:R) ?ltr0n //; apply: le_trans le _.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
Qed.

Lemma nine_gap (R : realFieldType) :
  11%:R / 25%:R - 1%:R / 3%:R < 158%:R / 289%:R - 11%:R / 25%:R :> R.
Proof.
by rewrite -subr_gt0 (_ : _ - _ = (289%:R * 75%:R)^-1) ?invr_gt0 ?mulr_gt0 ?ltr0n //; field.
Qed.

From Coq Require Import ZArith.
From UAlign Require Import Check CheckSound.
Import Order.TTheory GRing.Theory Num.Theory.
From UAlign Require Import Computing.

Section NineUsers.

(** The places of a, b, c, d: 3 users say d>c>b>a, 3 c>a>d>b, 2 b>a>c>d and 1 a>b>c>d. *)
Definition nine : seq user_data :=
  [:: (3, [:: 3; 2; 1; 0]%N); (3, [:: 1; 3; 0; 2]%N); (2, [:: 1; 0; 2; 3]%N);
      (1, [:: 0; 1; 2; 3]%N)]%Z.

Variable R : realFieldType.
Local Notation Y := (upto 4).
Local Notation p := (population_of R 4 nine).

(** Against two outputs k draws from some policy win v, and from none more. *)
Definition some_wins k (v : R) := exists pi : distr R Y, forall T : 2.-tuple Y,
  v <= W uniform p (draws k pi) (sure T).
Definition none_wins_more k (v : R) := forall (pi : distr R Y) f,
  (forall T : 2.-tuple Y, f <= W uniform p (draws k pi) (sure T)) -> f <= v.

(** A mixture of opponents. *)
Definition opponents : seq (Z * seq nat) := [:: (13, [:: 0; 3]%N); (7, [:: 1; 2]%N)]%Z.
Definition opponent (i : upto 2) : 2.-tuple Y := tuple_of 4 2 (nth no_user opponents i).2.
Definition share_of (i : upto 2) : R := listed R 2 (map fst opponents) i.

Lemma two_outputs (a b : Y) :
  \sum_i share_of i * W_shown uniform p [tuple a; b] (opponent i) <= (wins a b)%:R / 360%:R.
Proof.
pose K := (20 * (9 * units 4))%Z.
pose w (a b : nat) := sum_of [seq (T.1 * of_users nine (fun u =>
  won true uniform 4 1 2 (Shown [:: a; b]) u T.2))%Z | T <- opponents].
have held : all (fun a => all (fun b =>
    (w a b * Z.of_nat 360 <=? Z.of_nat (wins a b) * K)%Z) (iota 0 4)) (iota 0 4) by vm_compute.
have /allP/(_ (b : 'I_4)) : all (fun b =>
    (w (a : 'I_4) b * Z.of_nat 360 <=? Z.of_nat (wins (a : 'I_4) b) * K)%Z) (iota 0 4).
  by apply: (allP held); rewrite mem_iota /= ltn_ord.
rewrite mem_iota /= ltn_ord => /(_ isT).
rewrite -(real_le R) (realM R (w a b)) (realM R (Z.of_nat _) K) !real_nat => le.
have KE : real R K = real R (sum_of (map fst opponents)) *
    (real R (sum_of (map fst nine)) * real R (units (2 + 2))) by rewrite -!realM.
have K_gt0 : 0 < real R K by apply: real_gt0.
clearbody K; have scale : 0 < 360%:R :> R by rewrite ltr0n.
rewrite (ler_pdivl_mulr _ _ scale) -(ler_pmul2l K_gt0) mulrA [leRHS]mulrC; apply: le_trans le.
apply: ler_wpmul2r; first exact: ler0n.
rewrite KE; exact: (@mixed_bound R 4 nine 2%N 2%N uniform opponents [tuple a; b]).
Qed.

Lemma sum_pairs (pi : distr R Y) (F : 2.-tuple Y -> R) :
  \sum_S draws 2 pi S * F S = \sum_a \sum_b pi a * pi b * F [tuple a; b].
Proof.
rewrite pair_big (reindex (fun ab : Y * Y => [tuple ab.1; ab.2])) /=.
  by apply: eq_bigr => -[a b] _; rewrite ffunE !big_cons big_nil mulr1.
exists (fun S : 2.-tuple Y => (tnth S ord0, tnth S (lift ord0 ord0))) => [[a b] _|S _] //.
by apply: eq_from_tnth => i; case: (unliftP ord0 i) => [j ->|->] //; rewrite (ord1 j).
Qed.

Fact two_draws : none_wins_more 2 (11%:R / 25%:R).
Proof.
move=> pi f le; pose q S := \sum_i share_of i * W_shown uniform p S (opponent i).
apply: le_trans
  (_ : \sum_i share_of i * W uniform p (draws 2 pi) (sure (opponent i)) <= _).
  exact: average_ge.
rewrite (_ : \sum_i _ = \sum_S draws 2 pi S * q S); last first.
  under eq_bigr do rewrite W_sure_r mulr_sumr; rewrite exchange_big; apply: eq_bigr => S _.
  by rewrite mulr_sumr; apply: eq_bigr => i _; rewrite mulrCA.
rewrite (sum_pairs pi q); apply: le_trans (nine_form (mass_ge0 pi) (mass_sum pi)).
apply: ler_sum => a _; apply: ler_sum => b _.
by rewrite ler_wpmul2l ?mulr_ge0 ?mass_ge0 // two_outputs.
Qed.

Lemma W_product k masses (T : 2.-tuple Y) : shares 4 masses ->
  W uniform p (policy_of R 4 k (product masses)) (sure T)
  = W uniform p (draws k (listed R 4 masses)) (sure T).
Proof.
move=> ok; congr (W _ _ _ _); apply: distr_eq => S.
by rewrite mixtureE big_ord1 listedE //= real1 divr1 mul1r.
Qed.

Fact one_draw : some_wins 1 (1%:R / 3%:R).
Proof.
have [_ _ _ wins1] :
    win_rate 4 nine 1%N 2%N uniform (product [:: 0; 0; 1; 0]%Z) at_least 1 3.
  by apply: (@win_rate_sound _ _ _ _ _ _ _ [::]); vm_compute.
exists (listed R 4 [:: 0; 0; 1; 0]%Z) => T; rewrite -W_product //.
exact: (wins1 R T).
Qed.

Fact one_draw_at_most : none_wins_more 1 (1%:R / 3%:R).
Proof.
have [_ _ most1] : joint_upper_bound 4 nine 1%N 2%N uniform 1 3.
  by apply: (@joint_sound _ _ _ _ _ [:: (1, [:: 2; 2]%N)]%Z); vm_compute.
exact: (fun pi => most1 R (draws 1 pi)).
Qed.

Fact three_draws : some_wins 3 (158%:R / 289%:R).
Proof.
have [_ _ _ wins3] :
    win_rate 4 nine 3%N 2%N uniform (product [:: 5; 9; 16; 10]%Z) at_least 158 289.
  by apply: (@win_rate_sound _ _ _ _ _ _ _ [::]); vm_compute.
exists (listed R 4 [:: 5; 9; 16; 10]%Z) => T; rewrite -W_product //.
exact: (wins3 R T).
Qed.

End NineUsers.
