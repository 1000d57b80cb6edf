"""docs/lifecycle.md, drawn from the transitions: a diagram and a table for each lifecycle."""

from __future__ import annotations

import inspect

from core.lifecycles import Step, lifecycle_models, state_field, steps
from core.road import LifecycleModel

HEAD = """# Lifecycles

Drawn from the transitions in code by `manage.py draw_lifecycles`; a test fails when this page and the code differ.
The ids are the rulebook's. An arrow is a change of state; an act that leaves the state as it is stands in the table
only. Who may act is the transition's permission, asked by the road of every command (`core/road.py`).
"""


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join(_section(model) for model in lifecycle_models())


def _section(model: type[LifecycleModel]) -> str:
    every = sorted(steps(model), key=lambda s: (_order(model, s.source), _order(model, s.target), s.rule, s.name))
    moves = [s for s in every if s.source != s.target]
    field = state_field(model)
    first = str(field.default)
    last = sorted({s.target for s in moves} - {s.source for s in moves})
    lines = [
        f"\n## {model.__name__}\n",
        f"\n{_doc(model)}\n",
        "\n```mermaid\nstateDiagram-v2\n",
        f"    [*] --> {first}\n",
    ]
    for (source, target), rules in _grouped(moves).items():
        lines.append(f"    {source} --> {target}: {', '.join(rules)}\n")
    lines += [f"    {state} --> [*]\n" for state in last]
    lines.append("```\n\n| Rule | Act | From | To | What it means |\n|---|---|---|---|---|\n")
    for name, group in _by_name(every).items():
        sources = ", ".join(dict.fromkeys(s.source for s in group))
        targets = dict.fromkeys(s.target for s in group)
        target = "stays" if all(s.source == s.target for s in group) else ", ".join(targets)
        meaning = inspect.getdoc(getattr(model, name)) or ""
        lines.append(f"| {group[0].rule} | {group[0].label} | {sources} | {target} | {meaning.splitlines()[0]} |\n")
    return "".join(lines)


def _doc(model: type[LifecycleModel]) -> str:
    return (inspect.getdoc(model) or "").splitlines()[0]


def _order(model: type[LifecycleModel], state: str) -> int:
    return [str(value) for value, _ in state_field(model).flatchoices].index(state)


def _grouped(moves: list[Step]) -> dict[tuple[str, str], list[str]]:
    grouped: dict[tuple[str, str], list[str]] = {}
    for step in moves:
        rules = grouped.setdefault((step.source, step.target), [])
        if step.rule not in rules:
            rules.append(step.rule)
    return grouped


def _by_name(every: list[Step]) -> dict[str, list[Step]]:
    named: dict[str, list[Step]] = {}
    for step in every:
        named.setdefault(step.name, []).append(step)
    return named
