(** What `ualign export --coq` writes, in small: responses 0 and 1, and users of weight 3 out of 5
    who prefer 0. *)

From mathcomp Require Import all_ssreflect all_algebra.
From Coq Require Import ZArith.
From UAlign Require Import Definitions Check CheckSound BoxSound.

Definition users : seq user_data := [:: (3, [:: 0; 1]%N); (2, [:: 1; 0]%N)]%Z.

(** Always answering 0, sampled twice, wins 3/5 at worst: against 1. *)
Theorem always_0 : win_rate 2 users 2 1 uniform (product [:: 1; 0]%Z) exactly 3 5.
Proof. by apply: (@win_rate_sound _ _ _ _ _ _ _ [:: 1]%N); vm_compute. Qed.

(** Answering 0 and 1 wins 7/10 at worst, ... *)
Theorem both : win_rate 2 users 2 1 uniform [:: (1, Shown [:: 0; 1]%N)]%Z exactly 7 10.
Proof. by apply: (@win_rate_sound _ _ _ _ _ _ _ [:: 0]%N); vm_compute. Qed.

(** ... and nothing with two outputs wins more: 0 holds it to that. *)
Theorem no_more : joint_upper_bound 2 users 2 1 uniform 7 10.
Proof. by apply: (@joint_sound _ _ _ _ _ [:: (1, [:: 0]%N)]%Z); vm_compute. Qed.

(** For k = 1, always answering 0 is an equilibrium: it is what NLHF does. *)
Theorem NLHF_answers_0 : exact_equilibrium 2 users 1 [:: 1; 0]%Z.
Proof. by apply: equilibrium_sound; vm_compute. Qed.

(** For k = 3 an equilibrium answers 1 about 32.2 percent of the time. Its masses are not rational;
    these are within 1 percent of them. *)
Theorem draws_of_three : enclosed_equilibrium 2 users 3 [:: 678; 322]%Z 1 100.
Proof.
by apply: (@enclosed_sound _ _ _ _ [:: [:: (-54); 87]; [:: 184; (-150)]]%Z 100); vm_compute.
Qed.
