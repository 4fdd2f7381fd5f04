(** Deciding claims about one population by computing with integers, proved sound against
    Definitions.v. Meant for vm_compute: the proof of a claim is the decider's answer, true. What
    `ualign export --coq` writes, and Example.v shows, is made of this. *)

From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring zify ssrZ.
From Coq Require Import ZArith.
From UAlign Require Import Definitions Integral Utility P1 Continuum.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Delimit Scope nat_scope with N.
Local Open Scope ring_scope.

(** ** What is written down *)

(** The responses are 0..n-1. A user is her weight and the places of the responses, in their order,
    the smaller the better. *)
Definition user_data : Type := Z * seq nat.

(** A policy is a mixture of what is sure to be shown, and of independent draws from masses. *)
Inductive item := Shown of seq nat | Draws of seq Z.
Definition policy_data : Type := seq (Z * item).
Definition product (masses : seq Z) : policy_data := [:: (1%Z, Draws masses)].

(** All weights count by their share of the sum. *)
Definition sum_of (s : seq Z) : Z := foldr Z.add 0%Z s.

Definition shares n (s : seq Z) : bool :=
  [&& (0 < n)%N, size s == n, all (fun z => 0 <=? z)%Z s & (0 <? sum_of s)%Z].

Definition population_ok n (us : seq user_data) : bool :=
  [&& (0 < n)%N, shares (size us) (map fst us) & all (fun u => size u.2 == n) us].

Definition tuple_ok n k (S : seq nat) : bool := (size S == k) && all (fun y => y < n)%N S.

Definition item_ok n k (i : item) : bool :=
  match i with Shown ys => tuple_ok n k ys | Draws masses => shares n masses end.

Definition policy_ok n k (P : policy_data) : bool :=
  shares (size P) (map fst P) && all (fun i => item_ok n k i.2) P.

Definition no_user : user_data := (0%Z, [::]).
Definition no_item : Z * item := (0%Z, Shown [::]).
Definition ranks (u : user_data) : ranking nat := nth 0%N u.2.

(** ** What it means *)

(** The numbers 0..n-1, for n > 0. *)
Definition upto (n : nat) : finType := [finType of 'I_n.-1.+1].

Definition real (R : realFieldType) (z : Z) : R := (int_of_Z z)%:~R.

(** The distribution with these shares of the weights. *)
Definition listed (R : realFieldType) n (s : seq Z) : distr R (upto n) :=
  insubd (sure ord0) [ffun i : upto n => real R (nth 0%Z s i) / real R (sum_of s)].

(** The population that is written down. *)
Definition population_of (R : realFieldType) n (us : seq user_data) : population R (upto n) :=
  @Population R _ (upto (size us)) (listed R (size us) (map fst us))
    (fun i y => ranks (nth no_user us i) (y : 'I_n.-1.+1)).

Definition tuple_of n k (S : seq nat) : k.-tuple (upto n) := [tuple inord (nth 0%N S i) | i < k].

(** The k-output policy that is written down. *)
Definition policy_of (R : realFieldType) n k (P : policy_data) : outputs R k (upto n) :=
  mixture (listed R (size P) (map fst P)) (fun i : upto (size P) =>
    match (nth no_item P i).2 with
    | Shown ys => sure (tuple_of n k ys)
    | Draws masses => draws k (listed R n masses)
    end).

(** ** Claims

    They are about every ordered field R, and say that what is written down is well formed. *)

Inductive relation := at_least | exactly | at_most.

(** `win-rate`: the worst win rate of the policy against l outputs is at least (is, is at most)
    a/b. *)
Definition win_rate n us k l t P rel (a b : Z) : Prop :=
  [/\ population_ok n us, policy_ok n k P, (0 < b)%Z & forall R,
    let p := population_of R n us in let policy := policy_of R n k P in
    match rel with
    | at_least => forall T : l.-tuple (upto n), real R a / real R b <= W t p policy (sure T)
    | exactly => worst_case t p l policy (real R a / real R b)
    | at_most => exists T : l.-tuple (upto n), W t p policy (sure T) <= real R a / real R b
    end].

(** `joint-upper-bound`: no k-output policy wins more than a/b against every l-tuple. *)
Definition joint_upper_bound n us k l t (a b : Z) : Prop :=
  [/\ population_ok n us, (0 < b)%Z & forall R (P : outputs R k (upto n)) f,
    (forall T : l.-tuple (upto n), f <= W t (population_of R n us) P (sure T)) ->
    f <= real R a / real R b].

(** `equilibrium` with delta = 0: the masses are a symmetric equilibrium of the (k+1)-player
    alignment game. *)
Definition exact_equilibrium n us k (masses : seq Z) : Prop :=
  [/\ population_ok n us, shares n masses &
    forall R, equilibrium (population_of R n us) k (listed R n masses)].

(** `equilibrium` with delta = a/b > 0: near the masses, by relative distance a/b, there is a
    symmetric equilibrium, over every ordered field where [0, 1] is compact. As a < b, it has mass
    just where they have. *)
Definition enclosed_equilibrium n us k masses (a b : Z) : Prop :=
  [/\ population_ok n us, shares n masses, (0 < a < b)%Z &
    forall R : archiFieldType, bolzano_weierstrass R ->
    let x := listed R n masses in
    exists2 pi, equilibrium (population_of R n us) k pi &
      forall y, `|pi y - x y| <= real R a / real R b * x y].

(** ** The computation *)

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

(** All shares with up to m positions are whole multiples of 1/units m; but rounding, to the safe
    side, is sound without that. *)
Fixpoint units (m : nat) : Z := if m is m'.+1 then (Z.of_nat m * units m')%Z else 2%Z.

Definition rounded (up : bool) (m : nat) (f : Z * Z) : Z :=
  if up then (- ((- (units m * f.1)) / f.2))%Z else ((units m * f.1) / f.2)%Z.

(** The mass at places b and beyond. *)
Fixpoint mass_from (b : nat) (places : seq nat) (masses : seq Z) : Z :=
  match places, masses with
  | r :: places', m :: masses' =>
      let rest := mass_from b places' masses' in if (b <= r)%N then (m + rest)%Z else rest
  | _, _ => 0%Z
  end.

Fixpoint power (D : Z) (k : nat) : Z := if k is k'.+1 then (D * power D k')%Z else 1%Z.

(** The coefficients of (L + p X) q, and of (L + p X)^k. *)
Fixpoint times (L p last : Z) (q : seq Z) : seq Z :=
  if q is c :: q' then (L * c + p * last)%Z :: times L p c q' else [:: (p * last)%Z].
Fixpoint row (k : nat) (L p : Z) : seq Z :=
  if k is k'.+1 then times L p 0 (row k' L p) else [:: 1%Z].

(** The sum of the products, the i-th number taken from f i. *)
Fixpoint weighted (f : nat -> Z) (i : nat) (s : seq Z) : Z :=
  if s is z :: s' then (z * f i + weighted f i.+1 s')%Z else 0%Z.

(** D^k units m times what an item wins of a user against T. For draws: all of it, but for the
    chance that none of them is above T's best class, and i are in it, and what T gets then. *)
Definition won (up : bool) t m (D : Z) k (i : item) (u : user_data) (T : seq nat) : Z :=
  match i with
  | Shown ys =>
      (power D k * rounded up m (fraction t (ours (ranks u) ys T) (theirs (ranks u) ys T)))%Z
  | Draws masses =>
      let b := top (ranks u) T in let j := tops (ranks u) T in
      let L := mass_from b.+1 u.2 masses in
      (power D k * units m - weighted (fun i => units m - rounded up m (fraction t i j)) 0
                               (row k L (mass_from b u.2 masses - L)))%Z
  end.

Definition of_users (us : seq user_data) (f : user_data -> Z) : Z :=
  sum_of [seq (u.1 * f u)%Z | u <- us].
Definition of_items (P : policy_data) (f : item -> Z) : Z :=
  sum_of [seq (i.1 * f i.2)%Z | i <- P].

(** The sum of the masses of all draws: they are to be written with the same. *)
Definition denominator (P : policy_data) : Z :=
  foldr (fun i D => if i.2 is Draws masses then sum_of masses else D) 1%Z P.
Definition common (D : Z) (P : policy_data) : bool :=
  all (fun i => if i.2 is Draws masses then (sum_of masses =? D)%Z else true) P && (0 <? D)%Z.

(** All multisets of k of the responses 0..n-1. *)
Fixpoint multisets (n k : nat) : seq (seq nat) :=
  if n is n'.+1 then
    flatten [seq [seq nseq j n' ++ S | S <- multisets n' (k - j)] | j <- iota 0 k.+1]
  else if k == 0%N then [:: [::]] else [::].

(** The opponent matters only where something is to be attained. *)
Definition decide_win_rate n us k l t P rel (opponent : seq nat) (a b : Z) : bool :=
  let m := (k + l)%N in let D := denominator P in
  let all_weight := (sum_of (map fst P) * (sum_of (map fst us) * (power D k * units m)))%Z in
  let wins up T := of_items P (fun i => of_users us (fun u => won up t m D k i u T)) in
  [&& population_ok n us, policy_ok n k P, (0 <? b)%Z, (0 < l)%N, common D P,
      (if rel is at_most then true
       else all (fun T => a * all_weight <=? b * wins false T)%Z (multisets n l)) &
      if rel is at_least then true
      else tuple_ok n l opponent && (b * wins true opponent <=? a * all_weight)%Z].

(** The mixture Q of l-tuples holds every k-tuple to a/b. *)
Definition decide_joint n us k l t (Q : seq (Z * seq nat)) (a b : Z) : bool :=
  let m := (k + l)%N in
  let all_weight := (sum_of (map fst Q) * (sum_of (map fst us) * units m))%Z in
  let wins S T := of_users us (fun u => won true t m 1 k (Shown S) u T) in
  [&& population_ok n us, (0 <? b)%Z, shares (size Q) (map fst Q),
      all (fun T => tuple_ok n l T.2) Q &
      all (fun S => b * sum_of [seq (T.1 * wins S T.2)%Z | T <- Q] <=? a * all_weight)%Z
        (multisets n k)].

Definition decide_equilibrium n us k masses : bool :=
  decide_win_rate n us k 1 uniform (product masses) at_least [::] (Z.of_nat k) (Z.of_nat k.+1)
  && shares n masses.

(** ** Enclosed equilibria

    With D the masses' sum, x the masses by D, and U and the slopes as in Box.v. *)

(** D^k units m times the chance that a user picks from T against k draws. *)
Definition lost m k masses (u : user_data) (T : seq nat) : Z :=
  let D := sum_of masses in (power D k * units m - won false uniform m D k (Draws masses) u T)%Z.

(** U and the slopes, for k = m+1, are in units of 1 divided by this. *)
Definition unit_of (us : seq user_data) m masses : Z :=
  (2 * (sum_of (map fst us) * (power (sum_of masses) m.+1 * units m.+2)))%Z.

Definition U_of (us : seq user_data) m masses i : Z :=
  (2 * (Z.of_nat m.+2 * of_users us (fun u => lost m.+2 m.+1 masses u [:: i])))%Z.

(** A draw of j leaves i nothing, or its share, or, where they tie, half of the share of both. *)
Definition slope_of (us : seq user_data) m masses i j : Z :=
  (Z.of_nat (m.+2 * m.+1) * nth 0 masses j * of_users us (fun u =>
    if (ranks u i <= ranks u j)%N then
      (if ranks u i == ranks u j then 1 else 2) * lost m.+2 m masses u [:: i; j]
    else 0))%Z.

(** Box.v's condition on i. U and A, the slopes, are in units of 1/C, B is in units of 1/q, and delta
    is a/b. *)
Definition contracts (T : seq nat) (U : nat -> Z) (A B : nat -> nat -> Z) (C q a b : Z) m i
  : bool :=
  let sum f := sum_of [seq f j | j <- T] in
  let beta := Z.abs (sum (fun j => B i j * (U j - C)))%Z in
  let there := sum (fun l => Z.abs ((if i == l then q * C else 0)
    - sum (fun j => B i j * A j l)))%Z in
  let variation := (Z.of_nat m.+1 * sum (fun j => Z.abs (B i j) * U j))%Z in
  (beta * (b * power b m) + (there * power b m + variation * (power (a + b) m - power b m)) * a
    <? a * (q * C * power b m))%Z.

(** B has a row and a column for each response, in multiples of 1/q; any matrix is sound. *)
Definition decide_enclosed n us k masses (rows : seq (seq Z)) (q a b : Z) : bool :=
  if k is m.+1 then
    let has_mass y := (0 <? nth 0 masses y)%Z in
    let C := unit_of us m masses in
    let Us := mkseq (U_of us m masses) n in
    let slopes := mkseq (fun i => mkseq (slope_of us m masses i) n) n in
    let T := [seq y <- iota 0 n | has_mass y] in
    [&& population_ok n us, shares n masses, (0 <? q)%Z, (0 <? a)%Z, (a <? b)%Z,
        all (contracts T (nth 0%Z Us) (fun i j => nth 0%Z (nth [::] slopes i) j)
          (fun i j => nth 0%Z (nth [::] rows i) j) C q a b m) T &
        all (fun y => has_mass y || (nth 0 Us y * power (a + b) k <=? C * power b k)%Z) (iota 0 n)]
  else false.
