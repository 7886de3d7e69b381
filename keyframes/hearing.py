"""What the calls of a formula mean: to each of them, the signal that it stands for."""

from __future__ import annotations

import ast

import numpy as np

from keyframes.amounts import amount_parts
from keyframes.evaluation import evaluate, variables_in
from keyframes.functions import FUNCTIONS, OVER_TIME
from keyframes.nearest import nearest
from keyframes.quoting import quoted
from keyframes.source import UNITS, Amount, Signal, Signals, Source
from keyframes.syntax import ExpressionError, column, dotted
from keyframes.time_words import counted
from keyframes.unheard import no_function, unknown


class _Lift(ast.NodeTransformer):
    """Puts a name in the place of what stands for a signal, and keeps what stood there."""

    def __init__(self) -> None:
        self.calls: dict[str, ast.expr] = {}

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._named(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = dotted(node.func)
        if name in FUNCTIONS or name in OVER_TIME:
            node.args = [self.visit(argument) for argument in node.args]
        return node if name in FUNCTIONS else self._named(node)

    def _named(self, node: ast.expr) -> ast.expr:
        name = ast.copy_location(ast.Name(id=ast.unparse(node), ctx=ast.Load()), node)
        self.calls.setdefault(name.id, node)
        return name


def lifted(tree: ast.expr) -> tuple[ast.expr, dict[str, ast.expr]]:
    """A parsed tree in which a name stands in the place of each call, and the calls by these names.

    Calls of functions of numbers stay; names with a dot count as calls. What a call is computed
    from comes before it. The tree that is given is used up.
    """
    lift = _Lift()
    return lift.visit(tree), lift.calls


def check_known(node: ast.expr, signals: Signals) -> None:
    """Raises ExpressionError if a name or a call of a formula is of nothing that it can use."""
    if isinstance(node, ast.Call):
        name = str(dotted(node.func))
        sources = [known for known, one in signals.items() if isinstance(one, Source)]
        if name not in sources:
            raise ExpressionError(no_function(name, signals, sources), column(node))
    elif (name := str(dotted(node))) not in signals:
        raise ExpressionError(unknown(name, signals), column(node))


def signal_of(node: ast.expr, signals: Signals) -> Signal:
    """The signal that a name or a call of a formula stands for.

    Raises ExpressionError, at its column, for what it does not know or cannot be told.
    """
    check_known(node, signals)
    name = str(dotted(node.func if isinstance(node, ast.Call) else node))
    source = signals[name]
    if not isinstance(source, Source):
        return source
    call = node if isinstance(node, ast.Call) else ast.Call(func=node, args=[], keywords=[])
    if len(call.args) != len(source.parameters):
        message = f"{name} has {counted(len(call.args), 'value')}; write {source.usage(name)}"
        raise ExpressionError(message, column(node))
    numbers = [
        _value(argument, parameter, parameter in source.amounts)
        for parameter, argument in zip(source.parameters, call.args, strict=True)
    ]
    settings = {str(key.arg): _setting(key, name, source) for key in call.keywords}
    try:
        return source.make(*numbers, **settings)
    except ValueError as error:
        raise ExpressionError(str(error), column(node)) from None


def _setting(keyword: ast.keyword, name: str, source: Source) -> float | Amount:
    option = str(keyword.arg)
    if option not in source.options:
        hint = nearest(option, source.options)
        message = f'{name} has no "{quoted(option)}"{hint}; write {source.usage(name)}'
        raise ExpressionError(message, column(keyword))
    value = _value(keyword.value, option, option in source.amounts)
    number = value.number if isinstance(value, Amount) else value
    least, largest = source.options[option]
    if not least <= number <= largest:
        message = f"{option} of {name} is {number:g}; allowed: {least:g} to {largest:g}"
        raise ExpressionError(message, column(keyword.value))
    return value


def _value(node: ast.expr, what: str, has_unit: bool) -> float | Amount:
    """The constant that is given for a parameter or option called `what`."""
    part, unit = amount_parts(node) if has_unit else (node, "")
    tree, calls = lifted(part)
    for variable in variables_in(tree):
        if variable.id in UNITS:
            message = f'"{variable.id}" follows a number alone, as in 2 {variable.id}'
        else:
            place = calls.get(variable.id, variable)
            written = dotted(place.func if isinstance(place, ast.Call) else place)
            message = f'{what} is a constant; "{quoted(written)}" changes over time'
        raise ExpressionError(message, column(variable))
    number = float(evaluate(tree, {}))
    if not np.isfinite(number):
        raise ExpressionError(f"{what} is not a finite number (value {number})", column(node))
    return Amount(number, unit) if has_unit else number
