"""Public data sets of preferences, by the schemas that their publishers give: data, not code.

A path is a column, with dots into objects; a path that begins with a dot starts at an item of the
list in one of the columns `items`, each of which is a row of its own. Paths in a tuple are columns
that identify something together, or numbers to be added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Path = str | tuple[str, ...]


@dataclass(frozen=True)
class Preset:
    """Where a data set has what. `words`: what its preferences are called; `only`: the values that
    a row has to have to count; `one_user`: the name of the one judge, where there is no column;
    `as_users`: what makes a user, where its prompts are best pooled; `absent`: what stands for
    nothing."""

    title: str
    form: str
    roles: Mapping[str, Path]
    items: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    one_user: str = ""
    as_users: tuple[str, ...] = ()
    absent: frozenset[str] = field(default_factory=frozenset)


_VOTES = {"model_a": "a", "model_b": "b", "tie": "tie", "tie (bothbad)": "tie", "both_bad": "tie"}
_ASPECTS = ("helpfulness", "honesty", "instruction_following", "truthfulness")
_SLIGHTLY = {
    f"{side}-is-{how}-better": side.lower() for side in "AB" for how in ("clearly", "slightly")
}

PRESETS: dict[str, Preset] = {
    "arena": Preset(
        "Chatbot Arena conversations (33k): question_id, model_a, model_b, winner, judge",
        "pairs",
        {
            "prompt": "question_id",
            "user": "judge",
            "response_a": "model_a",
            "response_b": "model_b",
            "preference": "winner",
        },
        words=_VOTES,
        as_users=("prompt", "user"),
    ),
    "arena-140k": Preset(
        "Arena human preferences (140k): id, model_a, model_b, winner; the first of a session",
        "pairs",
        {
            "prompt": "id",
            "response_a": "model_a",
            "response_b": "model_b",
            "preference": "winner",
        },
        words=_VOTES,
        only={"evaluation_order": "1"},
        as_users=("prompt",),
    ),
    "mt-bench": Preset(
        "MT-Bench human judgements: question_id and turn, judge, model_a, model_b, winner",
        "pairs",
        {
            "prompt": ("question_id", "turn"),
            "user": "judge",
            "response_a": "model_a",
            "response_b": "model_b",
            "preference": "winner",
        },
        words=_VOTES,
        as_users=("prompt", "user"),
    ),
    "multipref": Preset(
        "MultiPref: prompt_id, model_a, model_b, and lists of annotators with overall_pref",
        "pairs",
        {
            "prompt": "prompt_id",
            "user": ".evaluator",
            "response_a": "model_a",
            "response_b": "model_b",
            "preference": ".overall_pref",
        },
        items=("normal_worker_annotations", "expert_worker_annotations"),
        words={**_SLIGHTLY, "Tie": "tie"},
    ),
    "alpaca-eval": Preset(
        "AlpacaEval annotations: generator_2's preference from 1 to 2 over one baseline",
        "scores",
        {
            "prompt": "instruction",
            "user": "annotator",
            "response": "generator_2",
            "score": "preference",
        },
        words={"0": "1.5", "0.0": "1.5"},  # an old way to write a tie
        as_users=("prompt", "user"),
    ),
    "ultrafeedback": Preset(
        "UltraFeedback: completions of models, with one judge's ratings of four aspects",
        "scores",
        {
            "prompt": "instruction",
            "response": ".model",
            "score": tuple(f".annotations.{aspect}.Rating" for aspect in _ASPECTS),
        },
        items=("completions",),
        one_user="judge",
        as_users=("prompt",),
        absent=frozenset({"N/A"}),
    ),
    "prism": Preset(
        "PRISM utterances: user_id's score of model_name in the first turn of an interaction",
        "scores",
        {
            "prompt": "interaction_id",
            "user": "user_id",
            "response": "model_name",
            "score": "score",
        },
        only={"turn": "0"},
        as_users=("prompt", "user"),
    ),
}
"""Name -> preset."""
