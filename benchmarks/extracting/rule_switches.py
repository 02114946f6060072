"""Switches for the rules of `pipeline.extract`: count them, switch one off at a time.

A rule is one of three things:

- `field`: a call of `Draft.set_field`, `leave_unread` or `carry_field`, by the field
  and the rule's name. Off, the call does nothing, and what is asked next may answer.
- `kind`: a statement that makes a `FigureKind`, by function and rule. Off, the
  statement is passed over and the next one decides. The last verdict of a function that
  must have one has no switch.
- `function`: a function or method whose verb says that it looks something up, decides
  or changes drafts, and whose annotation says what it answers when it has nothing to
  say: no, None, nothing, or what it was given. Off, it answers that.

No source is changed: the code objects of functions are exchanged while `Switches` are
open, and put back when they are closed. One thread.
"""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple, get_args

from pipeline import extract
from pipeline.extract.drafts import Draft, SentenceState

# First words of the names of functions that can be rules.
VERBS = frozenset(
    (
        *("add", "admit", "are", "attach", "attribute", "beats", "belongs", "can"),
        *("carry", "check", "choose", "classify", "copy", "drop", "fill", "filter"),
        *("find", "fits", "has", "inherit", "is", "join", "judge", "merge", "name"),
        *("part", "repair", "resolve", "score", "set", "share", "spread", "strip"),
        "take",
    )
)
# Verbs of functions that make something of what they get: nothing is no answer.
MAKERS = frozenset(("join", "merge", "repair", "attach", "name", "part", "resolve"))
# What carries the work from room to room, or fills the lists of words once, is no rule.
FRAME = frozenset(
    (
        *("read_figures", "find_numbers", "fill_fields", "find_lost_figures"),
        *("_find_unfit_rows", "_is_too_large", "Lexicon.find_mentions"),
        *("Gazetteer.find_mentions", "Lexicon.add", "_add_areas", "_add_cities"),
        *("_add_regions", "_add_area", "_add_credentials", "_add_publishers"),
    )
)
FIELD, KIND, FUNCTION = "field", "kind", "function"
# Methods of drafts, and at which place each is told its rule.
SETTERS = {"set_field": 2, "leave_unread": 1, "carry_field": 2}
EMPTY = {"list": "[]", "dict": "{}", "set": "set()", "frozenset": "frozenset()",
         "bool": "False", "None": "None", "str": "''"}  # fmt: skip
GUARD, DOOR = "__rule_is_on__", "__rule_call__"


class Rule(NamedTuple):
    """One rule: its module within `pipeline.extract`, what it is, its name."""

    module: str
    what: str
    name: str


def load_modules() -> list[ModuleType]:
    """Import every module of `pipeline.extract`."""
    names = [found.name for found in pkgutil.iter_modules(extract.__path__)]
    return [importlib.import_module(f"{extract.__name__}.{name}") for name in names]


def list_functions(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield the name and the function of what a module defines, methods too."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", "") != module.__name__:
            continue
        if isinstance(value, type):
            for inner, method in vars(value).items():
                if isinstance(method, FunctionType):
                    yield f"{name}.{inner}", method
        elif callable(value):
            yield name, value


@cache
def list_field_rules(module: ModuleType) -> list[str]:
    """Return the names of field rules that a module's source writes out."""
    rules = []
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        called = node.func if isinstance(node, ast.Call) else None
        if not isinstance(called, ast.Attribute) or called.attr not in SETTERS:
            continue
        given = getattr(node, "args", [])
        told = [n.value for n in given[:3] if isinstance(n, ast.Constant)]
        at = SETTERS[called.attr]
        if len(given) > at and isinstance(given[at], ast.Constant) and len(told) > 1:
            rules.append(f"{told[0]}: {given[at].value}")
    return rules


def get_plain(function: Any) -> FunctionType | None:
    """Return the function behind a cache, or the function itself; None for others."""
    plain = getattr(function, "__wrapped__", function)
    return plain if isinstance(plain, FunctionType) else None


def find_neutral(name: str, function: FunctionType) -> str | None:
    """Return the expression of what a function says when it has nothing to say.

    `args` and `kwargs` are what it is called with. None where its name or annotation
    does not tell: it is then no rule that can be switched off.
    """
    verb = name.rpartition(".")[2].lstrip("_").partition("_")[0]
    free = function.__code__.co_freevars or inspect.isgeneratorfunction(function)
    if verb not in VERBS or name in FRAME or free:
        return None
    signature = inspect.signature(function)
    told = signature.return_annotation
    told = "None" if told is None else getattr(told, "__name__", str(told))
    whole = str(signature.return_annotation)
    if type(None) in get_args(signature.return_annotation):
        return "None"
    same = [
        (at, param.name)
        for at, param in enumerate(signature.parameters.values())
        if str(param.annotation) == whole
    ]
    passing = whole.startswith("list[") or (told == "str" and verb in ("strip", "take"))
    if same and passing and verb != "find":
        at, given = same[0]
        return f"kwargs[{given!r}] if {given!r} in kwargs else args[{at}]"
    if verb in MAKERS and told not in ("bool", "None"):
        return None
    if whole.startswith("tuple[") and whole.endswith(", ...]"):
        return "()"
    return EMPTY.get(told.partition("[")[0])


def make_stub(function: FunctionType, answer: str) -> CodeType:
    """Return code that answers with an expression, whatever it is called with."""
    made: dict[str, Any] = {}
    text = f"def stub(*args, **kwargs):\n    return {answer}\n"
    exec(compile(text, "<switched off>", "exec"), function.__globals__, made)
    code: CodeType = made["stub"].__code__
    return code


class GuardKinds(ast.NodeTransformer):
    """Put every statement that makes a `FigureKind` behind its switch."""

    def __init__(self, function: str, must_answer: bool, last: ast.stmt) -> None:
        self.function = function
        self.last = last if must_answer else None
        self.rules: list[str] = []

    def visit(self, node: ast.AST) -> Any:
        """Guard a simple statement; look into the others."""
        simple = (ast.Return, ast.Assign, ast.AnnAssign, ast.Expr)
        if not isinstance(node, simple):
            return self.generic_visit(node)
        made = [call for call in ast.walk(node) if is_kind_call(call)]
        if not made or node is self.last:
            return node
        choice = next((n for n in ast.walk(node) if isinstance(n, ast.IfExp)), None)
        guard = self.make_guard(made[0])
        for side in ("body", "orelse") if choice is not None else ():
            if is_kind_call(call := getattr(choice, side)):
                setattr(choice, side, ast.IfExp(guard, call, ast.Constant(None)))
                return node
        return ast.If(guard, [node], [])

    def make_guard(self, call: Any) -> ast.Call:
        """Return the question whether the rule of a call is on."""
        given = [*call.args[2:3], *(k.value for k in call.keywords if k.arg == "rule")]
        literal = given and isinstance(given[0], ast.Constant)
        told = given[0].value if literal else ast.unparse(call)
        name = f"{self.function}: {told}"
        if literal and isinstance(call.args[0], ast.Constant):
            name = f"{self.function}: {call.args[0].value}, {told}"
        self.rules.append(name)
        return ast.Call(ast.Name(GUARD, ast.Load()), [ast.Constant(name)], [])


def is_kind_call(node: ast.AST) -> bool:
    """Say whether a node is a call of `FigureKind`."""
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == "FigureKind"


@cache
def guard_kinds(name: str, function: FunctionType) -> tuple[CodeType, list[str]] | None:
    """Return a function's code with its verdicts behind switches, and their names."""
    if "FigureKind" not in function.__code__.co_names or function.__code__.co_freevars:
        return None
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    body: Any = tree.body[0]
    must = "None" not in str(inspect.signature(function).return_annotation)
    guards = GuardKinds(name, must, body.body[-1])
    guards.visit(tree)
    body.returns, body.decorator_list = None, []
    for arg in (*body.args.args, *body.args.kwonlyargs):
        arg.annotation = None
    made: dict[str, Any] = {}
    code = compile(ast.fix_missing_locations(tree), inspect.getfile(function), "exec")
    exec(code, function.__globals__, made)
    return made[function.__name__].__code__, guards.rules


def mark_state(value: Any) -> Any:
    """Return what a rule could change of an argument, to compare before and after."""
    if isinstance(value, Draft):
        figure = value.figure
        return (value.kind, value.aside, str(value.fields), figure.value, figure.low,
                figure.high)  # fmt: skip
    if isinstance(value, SentenceState):
        return [mark_state(getattr(value, f.name)) for f in dataclasses.fields(value)]
    if isinstance(value, list):
        return [mark_state(item) for item in value]
    return (
        (len(value), str(value)[:2000]) if isinstance(value, dict | set) else id(value)
    )


class Switches:
    """Every rule with its switch; a context, within which rules count and go off.

    Attributes:
        fired: How often each rule did something, while `counting`.
        pages: The numbers of the pages that it could change.
        page: The number of the page that is read now.
    """

    def __init__(self) -> None:
        self.fired: Counter[Rule] = Counter()
        self.pages: dict[Rule, set[int]] = defaultdict(set)
        self.page = 0
        self.counting = False
        self.off: Rule | None = None
        self.rules: set[Rule] = set()
        self.neutral: dict[Rule, str] = {}
        self.caches: list[Any] = []
        self._functions: dict[Rule, FunctionType] = {}
        self._codes: dict[FunctionType, CodeType] = {}
        self._modules = load_modules()
        self._methods = {name: getattr(Draft, name) for name in SETTERS}

    def __enter__(self) -> "Switches":
        """Put every switch in, all on.

        Raises:
            RuntimeError: Other switches are in already.
        """
        if any(hasattr(module, GUARD) for module in self._modules):
            raise RuntimeError("Switches are in: leave the others first.")
        for module in self._modules:
            short = module.__name__.rpartition(".")[2]
            setattr(module, GUARD, self._make_guard(short))
            setattr(module, DOOR, self._call)
            self.rules |= {Rule(short, FIELD, n) for n in list_field_rules(module)}
            for name, value in [*list_functions(module)]:
                function = get_plain(value)
                if function is not None and short != "drafts":
                    self._put_in(short, name, function)
                if hasattr(value, "cache_clear") and not name.startswith("get_"):
                    self.caches.append(value)
        for name in self._methods:
            setattr(Draft, name, self._make_method(name))
        return self

    def __exit__(self, *_: object) -> None:
        """Leave every function as it was found."""
        for function, code in self._codes.items():
            function.__code__ = code
        for name, method in self._methods.items():
            setattr(Draft, name, method)
        for module in self._modules:
            delattr(module, GUARD)
            delattr(module, DOOR)
        self._clear_caches()

    def _put_in(self, short: str, name: str, function: FunctionType) -> None:
        self._codes[function] = function.__code__
        guarded = guard_kinds(name, function)
        if guarded is not None:
            function.__code__, names = guarded
            self.rules |= {Rule(short, KIND, rule) for rule in names}
        answer = find_neutral(name, function)
        if answer is not None:
            rule = Rule(short, FUNCTION, name)
            self.rules.add(rule)
            self.neutral[rule] = answer
            self._functions[rule] = function

    def count(self, read_pages: Callable[[], None]) -> None:
        """Count what fires while pages are read, every rule on."""
        codes = {f: f.__code__ for f in self._functions.values()}
        self._originals = {rule: copy_function(f)
                           for rule, f in self._functions.items()}  # fmt: skip
        for rule, function in self._functions.items():
            key = f"{DOOR}({tuple(rule)!r}, args, kwargs)"
            function.__code__ = make_stub(function, key)
        self.counting = True
        self._clear_caches()
        try:
            read_pages()
        finally:
            self.counting = False
            for function, code in codes.items():
                function.__code__ = code

    def run_without(self, rule: Rule, read_pages: Callable[[], None]) -> None:
        """Read pages with one rule switched off."""
        function = self._functions.get(rule)
        self._clear_caches()
        self.off = rule
        if function is None:
            code = None
        else:
            code = function.__code__
            function.__code__ = make_stub(function, self.neutral[rule])
        try:
            read_pages()
        finally:
            self.off = None
            if function is not None and code is not None:
                function.__code__ = code
            self._clear_caches()

    def _clear_caches(self) -> None:
        for cached in self.caches:
            cached.cache_clear()

    def _note(self, rule: Rule, fired: bool = True) -> None:
        self.fired[rule] += fired
        self.pages[rule].add(self.page)

    def _ask(self, rule: Rule) -> bool:
        """Whether a rule that is about to do something may; counts it."""
        self.rules.add(rule)
        if self.counting:
            self._note(rule)
        return rule != self.off

    def _make_guard(self, short: str) -> Callable[[str], bool]:
        return lambda name: self._ask(Rule(short, KIND, name))

    def _call(self, key: tuple[str, str, str], args: Any, kwargs: Any) -> Any:
        """Call a function for its own sake, and note whether it did something."""
        rule = Rule(*key)
        original, neutral = self._originals[rule], self.neutral[rule]
        if neutral == "None" and original.__annotations__["return"] is None:
            given = [*args, *kwargs.values()]
            before = [mark_state(value) for value in given]
            out = original(*args, **kwargs)
            self._note(rule, before != [mark_state(value) for value in given])
            return out
        if "args[" in neutral:
            given = eval(neutral, {"args": args, "kwargs": kwargs})
            before = list(given) if isinstance(given, list) else given
            out = original(*args, **kwargs)
            if out != before:
                self._note(rule)
            return out
        out = original(*args, **kwargs)
        if out:
            self._note(rule)
        return out

    def _make_method(self, name: str) -> Callable[..., None]:
        """Return a method of drafts that asks the switch of its rule first."""
        method, ask = self._methods[name], self._ask
        carrying = self._methods["carry_field"].__code__
        at = SETTERS[name]

        def set_by_rule(draft: Draft, field: str, *args: Any, **kwargs: Any) -> None:
            value = None if name == "leave_unread" else args[0]
            idle = value is None or field in draft.fields
            if name != "leave_unread" and idle:
                return
            frame = sys._getframe(1)
            if frame.f_code is carrying:  # it has asked already
                method(draft, field, *args, **kwargs)
                return
            short = frame.f_globals["__name__"].rpartition(".")[2]
            told = args[at - 1] if len(args) >= at else kwargs["rule"]
            # Its name is the verdict's, which has a switch of its own.
            told = "of the verdict" if field == "direction" else told
            rule = Rule(short, FIELD, f"{field}: {told}")
            if field == "kind" or ask(rule):
                method(draft, field, *args, **kwargs)

        return set_by_rule


def copy_function(function: FunctionType) -> FunctionType:
    """Return a function of the same code, whose code will not be exchanged."""
    copy = FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__annotations__ = function.__annotations__
    return copy
