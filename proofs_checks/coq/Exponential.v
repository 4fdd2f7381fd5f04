(** The exponential function, and Hoeffding's lemma for it. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** E is the exponential function: on the real numbers exp has these two properties, and no other
    function has. Theorems that need it speak of any E that has them. *)
Definition exponential (R : realFieldType) (E : R -> R) :=
  (forall a b, E (a + b) = E a * E b) /\ forall a, 1 + a <= E a.

Section Exponential.

Variables (R : realFieldType) (E : R -> R).
Hypothesis expE : exponential E.

Lemma expD a b : E (a + b) = E a * E b. Proof. by case: expE. Qed.
Lemma exp_ge a : 1 + a <= E a. Proof. by case: expE. Qed.

Lemma exp0 : E 0 = 1.
Proof.
have gt0 : 0 < E 0 by apply: lt_le_trans (exp_ge 0); rewrite addr0 ltr01.
by apply: (mulfI (lt0r_neq0 gt0)); rewrite -expD addr0 mulr1.
Qed.

Lemma expN a : E a * E (- a) = 1.
Proof. by rewrite -expD subrr exp0. Qed.

Lemma exp_gt0 a : 0 < E a.
Proof.
have neq0 : E a != 0 by apply: contra_eq_neq (expN a) => ->; rewrite mul0r eq_sym oner_eq0.
rewrite lt_def neq0 /=; have -> : a = a / 2%:R + a / 2%:R by rewrite -mulr2n -mulr_natr divfK ?pnatr_eq0.
by rewrite expD -expr2 sqr_ge0.
Qed.

Lemma exp_lt a b : a < b -> E a < E b.
Proof.
move=> lt; rewrite -[b](subrK a) addrC expD ltr_pmulr ?exp_gt0 //.
by apply: lt_le_trans (exp_ge _); rewrite ltr_addl subr_gt0.
Qed.

Lemma exp_le : {mono E : a b / a <= b}.
Proof. exact: le_mono exp_lt. Qed.

(** The exponential function lies above its tangents, and so below its chords. *)
Lemma exp_chord eta x : 0 <= x <= 1 -> E (eta * x) <= 1 - x + x * E eta.
Proof.
case/andP=> x_ge0 x_le1; set a := eta * x.
have tangent b : E a * (1 + (b - a)) <= E b.
  have := expD a (b - a); rewrite addrC subrK => ->; apply: ler_wpmul2l (exp_ge _).
  exact: ltW (exp_gt0 a).
have -> : E a = (1 - x) * (E a * (1 + (0 - a))) + x * (E a * (1 + (eta - a))) by rewrite /a; ring.
have := tangent 0; rewrite exp0 => at0.
apply: ler_add; last by apply: ler_wpmul2l.
by rewrite -[leRHS]mulr1 ler_wpmul2l ?subr_ge0.
Qed.

Lemma exp_small h : 0 <= h <= 2%:R^-1 -> E h <= 1 + h + 2%:R * h ^+ 2.
Proof.
case/andP=> h_ge0 h_le; have half_lt1 : 2%:R^-1 < 1 :> R by rewrite invf_lt1 ?ltr0n // ltr1n.
have pos : 0 < 1 - h by rewrite subr_gt0 (le_lt_trans h_le).
rewrite -(ler_pmul2r pos) -subr_ge0.
have le1 : E h * (1 - h) <= 1 by rewrite -[leRHS](expN h) ler_wpmul2l ?exp_ge // ltW ?exp_gt0.
have -> : (1 + h + 2%:R * h ^+ 2) * (1 - h) - E h * (1 - h)
        = h ^+ 2 * (1 - 2%:R * h) + (1 - E h * (1 - h)) by ring.
rewrite addr_ge0 ?subr_ge0 // mulr_ge0 ?sqr_ge0 // subr_ge0.
by rewrite mulrC -ler_pdivl_mulr ?ltr0n // mul1r.
Qed.

(** 2 cosh h - 2 is little more than h^2, near 0: at most this. *)
Definition cosh_bound h : R := (h * (1 + h / 2%:R)) ^+ 2.

Lemma exp_cosh h : 0 <= h <= 1 -> E h + E (- h) <= 2%:R + cosh_bound h.
Proof.
case/andP=> h_ge0 h_le1; pose x := h / 2%:R.
have hE : h = x + x by rewrite -mulr2n -mulr_natr divfK ?pnatr_eq0.
have x_ge0 : 0 <= x by rewrite divr_ge0 ?ler0n.
have x_le : x <= 2%:R^-1 by rewrite -[leRHS]mul1r ler_wpmul2r ?invr_ge0 ?ler0n.
have up : E x <= 1 + x + 2%:R * x ^+ 2 by apply: exp_small; rewrite x_ge0.
have low : 1 - x <= E (- x) by exact: exp_ge.
have apart : 0 <= E x - E (- x) by rewrite subr_ge0 exp_le (le_trans _ x_ge0) // oppr_le0.
have -> : E h + E (- h) = 2%:R + (E x - E (- x)) ^+ 2.
  have -> : 2%:R = 2%:R * (E x * E (- x)) by rewrite expN mulr1.
  by rewrite [in LHS]hE opprD !expD; move: (E x) (E (- x)) => u v; ring.
have bound_ge0 : 0 <= h * (1 + x) by rewrite mulr_ge0 ?addr_ge0 ?ler01.
rewrite ler_add2l /cosh_bound -/x ler_sqr ?nnegrE //.
apply: le_trans (ler_sub up low) _; rewrite -subr_ge0 {1}hE.
by have -> : (x + x) * (1 + x) - (1 + x + 2%:R * x ^+ 2 - (1 - x)) = 0 by ring.
Qed.

(** The moments of a coin that shows 1 with chance q, and else 0. *)
Variable q : R.
Hypothesis q01 : 0 <= q <= 1.

Definition moment s : R := 1 - q + q * E s.

Lemma moment_gt0 s : 0 < moment s.
Proof.
case/andP: q01 => q_ge0 q_le1; rewrite /moment; have [->|q_neq1] := eqVneq q 1.
  by rewrite subrr add0r mul1r exp_gt0.
rewrite ltr_paddr ?mulr_ge0 ?(ltW (exp_gt0 s)) // subr_gt0 lt_def eq_sym q_neq1 //.
Qed.

(** The second difference of ln(moment) is at most little more than h^2/4... *)
Lemma moment_step s h : 0 <= h <= 1 ->
  moment (s + h) * moment (s - h) <= moment s ^+ 2 * E (cosh_bound h / 4%:R).
Proof.
move=> h01; case/andP: q01 => q_ge0 q_le1; set A := 1 - q; set B := q * E s.
have A_ge0 : 0 <= A by rewrite subr_ge0.
have B_ge0 : 0 <= B by rewrite mulr_ge0 // ltW ?exp_gt0.
have d_ge0 : 0 <= cosh_bound h by exact: sqr_ge0.
have -> : moment (s + h) * moment (s - h)
        = A ^+ 2 + B ^+ 2 + A * B * (E h + E (- h)).
  rewrite /moment !expD -/A [B ^+ 2](_ : _ = q * q * (E s * E s) * (E h * E (- h))).
    rewrite /B; ring.
  rewrite expN /B; ring.
apply: (@le_trans _ _ ((A + B) ^+ 2 * (1 + cosh_bound h / 4%:R))); last first.
  by rewrite /moment -/A -/B ler_wpmul2l ?sqr_ge0 ?exp_ge.
apply: (@le_trans _ _ (A ^+ 2 + B ^+ 2 + A * B * (2%:R + cosh_bound h))).
  by rewrite ler_add2l ler_wpmul2l ?(mulr_ge0 A_ge0 B_ge0) ?exp_cosh.
rewrite -subr_ge0; have -> : (A + B) ^+ 2 * (1 + cosh_bound h / 4%:R)
    - (A ^+ 2 + B ^+ 2 + A * B * (2%:R + cosh_bound h)) = (A - B) ^+ 2 * (cosh_bound h / 4%:R).
  by field.
by rewrite mulr_ge0 ?sqr_ge0 // divr_ge0 ?ler0n.
Qed.

(** ... so that, in steps of h from 0 to n h, ln(moment) rises by at most n h q + (n h)^2/8, and
    little more. *)
Lemma moment_next h i : 0 <= h <= 2%:R^-1 -> moment (i.+1%:R * h)
  <= moment (i%:R * h) * E (q * h + 2%:R * h ^+ 2 + i%:R * (cosh_bound h / 4%:R)).
Proof.
case/andP: q01 => q_ge0 q_le1 h_half; have /andP[h_ge0 h_le] := h_half.
have h01 : 0 <= h <= 1.
  by rewrite h_ge0 (le_trans h_le) // invf_le1 ?ltr0n // ler1n.
elim: i => [|i IH].
  rewrite mul1r !mul0r addr0 /moment exp0 mulr1 subrK mul1r.
  apply: le_trans (exp_ge _); rewrite -addrA ler_add2l addrC.
  have := exp_small h_half; rewrite -addrA -ler_subl_addl => le.
  rewrite -[X in _ - X]mulr1 -mulrBr; apply: le_trans (ler_wpmul2l q_ge0 le) _.
  by rewrite mulrDr ler_add2l ler_pimull // mulr_ge0 ?ler0n ?sqr_ge0.
have next (j : nat) a : j.+1%:R * a = j%:R * a + a by rewrite mulrSr mulrDl mul1r.
rewrite -(ler_pmul2r (moment_gt0 (i%:R * h))).
have -> : moment (i%:R * h) = moment (i.+1%:R * h - h) by rewrite next addrK.
rewrite [i.+2%:R * h]next; apply: le_trans (moment_step _ h01) _.
rewrite expr2 -[leLHS]mulrA -[leRHS]mulrA ler_wpmul2l ?(ltW (moment_gt0 _)) //.
have -> : i.+1%:R * h - h = i%:R * h by rewrite next addrK.
rewrite [i.+1%:R * (_ / _)]next addrA expD [leRHS]mulrAC [_ * moment _]mulrC.
by apply: ler_wpmul2r IH; exact: ltW (exp_gt0 _).
Qed.

Lemma moment_grid h n : 0 <= h <= 2%:R^-1 -> moment (n%:R * h)
  <= E (n%:R * (q * h + 2%:R * h ^+ 2) + n%:R ^+ 2 * (cosh_bound h / 8%:R)).
Proof.
move=> h_half; elim: n => [|n IH].
  by rewrite expr0n !mul0r addr0 /moment exp0 mulr1 subrK.
apply: le_trans (moment_next _ h_half) _.
apply: le_trans (ler_wpmul2r (ltW (exp_gt0 _)) IH) _; rewrite -expD exp_le -subr_ge0.
set c := q * h + _; rewrite -[n.+1]addn1 natrD.
set d := cosh_bound h; have -> : (n%:R + 1) * c + (n%:R + 1) ^+ 2 * (d / 8%:R)
  - (n%:R * c + n%:R ^+ 2 * (d / 8%:R) + (c + n%:R * (d / 4%:R))) = d / 8%:R by field.
by rewrite divr_ge0 ?sqr_ge0 ?ler0n.
Qed.

End Exponential.

Section Hoeffding.

Variables (R : archiFieldType) (E : R -> R).
Hypothesis expE : exponential E.

Lemma exp_limit g a : (forall eps, 0 < eps -> g <= E (a + eps)) -> g <= E a.
Proof.
move=> le; rewrite leNgt; apply/negP=> lt.
have Ea := exp_gt0 expE a; have g_gt0 := lt_trans Ea lt; pose eps := (g - E a) / (2%:R * g).
have eps_gt0 : 0 < eps by rewrite divr_gt0 ?subr_gt0 ?mulr_gt0 ?ltr0n.
have := ler_wpmul2r (ltW (exp_gt0 expE (- eps))) (le eps eps_gt0).
rewrite -(expD expE) addrK leNgt => /negP; apply.
apply: lt_le_trans (ler_wpmul2l (ltW g_gt0) (exp_ge expE (- eps))).
rewrite -subr_gt0.
have -> : g * (1 - eps) - E a = (g - E a) / 2%:R.
  by rewrite /eps; field; exact: lt0r_neq0.
by rewrite divr_gt0 ?subr_gt0 ?ltr0n.
Qed.

(** Hoeffding's lemma, for a coin. *)
Lemma hoeffding q s : 0 <= q <= 1 -> 0 <= s -> 1 - q + q * E s <= E (q * s + s ^+ 2 / 8%:R).
Proof.
move=> q01 s_ge0; apply: exp_limit => eps eps_gt0.
pose c := 2%:R * s + s * (2%:R * s + s ^+ 2) / eps.
have more_ge0 : 0 <= s * (2%:R * s + s ^+ 2) by rewrite mulr_ge0 ?addr_ge0 ?mulr_ge0 ?ler0n ?sqr_ge0.
have c_ge0 : 0 <= c by apply: addr_ge0; [rewrite mulr_ge0 ?ler0n | rewrite divr_ge0 // ltW].
pose n := Num.bound c; have c_lt : c < n%:R by exact: archi_boundP.
have n_gt0 : 0 < n%:R :> R by exact: le_lt_trans c_lt.
pose h := s / n%:R; have nh : n%:R * h = s by rewrite mulrC divfK ?lt0r_neq0.
have h_ge0 : 0 <= h by rewrite divr_ge0 // ltW.
have h_le : h <= 2%:R^-1.
  rewrite ler_pdivr_mulr // mulrC ler_pdivl_mulr ?ltr0n // mulrC (le_trans _ (ltW c_lt)) //.
  by rewrite ler_addl divr_ge0 // ltW.
have h_eps : h * (2%:R * s + s ^+ 2) <= eps.
  rewrite mulrAC ler_pdivr_mulr // [leRHS]mulrC -ler_pdivr_mulr // (le_trans _ (ltW c_lt)) //.
  by rewrite ler_addr mulr_ge0 ?ler0n.
have h_half : 0 <= h <= 2%:R^-1 by rewrite h_ge0.
have := moment_grid expE q01 n h_half; rewrite /moment nh => /le_trans; apply.
rewrite (exp_le expE); apply: le_trans (ler_add (lexx _) h_eps); rewrite -subr_ge0 /cosh_bound.
have -> : q * s + s ^+ 2 / 8%:R + h * (2%:R * s + s ^+ 2) - (n%:R * (q * h + 2%:R * h ^+ 2)
    + n%:R ^+ 2 * ((h * (1 + h / 2%:R)) ^+ 2 / 8%:R))
  = (n%:R * h) ^+ 2 * h * (7%:R / 8%:R - h / 32%:R).
  by rewrite -nh; field.
apply: mulr_ge0; [by rewrite mulr_ge0 ?sqr_ge0 | rewrite subr_ge0].
apply: (@le_trans _ _ (2%:R^-1 / 32%:R)); first by rewrite ler_wpmul2r ?invr_ge0 ?ler0n.
rewrite -invfM -natrM -[leLHS]mul1r ler_pdivr_mulr ?ltr0n // mulrAC ler_pdivl_mulr ?ltr0n //.
by rewrite mul1r -natrM ler_nat.
Qed.

End Hoeffding.
