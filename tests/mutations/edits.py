"""Edits: the ways in which one node of a query's tree can be dropped or moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from sqlglot import exp

from tests.mutations.trees import clause

MOVED: dict[type[exp.Expr], type[exp.Expr]] = {exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT}
"""Comparisons and what they become when their bound moves onto, or off, the value itself."""
_ARGUMENTS = {"partition_by": "partition by", "order": "order by"}


@dataclass(frozen=True, slots=True)
class Edit:
    """One way to change a node."""

    told: str
    apply: Callable[[exp.Expr], None]
    """Changes the node of that place in a copy of the tree."""


def edits(node: exp.Expr) -> Iterator[Edit]:
    """Yield every edit of one node."""
    for rule in _RULES:
        yield from rule(node)


def _operands(node: exp.Expr) -> Iterator[Edit]:
    """Drop each side of `and` and `or`; a chain of them is a chain of such nodes."""
    if isinstance(node, exp.And | exp.Or):
        word = "and" if isinstance(node, exp.And) else "or"
        for side, other in (("this", "expression"), ("expression", "this")):
            operand = node.args[side]
            if not isinstance(operand, type(node)):
                yield Edit(f"without: {word} {clause(operand)}", partial(_becomes, side=other))


def _becomes(node: exp.Expr, side: str) -> None:
    """Put one part of a node in the node's place."""
    node.replace(node.args[side].copy())


def _conditions(node: exp.Expr) -> Iterator[Edit]:
    """Drop a condition that stands alone behind where, having, qualify, filter or on."""
    if isinstance(node, exp.Where | exp.Having | exp.Qualify) and not isinstance(_bare(node.this), exp.And):
        told = f"without: {node.key} {clause(node.this)}"
        if isinstance(node.parent, exp.Filter):
            yield Edit(told.replace("where", "filter", 1), _drop_filter)
        else:
            yield Edit(told, _drop)
    if isinstance(node, exp.Join) and node.args.get("on") and not isinstance(_bare(node.args["on"]), exp.And):
        yield Edit(f"without: on {clause(node.args['on'])}", _join_all)


def _bare(node: exp.Expr) -> exp.Expr:
    return node.unnest()


def _drop(node: exp.Expr) -> None:
    node.pop()


def _drop_filter(node: exp.Expr) -> None:
    aggregate = node.find_ancestor(exp.Filter)
    if aggregate is not None:
        aggregate.replace(aggregate.this.copy())


def _join_all(node: exp.Expr) -> None:
    node.set("on", exp.true())


def _branches(node: exp.Expr) -> Iterator[Edit]:
    """Drop each branch of a case, its last resort, and the condition of a case that has only one."""
    if not isinstance(node, exp.Case):
        return
    ifs, default = node.args["ifs"], node.args.get("default")
    for number, branch in enumerate(ifs):
        yield Edit(f"without: when {clause(branch.this)}", partial(_drop_branch, number=number))
    if default is not None:
        yield Edit(f"without: else {clause(default)}", partial(_set, name="default", to=None))
    if len(ifs) == 1:
        yield Edit(f"always: when {clause(ifs[0].this)}", _first_branch)


def _drop_branch(node: exp.Expr, number: int) -> None:
    """Drop one branch; a case without any is what it falls back to."""
    node.args["ifs"][number].pop()
    if not node.args["ifs"]:
        node.replace(node.args.get("default") or exp.null())


def _first_branch(node: exp.Expr) -> None:
    node.replace(exp.paren(node.args["ifs"][0].args["true"].copy()))


def _set(node: exp.Expr, name: str, to: object) -> None:
    node.set(name, to)


def _sets(node: exp.Expr) -> Iterator[Edit]:
    """Drop each branch of a union, the subtrahend of an except, and the word that makes rows distinct."""
    if isinstance(node, exp.SetOperation):
        sides = ("this", "expression") if isinstance(node, exp.Union) else ("expression",)
        for side in sides:
            if not isinstance(node.args[side], exp.SetOperation):
                told = f"without: {node.key} {clause(node.args[side])}"
                yield Edit(told, partial(_keep_side, side="this" if side == "expression" else "expression"))
        if node.args.get("distinct") and isinstance(node, exp.Union):
            yield Edit("union all instead of union", partial(_set, name="distinct", to=False))


def _keep_side(node: exp.Expr, side: str) -> None:
    """Put one side of a union in its place, with the table expressions that stand before it."""
    kept = node.args[side].copy()
    if node.args.get("with_"):
        kept.set("with_", node.args["with_"].copy())
    node.replace(kept)


def _distinct(node: exp.Expr) -> Iterator[Edit]:
    """Drop `distinct`, of a select or inside an aggregate."""
    if isinstance(node, exp.Select) and node.args.get("distinct"):
        told = ", ".join(clause(e) for e in node.expressions)
        yield Edit(f"without: distinct {told}", partial(_set, name="distinct", to=None))
    if isinstance(node, exp.Distinct) and node.expressions:
        yield Edit(f"without: {clause(node)}", _only_expression)


def _only_expression(node: exp.Expr) -> None:
    node.replace(node.expressions[0].copy())


def _joins(node: exp.Expr) -> Iterator[Edit]:
    """Drop a join that only filters, and let a left join keep only the rows that have a partner."""
    if not isinstance(node, exp.Join):
        return
    if node.kind in ("SEMI", "ANTI") or not _mentioned(node):
        yield Edit(f"without: {clause(node).strip()}", _drop)
    if node.side == "LEFT" and _mentioned(node):
        told = clause(node).strip().replace("LEFT JOIN", "JOIN", 1)
        yield Edit(f"instead of left: {told}", partial(_set, name="side", to=None))


def _mentioned(join: exp.Expr) -> bool:
    """Tell whether anything outside a join names what it brings."""
    scope = join.find_ancestor(exp.Select)
    inside = {id(column) for column in join.find_all(exp.Column)}
    columns = scope.find_all(exp.Column) if scope else ()
    return any(c.parts[0].name == join.alias_or_name for c in columns if id(c) not in inside)


def _orders(node: exp.Expr) -> Iterator[Edit]:
    """Drop each part of a window, and of what decides which row an aggregate takes."""
    if isinstance(node, exp.Window):
        for part in node.args.get("partition_by") or ():
            yield Edit(f"without: partition by {clause(part)}", partial(_drop_equal, part=clause(part)))
    if isinstance(node, exp.Order):
        for part in node.expressions:
            yield Edit(f"without: order by {clause(part)}", partial(_drop_equal, part=clause(part)))
    if isinstance(node, exp.Array) and isinstance(node.parent, exp.ArgMax | exp.ArgMin):
        for part in node.expressions:
            yield Edit(f"without: by {clause(part)}", partial(_drop_equal, part=clause(part)))


def _drop_equal(node: exp.Expr, part: str) -> None:
    """Drop the part of a list that reads so; an order of nothing goes with its last part."""
    parts = node.args.get("partition_by") or node.expressions
    next(p for p in parts if clause(p) == part).pop()
    if isinstance(node, exp.Order) and not node.expressions:
        node.replace(node.this) if node.this else node.pop()


def _members(node: exp.Expr) -> Iterator[Edit]:
    """Drop each value of a list in which something must, or must not, be."""
    if isinstance(node, exp.In) and len(node.expressions) > 1:
        for part in node.expressions:
            told = f"without: {clause(part)} of {clause(node.this)} in (...)"
            yield Edit(told, partial(_drop_equal, part=clause(part)))
    if isinstance(node, exp.ArrayFilter):
        yield Edit(f"without: {clause(node)}", partial(_becomes, side="this"))


def _bounds(node: exp.Expr) -> Iterator[Edit]:
    """Move a bound onto the value that is compared, or off it."""
    to = MOVED.get(type(node))
    if to is not None:
        moved = to(this=node.this.copy(), expression=node.expression.copy())
        yield Edit(f"bound: {clause(moved)} instead of {clause(node)}", partial(_replace, to=moved))


def _replace(node: exp.Expr, to: exp.Expr) -> None:
    node.replace(to.copy())


_RULES: tuple[Callable[[exp.Expr], Iterator[Edit]], ...] = (
    _operands,
    _conditions,
    _branches,
    _sets,
    _distinct,
    _joins,
    _orders,
    _members,
    _bounds,
)
