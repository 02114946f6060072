"""Make mutants: the source of a module with one thing in it turned to another."""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARED: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
JOINED: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
PAIRS = ("min max", "any all", "any_horizontal all_horizontal", "first last",
         "min_horizontal max_horizontal", "is_null is_not_null")  # fmt: skip
CALLED = {a: b for pair in PAIRS for a, b in (pair.split(), pair.split()[::-1])}
TRUE, FALSE = ast.Constant(value=True), ast.Constant(value=False)
# Text inside an f-string has no place of its own, and an annotation does nothing.
APART = ("annotation", "returns", "decorator_list")


@dataclass(frozen=True, order=True)
class Mutant:
    """One change of one file.

    Args:
        path: Of the file, below the tree.
        lines: First and last line of the statement that it is in.
        span: First and last byte that are replaced.
        new: What stands there instead.
        what: The kind of change.
    """

    path: str
    lines: tuple[int, int]
    span: tuple[int, int]
    new: str
    what: str

    def apply(self, text: bytes) -> bytes:
        """Return the file's bytes with the change."""
        return text[: self.span[0]] + self.new.encode() + text[self.span[1] :]

    def is_other_code(self, text: bytes) -> bool:
        """Return whether the change is Python, and another program than before."""
        try:
            return ast.dump(ast.parse(self.apply(text))) != ast.dump(ast.parse(text))
        except SyntaxError:
            return False

    def describe(self, text: bytes) -> str:
        """Return the change as lines of a diff."""
        old, new = (t.decode().splitlines() for t in (text, self.apply(text)))
        diff = list(difflib.unified_diff(old, new, lineterm="", n=0))[2:]
        return "\n".join(line for line in diff if not line.startswith("@@"))


def list_mutants(root: Path, path: str) -> list[Mutant]:
    """List every change of a file, in the order of their places."""
    text = (root / path).read_bytes()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: set[Mutant] = set()
    for node, statement in walk_code(ast.parse(text), None):
        for new, what, *part in change_node(node):
            node = part[0] if part else node
            ends = (
                (node.lineno, node.col_offset),
                (node.end_lineno, node.end_col_offset),
            )
            span = tuple(starts[line - 1] + column for line, column in ends)
            words = ast.unparse(ast.fix_missing_locations(new))
            words = f"({words})" if isinstance(new, ast.expr) else words
            lines = (statement.lineno, lines_of(statement))
            found.add(Mutant(path, lines, span, words, what))
    return sorted(found)


def lines_of(statement: ast.stmt) -> int:
    """Return the last line of a statement, or of its head where it has a body."""
    body = getattr(statement, "body", None)
    return body[0].lineno if isinstance(body, list) else statement.end_lineno


def walk_code(
    node: ast.AST, statement: ast.stmt | None
) -> Iterator[tuple[ast.AST, ast.stmt]]:
    """Yield nodes that may be changed, each with its statement."""
    for name, value in ast.iter_fields(node):
        if name in APART or isinstance(node, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                inner = child if isinstance(child, ast.stmt) else statement
                if inner is not None:
                    yield child, inner
                yield from walk_code(child, inner)


def change_node(node: ast.AST) -> Iterator[tuple[ast.AST, str, *tuple[ast.AST, ...]]]:
    """Yield what may stand for a node, the kind of change, and the part that it is of.

    Where no part is named, it stands for the whole node.
    """
    match node:
        case ast.Compare(left, ops, others):
            for n, op in enumerate(ops):
                new = [*ops[:n], COMPARED[type(op)](), *ops[n + 1 :]]
                yield ast.Compare(left, new, others), "comparison"
        case ast.BoolOp(op, values):
            yield ast.BoolOp(JOINED[type(op)](), values), "and/or"
        case ast.BinOp(left, op, right) if type(op) in JOINED:
            yield ast.BinOp(left, JOINED[type(op)](), right), "operator"
        case ast.UnaryOp(ast.Not() | ast.Invert() | ast.USub(), operand):
            yield operand, "sign or not"
        case ast.Constant(bool(value)):
            yield ast.Constant(not value), "constant"
        case ast.Constant(int(value) | float(value)):
            yield ast.Constant(value + 1), "constant"
            yield ast.Constant(value - 1), "constant"
        case ast.Call(ast.Name(name), args, more) if name in CALLED:
            yield ast.Call(ast.Name(CALLED[name]), args, more), "function"
        case ast.Call(ast.Attribute(of, name), args, more) if name in CALLED:
            new_name = ast.Attribute(of, CALLED[name])
            yield ast.Call(new_name, args, more), "function"
        case ast.If(test) | ast.IfExp(test):
            yield TRUE, "condition", test
            yield FALSE, "condition", test
        case ast.comprehension(ifs=[*tests]):
            yield from ((TRUE, "condition", test) for test in tests)
        case ast.stmt():
            yield from change_statement(node)


def change_statement(node: ast.stmt) -> Iterator[tuple[ast.AST, str]]:
    """Yield what may stand for a statement, and the kind of change."""
    match node:
        case ast.Return(value) if value is not None and not is_none(value):
            yield ast.Return(ast.Constant(None)), "return value"
        case ast.Raise() | ast.AugAssign() | ast.Continue() | ast.Break():
            yield ast.Pass(), "statement removed"
        case ast.Expr(ast.Call()):
            yield ast.Pass(), "statement removed"
        case ast.Assign([ast.Subscript() | ast.Attribute()]):
            yield ast.Pass(), "statement removed"


def is_none(value: ast.expr) -> bool:
    """Return whether an expression is None itself."""
    return isinstance(value, ast.Constant) and value.value is None
