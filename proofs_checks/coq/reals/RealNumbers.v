(** Coq's own real numbers have what the theorems ask of the real numbers: sequences in [0, 1] have
    cluster points, and exp is an exponential function. So P2 and P6 hold of them. They rest on
    axioms, those of Coq's standard library for its real numbers and for choice; nothing else in the
    project imports this file. *)

From Coq Require Import Reals Lra ClassicalEpsilon FunctionalExtensionality.
From mathcomp Require Import all_ssreflect all_algebra.
From UAlign Require Import Definitions Continuum Exponential P2 P6.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.

(** They are an ordered field in MathComp's sense. *)
Section Decisions.

Local Open Scope R_scope.

Definition eqr (a b : R) : bool := if Req_EM_T a b then true else false.
Definition ler (a b : R) : bool := if Rle_dec a b then true else false.
Definition ltr (a b : R) : bool := if Rlt_dec a b then true else false.

Lemma eqrP : Equality.axiom eqr.
Proof. by move=> a b; rewrite /eqr; case: Req_EM_T => H; constructor. Qed.

Lemma lerP a b : reflect (a <= b) (ler a b).
Proof. by rewrite /ler; case: Rle_dec => H; constructor. Qed.

Lemma ltrP a b : reflect (a < b) (ltr a b).
Proof. by rewrite /ltr; case: Rlt_dec => H; constructor. Qed.

End Decisions.

Canonical R_eqType := EqType R (EqMixin eqrP).

(** Some number of which P holds, if there is one. *)
Definition find (P : pred R) (n : nat) : option R :=
  if excluded_middle_informative (exists x, P x) is left ex
  then Some (proj1_sig (constructive_indefinite_description _ ex)) else None.

Fact R_choiceMixin : choiceMixin R.
Proof.
exists find => [P n x|P [x Px]|P Q eqPQ n].
- rewrite /find; case: excluded_middle_informative => // ex [<-].
  by case: constructive_indefinite_description.
- by exists 0%N; rewrite /find; case: excluded_middle_informative => // -[]; exists x.
- by rewrite (functional_extensionality P Q eqPQ).
Qed.
Canonical R_choiceType := ChoiceType R R_choiceMixin.

Definition R_zmodMixin := ZmodMixin (fun a b c => esym (Rplus_assoc a b c)) Rplus_comm Rplus_0_l
  Rplus_opp_l.
Canonical R_zmodType := ZmodType R R_zmodMixin.

Fact R1_neq0 : R1 != R0 :> R.
Proof. by apply/eqP; exact: R1_neq_R0. Qed.

Definition R_ringMixin := RingMixin (fun a b c => esym (Rmult_assoc a b c)) Rmult_1_l Rmult_1_r
  Rmult_plus_distr_r Rmult_plus_distr_l R1_neq0.
Canonical R_ringType := RingType R R_ringMixin.
Canonical R_comRingType := ComRingType R Rmult_comm.

Definition invr (a : R) : R := if a == R0 then R0 else Rinv a.

Fact mulVr (a : R) : a != 0%R -> Rmult (invr a) a = R1.
Proof. by rewrite /invr => neq0; rewrite (negPf neq0) Rinv_l //; exact/eqP. Qed.
Fact invr0 : invr R0 = R0.
Proof. by rewrite /invr eqxx. Qed.

Definition R_unitRingMixin := FieldUnitMixin mulVr invr0.
Canonical R_unitRingType := UnitRingType R R_unitRingMixin.
Canonical R_comUnitRingType := [comUnitRingType of R].
Definition R_fieldMixin := @FieldMixin [comUnitRingType of R] _ mulVr invr0.
Definition R_idomainMixin := FieldIdomainMixin R_fieldMixin.
Canonical R_idomainType := IdomainType R R_idomainMixin.
Canonical R_fieldType := FieldType R R_fieldMixin.

Section Order.

Local Open Scope R_scope.

Fact ler0D a b : ler 0 a -> ler 0 b -> ler 0 (a + b).
Proof. by move=> /lerP ? /lerP ?; apply/lerP; lra. Qed.

Fact ler0M a b : ler 0 a -> ler 0 b -> ler 0 (a * b).
Proof. by move=> /lerP ? /lerP ?; apply/lerP/Rmult_le_pos. Qed.

Fact ler0_anti a : ler 0 a -> ler a 0 -> a = 0.
Proof. by move=> /lerP ? /lerP ?; lra. Qed.

Fact subr_ler0 a b : ler 0 (b - a) = ler a b.
Proof. by apply/lerP/lerP => ?; lra. Qed.

Fact ler0_total a : ler 0 a || ler a 0.
Proof. by apply/orP; case: (Rle_dec 0 a) => ?; [left|right]; apply/lerP; lra. Qed.

Fact Rabs_ler0 a : ler 0 a -> Rabs a = a.
Proof. by move/lerP=> ?; apply: Rabs_pos_eq. Qed.

Fact ltr_def a b : ltr a b = (b != a) && ler a b.
Proof.
apply/ltrP/andP => [lt|[/eqP neq /lerP le]]; last by lra.
by split; [apply/eqP; lra | apply/lerP; lra].
Qed.

Fact ler_total : total ler.
Proof. by move=> a b; apply/orP; case: (Rle_dec a b) => ?; [left|right]; apply/lerP; lra. Qed.

End Order.

Definition R_leMixin : realLeMixin R_idomainType :=
  RealLeMixin ler0D ler0M ler0_anti subr_ler0 ler0_total Rabs_Ropp Rabs_ler0 ltr_def.
Canonical R_porderType := POrderType ring_display R R_leMixin.
Canonical R_latticeType := LatticeType R R_leMixin.
Canonical R_distrLatticeType := DistrLatticeType R R_leMixin.
Canonical R_orderType := OrderType R ler_total.
Canonical R_numDomainType := NumDomainType R R_leMixin.
Canonical R_normedZmodType := NormedZmodType R R R_leMixin.
Canonical R_numFieldType := [numFieldType of R].
Canonical R_realDomainType := [realDomainType of R].
Canonical R_realFieldType := [realFieldType of R].

Local Open Scope ring_scope.

Lemma natr_INR n : n%:R = INR n :> R.
Proof. by elim: n => // n IH; rewrite mulrSr IH S_INR. Qed.

Lemma R_archimedean : Num.archimedean_axiom R_numDomainType.
Proof.
move=> a; have [gt _] := archimed (Rabs a).
exists (Z.to_nat (up (Rabs a))); apply/ltrP; rewrite natr_INR.
have up_ge0 : Z.le Z0 (up (Rabs a)) by apply: le_IZR; have := Rabs_pos a; lra.
by rewrite INR_IZR_INZ Z2Nat.id.
Qed.
Canonical R_archiFieldType := ArchiFieldType R R_archimedean.

(** Sequences in [0, 1] have cluster points. *)
Theorem real_bolzano_weierstrass : bolzano_weierstrass R_realFieldType.
Proof.
move=> x x01; have [n|l cluster] := Bolzano_Weierstrass x _ (compact_P3 R0 R1).
  by have /andP[/lerP ? /lerP ?] := x01 n.
exists l => eps N /ltrP eps_gt0.
pose close := mkposreal eps eps_gt0; have [|n [le near]] := cluster (disc l close) N.
  by exists close.
by exists n; apply/andP; split; [exact/ssrnat.leP | exact/ltrP].
Qed.

(** exp is the exponential function. *)
Theorem real_exponential : exponential (exp : R_realFieldType -> R_realFieldType).
Proof. by split=> [a b|a]; [exact: exp_plus | exact/lerP/exp_ineq1_le]. Qed.

Lemma sqr_sqrt (a : R) : 0 <= a -> sqrt a ^+ 2 = a.
Proof. by move=> /lerP; exact: sqrt_sqrt. Qed.

Section Reals.

Variables (Y : finType) (y0 : Y) (p : population R_realFieldType Y) (k : nat).

(** P2. Over the real numbers every population has a symmetric equilibrium, for every k. *)
Theorem real_P2 : exists pi, equilibrium p k pi.
Proof. exact (P2_exists y0 p k real_bolzano_weierstrass). Qed.

(** P6. Hedge with eta = sqrt(8 ln n / T) on n >= 2 responses: R_T <= sqrt(T ln n / 2). *)
Theorem real_P6 T : (1 < #|Y|)%N -> (0 < T)%N ->
  let eta := sqrt (8%:R * ln #|Y|%:R / T%:R)%R in
  forall y, hedge_regret y0 p k real_exponential eta T y <= sqrt (T%:R * ln #|Y|%:R / 2%:R)%R.
Proof.
move=> n_gt1 T_gt0 eta; set L := ln #|Y|%:R.
have L_gt0 : 0 < L.
  have /ltrP n_gt : 1 < #|Y|%:R :> R by rewrite ltr1n.
  by apply/ltrP; have := ln_increasing _ _ Rlt_0_1 n_gt; rewrite ln_1.
have step_gt0 : 0 < 8%:R * L / T%:R by rewrite !mulr_gt0 ?invr_gt0 ?ltr0n.
have /ltrP/sqrt_lt_R0/ltrP eta_gt0 := step_gt0.
have /ltrP n_gt0 : 0 < #|Y|%:R :> R by rewrite ltr0n ltnW.
have n_log : exp L = #|Y|%:R := exp_ln _ n_gt0.
have best : eta ^+ 2 * T%:R = 8%:R * L.
  by rewrite sqr_sqrt ?(ltW step_gt0) // divfK // pnatr_eq0 -lt0n.
apply: (P6_hedge_root y0 p k real_exponential eta_gt0 n_log best); first exact/lerP/sqrt_pos.
rewrite sqr_sqrt //; apply: divr_ge0; last exact: ler0n.
by apply: mulr_ge0; [exact: ler0n | exact: ltW].
Qed.

End Reals.

Definition theorems := (real_bolzano_weierstrass, real_exponential, @real_P2, @real_P6).
Print Assumptions theorems.
