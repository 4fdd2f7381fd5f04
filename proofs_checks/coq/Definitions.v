(** The definition of W by counting positions, as definition.py has it. Everything else in this
    folder is proved about what stands here; to believe the theorems, read this file.

    R is any ordered field: the rationals, the real algebraic numbers, the reals. *)

From mathcomp Require Import all_ssreflect all_algebra.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** A weak order of the responses Y: the place of every response's class, the smaller the better.
    Responses of the same place tie. *)
Definition ranking (Y : Type) := Y -> nat.

(** What counts for S where both S and T hold some of the user's best positions. *)
Inductive ties := uniform | win | half | lose.

Section Counting.

Variables (R : realFieldType) (Y : Type).
Implicit Types (r : ranking Y) (S T shown : seq Y) (y z : Y).

(** y is among the user's most preferred of the responses shown. *)
Definition best r shown y := all (fun z => r y <= r z)%N shown.

(** The best positions that are of S, and those that are of T, when (S, T) is shown. *)
Definition ours r S T := count (best r (S ++ T)) S.
Definition theirs r S T := count (best r (S ++ T)) T.

(** How much of a user counts for S when she is shown (S, T). *)
Definition picked_from (t : ties) r S T : R :=
  if ours r S T == 0%N then 0
  else if theirs r S T == 0%N then 1
  else match t with
       | uniform => (ours r S T)%:R / (ours r S T + theirs r S T)%:R
       | win => 1
       | half => 1 / 2%:R
       | lose => 0
       end.

End Counting.

(** Finite distributions: masses that are not negative and sum to 1. *)
Record distr (R : realFieldType) (A : finType) := Distr {
  mass :> {ffun A -> R};
  distr_axiom : [forall a, 0 <= mass a] && (\sum_a mass a == 1) }.

Canonical distr_subType (R : realFieldType) (A : finType) :=
  Eval hnf in [subType for @mass R A].

(** A population: finitely many users with their weights and rankings. *)
Record population (R : realFieldType) (Y : finType) := Population {
  user : finType;
  weight : distr R user;
  rank : user -> ranking Y }.

Arguments user {R Y}.
Arguments weight {R Y}.
Arguments rank {R Y}.

Section Distributions.

Variable R : realFieldType.

Lemma mass_ge0 (A : finType) (P : distr R A) a : 0 <= P a.
Proof. by case: P => m /= /andP[/forallP]. Qed.

Lemma mass_sum (A : finType) (P : distr R A) : \sum_a P a = 1.
Proof. by case: P => m /= /andP[_ /eqP]. Qed.

Lemma mass_le1 (A : finType) (P : distr R A) a : P a <= 1.
Proof. by rewrite -(mass_sum P) (bigD1 a) //= ler_addl sumr_ge0 // => b _; exact: mass_ge0. Qed.

Lemma mass_const (A : finType) (P : distr R A) (c : R) : \sum_a P a * c = c.
Proof. by rewrite -big_distrl mass_sum /= mul1r. Qed.

(** An average is at most a bound on all values. *)
Lemma average_le (A : finType) (P : distr R A) (f : A -> R) c :
  (forall a, f a <= c) -> \sum_a P a * f a <= c.
Proof.
move=> le; rewrite -[leRHS](mass_const P); apply: ler_sum => a _.
by rewrite ler_wpmul2l ?mass_ge0.
Qed.

Lemma average_ge (A : finType) (P : distr R A) (f : A -> R) c :
  (forall a, c <= f a) -> c <= \sum_a P a * f a.
Proof.
move=> le; rewrite -[leLHS](mass_const P); apply: ler_sum => a _.
by rewrite ler_wpmul2l ?mass_ge0.
Qed.

(** Some value is at least the average. *)
Lemma average_exists (A : finType) (P : distr R A) (f : A -> R) c :
  c <= \sum_a P a * f a -> exists a, c <= f a.
Proof.
move=> le; apply/existsP; apply: contraT; rewrite negb_exists => /forallP lt.
have gap_ge0 a : true -> 0 <= P a * (c - f a).
  by move=> _; rewrite mulr_ge0 ?mass_ge0 // subr_ge0 ltW // ltNge lt.
have sum0 : \sum_a P a * (c - f a) = 0.
  apply: le_anti; rewrite sumr_ge0 // andbT; under eq_bigr do rewrite mulrBr.
  by rewrite sumrB mass_const subr_le0.
have all0 := psumr_eq0P gap_ge0 sum0; have := mass_sum P; rewrite big1 => [|a _].
  by move/eqP; rewrite eq_sym oner_eq0.
have /eqP := all0 a isT; rewrite mulf_eq0 subr_eq0 => /orP[/eqP //|/eqP eq_c].
by have := lt a; rewrite eq_c lexx.
Qed.

(** Two distributions with equal masses are equal. *)
Lemma distr_eq (A : finType) (P Q : distr R A) : (forall a, P a = Q a) -> P = Q.
Proof. by move=> eqPQ; apply/val_inj/ffunP. Qed.

Lemma distr_proof (A : finType) (f : A -> R) :
  (forall a, 0 <= f a) -> \sum_a f a = 1 ->
  [forall a, 0 <= [ffun a => f a] a] && (\sum_a [ffun a => f a] a == 1).
Proof.
move=> f_ge0 f_sum; apply/andP; split; first by apply/forallP=> a; rewrite ffunE.
by under eq_bigr do rewrite ffunE; rewrite f_sum.
Qed.

(** The distribution with the masses f. *)
Definition distr_of (A : finType) (f : A -> R) f_ge0 f_sum : distr R A :=
  Distr (@distr_proof A f f_ge0 f_sum).

Lemma distr_ofE (A : finType) (f : A -> R) f_ge0 f_sum a : @distr_of A f f_ge0 f_sum a = f a.
Proof. by rewrite /= ffunE. Qed.

Fact sure_ge0 (A : finType) (a b : A) : 0 <= (b == a)%:R :> R.
Proof. exact: ler0n. Qed.

Lemma sum_at (A : finType) (a : A) (f : A -> R) : \sum_b (b == a)%:R * f b = f a.
Proof.
rewrite (bigD1 a) //= eqxx mul1r big1 ?addr0 // => b /negPf->; exact: mul0r.
Qed.

Fact sure_sum (A : finType) (a : A) : \sum_b (b == a)%:R = 1 :> R.
Proof. by rewrite (bigD1 a) //= eqxx big1 ?addr0 // => b /negPf->. Qed.

(** The point mass on a: the policy that is sure to show a. *)
Definition sure (A : finType) (a : A) : distr R A := distr_of (sure_ge0 a) (sure_sum a).

Lemma sureE (A : finType) (a b : A) : sure a b = (b == a)%:R.
Proof. exact: distr_ofE. Qed.

Section Mixtures.

Variables (I A : finType) (q : distr R I) (P : I -> distr R A).

Fact mixture_ge0 a : 0 <= \sum_i q i * P i a.
Proof. by apply: sumr_ge0 => i _; rewrite mulr_ge0 ?mass_ge0. Qed.

Fact mixture_sum : \sum_a \sum_i q i * P i a = 1.
Proof.
rewrite exchange_big -[RHS](mass_sum q); apply: eq_bigr => i _.
by rewrite -big_distrr /= mass_sum mulr1.
Qed.

(** Draw i from q, then from P i. For policies on Y it is also their average. *)
Definition mixture : distr R A := distr_of mixture_ge0 mixture_sum.

Lemma mixtureE a : mixture a = \sum_i q i * P i a.
Proof. exact: distr_ofE. Qed.

End Mixtures.

Section Even.

Variables (A : finType) (a0 : A).

Fact even_ge0 (a : A) : 0 <= #|A|%:R^-1 :> R.
Proof. by rewrite invr_ge0 ler0n. Qed.

Fact even_sum : \sum_(a : A) #|A|%:R^-1 = 1 :> R.
Proof.
rewrite sumr_const -[LHS]mulr_natl divff // pnatr_eq0 -lt0n; apply/card_gt0P; by exists a0.
Qed.

(** The uniform distribution on a type that has a member a0. *)
Definition even : distr R A := distr_of even_ge0 even_sum.

Lemma evenE a : even a = #|A|%:R^-1.
Proof. exact: distr_ofE. Qed.

End Even.

Section Draws.

Variables (Y : finType) (k : nat) (pi : distr R Y).

(** Sums over tuples of products over positions are products of sums. *)
Lemma sum_tuples (V : comRingType) (f : Y -> V) :
  \sum_(S : k.-tuple Y) \prod_(y <- S) f y = (\sum_y f y) ^+ k.
Proof.
rewrite (reindex (fun g : {ffun 'I_k -> Y} => [tuple g i | i < k])); last first.
  exists (fun S : k.-tuple Y => [ffun i => tnth S i]) => [g|S] _.
    by apply/ffunP=> i; rewrite ffunE tnth_mktuple.
  by apply: eq_from_tnth => i; rewrite tnth_mktuple ffunE.
transitivity (\sum_(g : {ffun 'I_k -> Y}) \prod_(i < k) f (g i)).
  apply: eq_bigr => g _; rewrite big_tuple; apply: eq_bigr => i _.
  by rewrite tnth_mktuple.
by rewrite -(bigA_distr_bigA (fun (i : 'I_k) y => f y)) prodr_const card_ord.
Qed.

Fact draws_ge0 (S : k.-tuple Y) : 0 <= \prod_(y <- S) pi y.
Proof. by apply: prodr_ge0 => y _; exact: mass_ge0. Qed.

Fact draws_sum : \sum_(S : k.-tuple Y) \prod_(y <- S) pi y = 1.
Proof. by rewrite sum_tuples mass_sum expr1n. Qed.

(** pi^k, the k-sample product policy: k independent draws from pi. *)
Definition draws : distr R [finType of k.-tuple Y] := distr_of draws_ge0 draws_sum.

Lemma drawsE (S : k.-tuple Y) : draws S = \prod_(y <- S) pi y.
Proof. exact: distr_ofE. Qed.

End Draws.

(** A k-output policy is a distribution over k-tuples; a single-output policy one over Y. *)
Definition outputs (k : nat) (Y : finType) := distr R [finType of k.-tuple Y].

End Distributions.

Arguments sure {R A}.
Arguments even {R A}.
Arguments draws {R Y}.

Section WinRates.

Variables (R : realFieldType) (Y : finType) (t : ties) (p : population R Y).

(** W(S, T) for tuples: the weight of the users who pick from S when shown (S, T). *)
Definition W_shown (S T : seq Y) : R := \sum_u weight p u * picked_from R t (rank p u) S T.

(** W(P, Q): its average over the tuples S of P and T of Q, drawn independently. *)
Definition W k l (P : outputs R k Y) (Q : outputs R l Y) : R :=
  \sum_S \sum_T P S * Q T * W_shown S T.

(** P is (k, f)-robust: against every response it wins at least f. *)
Definition robust k (P : outputs R k Y) (f : R) := forall y, f <= W P (sure [tuple y]).

(** v is the worst case of P against l outputs. *)
Definition worst_case k l (P : outputs R k Y) (v : R) :=
  (forall T : l.-tuple Y, v <= W P (sure T)) /\ exists T : l.-tuple Y, W P (sure T) = v.

End WinRates.

Arguments W {R Y} t p {k l}.
Arguments robust {R Y} t p {k}.
Arguments worst_case {R Y} t p {k}.

Section Game.

Variables (R : realFieldType) (Y : finType) (p : population R Y) (k : nat).

(** u_y(pi): the chance that y is picked when it is shown with k independent draws from pi. *)
Definition utility (pi : distr R Y) (y : Y) : R := W uniform p (sure [tuple y]) (draws k pi).

(** The payoff of a player of the (k+1)-player alignment game who plays rho, when the k others
    play pi. *)
Definition payoff (rho pi : distr R Y) : R := W uniform p (draws 1 rho) (draws k pi).

(** pi is a symmetric Nash equilibrium: when the others play pi, nobody earns more than by pi. *)
Definition equilibrium (pi : distr R Y) := forall rho, payoff rho pi <= payoff pi pi.

End Game.

(** NLHF plays a symmetric equilibrium of the two-player game: a maximal lottery. *)
Definition NLHF (R : realFieldType) (Y : finType) (p : population R Y) := equilibrium p 1.

Section Weights.

Variables (R : realFieldType) (Y : finType) (p : population R Y).

(** The weight of the users who rank a strictly above b, and of those for whom they tie. *)
Definition above (a b : Y) : R := \sum_(u | (rank p u a < rank p u b)%N) weight p u.
Definition tied (a b : Y) : R := \sum_(u | rank p u a == rank p u b) weight p u.

(** Nobody is indifferent between two responses. *)
Definition strict := forall u, injective (rank p u).

End Weights.
