"""Reads an expression, such as `q = x + y` and `f = q*z` on two lines, into a computation graph.

    program   line, and more after a line break or ;      (within brackets, lines go on)
    line      [name =] sum                                (the last line is the value)
    sum       - + of products of * /, of a sign, of ** or ^ (to the right first), of numbers, names,
              functions with arguments in brackets, and brackets; # begins a comment

The parser is our own and knows nothing else: no text reaches an interpreter of any language. How
long, how deep and how large an expression may be is limited before work is done on it.
"""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import NoReturn

from bpgui.engine.graph import NAME, NUMBER, ExpressionError, Fault, Graph, Node
from bpgui.engine.names import TYPOGRAPHY, shortened
from bpgui.engine.operations import FUNCTIONS, OPERATIONS
from bpgui.engine.tokens import INSTEAD, SIGNS, Token, tokens

LONGEST = 10_000  # characters
DEEPEST = 100  # brackets, powers and signs within one another
MOST_NODES = 1_000

BINARY = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4, "^": 4}
SIGN = 3  # binds closer than *, and less than **
SAME = {"^": "**"}  # operators that are written in two ways


@dataclass(frozen=True, slots=True)
class Part:
    """A node and what of the source is its expression, brackets included."""

    node: int
    start: int
    end: int


def parse(source: str) -> Graph:
    """The graph of an expression. Raises ExpressionError with one fault: the first."""
    if len(source) > LONGEST:
        _refuse_long(source)
    return _Parser(source.translate(TYPOGRAPHY)).program()


def _refuse_long(source: str) -> NoReturn:
    line = source.count("\n", 0, LONGEST) + 1
    column = LONGEST - source.rfind("\n", 0, LONGEST)
    message = f"the expression has {len(source):,} characters; at most {LONGEST:,} are read"
    raise ExpressionError([Fault(message, line, column)])


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens: Sequence[Token] = tuple(tokens(source))
        self.place = 0
        self.depth = 0
        self.brackets: list[Token] = []
        self.nodes: list[Node] = []
        self.names: dict[str, int] = {}

    # --- tokens ---------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        """The next token; within brackets, line breaks are blanks."""
        while self.brackets and self.tokens[self.place].text == "\n":
            self.place += 1
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.token
        self.place += token.kind != "end"
        return token

    def follows(self, text: str) -> bool:
        """Whether the token after the next one is `text`."""
        return self.place + 1 < len(self.tokens) and self.tokens[self.place + 1].text == text

    def refuse(self, token: Token, message: str) -> NoReturn:
        raise ExpressionError(
            [Fault(message, token.line, token.column, max(len(token.text.strip()), 1))]
        )

    # --- lines ----------------------------------------------------------------------------------

    def program(self) -> Graph:
        last: Part | None = None
        nameless: Token | None = None
        while self.token.kind != "end":
            if self.token.text in ("\n", ";"):
                self.take()
                continue
            if nameless is not None:
                self.refuse(
                    nameless,
                    "only the last line may lack a name; write q = before it, or brackets around"
                    " what goes on over several lines",
                )
            nameless = None if self._names_a_line() else self.token
            last = self.line()
        if last is None:
            self.refuse(self.token, "there is no expression; write one, such as (x + y)*z")
        inputs = tuple(node.names[0] for node in self.nodes if node.operation == NAME)
        return Graph(self.source, tuple(self.nodes), last.node, inputs)

    def _names_a_line(self) -> bool:
        return self.follows("=")

    def line(self) -> Part:
        name = None
        if self._names_a_line():
            name = self.take()
            self._check_new_name(name)
            self.take()
        part = self.sum(0)
        if self.token.kind != "end" and self.token.text not in ("\n", ";"):
            self._refuse_rest(self.token)
        if name is not None:
            self._give_name(name, part.node)
        return part

    def _check_new_name(self, name: Token) -> None:
        if name.kind != "name":
            self.refuse(name, f"before = stands a name, such as q; {shortened(name.text)} is none")
        self._check_name(name)
        if name.text in self.names:
            node = self.nodes[self.names[name.text]]
            taken = "stands for a value already; take another name for this one"
            if node.names[0] == name.text and node.operation == NAME:
                taken = f"is used in line {node.line}, before it is worked out; put this line first"
            self.refuse(name, f"{shortened(name.text)} {taken}")

    def _check_name(self, name: Token) -> None:
        if name.text in FUNCTIONS:
            self.refuse(name, f"{name.text} is a function; it is used as {_usage(name.text)}")
        if keyword.iskeyword(name.text):
            self.refuse(name, f"{name.text} is no name here; an expression holds no code")

    def _give_name(self, name: Token, place: int) -> None:
        if name.text in self.names:
            self.refuse(name, f"{shortened(name.text)} is used in the line that works it out")
        node = self.nodes[place]
        self.nodes[place] = replace(node, names=(*node.names, name.text))
        self.names[name.text] = place

    def _refuse_rest(self, token: Token) -> NoReturn:
        """What stands where an operator or the end of the line is due."""
        if token.text == ")":
            self.refuse(token, "this bracket closes none; leave it out, or open one before it")
        before = self.tokens[self.place - 1]
        if token.text == "(" and before.kind == "name":
            self._refuse_function(before)
        self._refuse_sign(token)
        self.refuse(
            token,
            f"an operator is missing between {shortened(before.text)} and {shortened(token.text)};"
            " a product is written with *",
        )

    # --- expressions ----------------------------------------------------------------------------

    def sum(self, least: int) -> Part:
        """An expression of operators that bind at least as close as `least`."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(
                self.token,
                f"more than {DEEPEST} brackets, powers or signs stand within one another here;"
                " name a part in a line of its own",
            )
        part = self.signed() if self.token.text in ("+", "-") else self.atom()
        while BINARY.get(self.token.text, -1) >= max(least, 0):
            sign = self.take()
            operation = SAME.get(sign.text, sign.text)
            right = self.sum(SIGN if operation == "**" else BINARY[operation] + 1)
            part = self.add(operation, (part, right), sign, part.start, right.end)
        self.depth -= 1
        return part

    def signed(self) -> Part:
        sign = self.take()
        part = self.sum(SIGN)
        node = self.nodes[part.node]
        if sign.text == "+":
            return replace(part, start=sign.start)
        if node.operation == NUMBER and part.end - part.start == len(node.text):
            text = self.text(sign.start, part.end)
            self.nodes[-1] = replace(
                node, number=-node.number, text=text, column=sign.column, length=len(text)
            )
            return replace(part, start=sign.start)
        return self.add("negate", (part,), sign, sign.start, part.end)

    def atom(self) -> Part:
        token = self.take()
        if token.text == "(":
            return self.bracketed(token)
        if token.kind == "number":
            return self.number(token)
        if token.kind == "name":
            return self.called(token) if token.text in FUNCTIONS else self.named(token)
        return self._refuse_atom(token)

    def bracketed(self, opening: Token) -> Part:
        self.brackets.append(opening)
        part = self.sum(0)
        closing = self.close(opening)
        return Part(part.node, opening.start, closing.start + 1)

    def close(self, opening: Token) -> Token:
        token = self.token
        if token.kind == "end" or token.text == ";":
            self.refuse(opening, "this bracket is not closed")
        if token.text != ")":
            self._refuse_rest(token)
        self.take()
        self.brackets.pop()
        return token

    def number(self, token: Token) -> Part:
        number = float(token.text)
        if not math.isfinite(number):
            self.refuse(token, f"{shortened(token.text)} is too large to be stored")
        return self.add(NUMBER, (), token, token.start, token.start + len(token.text), number)

    def named(self, token: Token) -> Part:
        self._check_name(token)
        if self.token.text == "(" and token.text not in self.names:
            self._refuse_function(token)
        end = token.start + len(token.text)
        if token.text not in self.names:
            part = self.add(NAME, (), token, token.start, end)
            self._give_name(token, part.node)
        return Part(self.names[token.text], token.start, end)

    def called(self, token: Token) -> Part:
        if self.token.text != "(":
            self._check_name(token)
        opening = self.take()
        self.brackets.append(opening)
        operands: list[Part] = []
        if self.token.text != ")":
            operands.append(self.sum(0))
            while self.token.text == ",":
                self.take()
                operands.append(self.sum(0))
        closing = self.close(opening)
        operation = OPERATIONS[token.text]
        if len(operands) < operation.least or len(operands) > (operation.most or len(operands)):
            need = "one value" if operation.most == 1 else "two or more values"
            got = f"it has {len(operands)}" if operands else "there is none"
            self.refuse(token, f"{token.text} takes {need}, such as {_usage(token.text)}; {got}")
        return self.add(token.text, operands, token, token.start, closing.start + 1)

    def add(
        self,
        operation: str,
        operands: Sequence[Part],
        sign: Token,
        start: int,
        end: int,
        number: float = 0.0,
    ) -> Part:
        if len(self.nodes) >= MOST_NODES:
            self.refuse(sign, f"a graph has at most {MOST_NODES:,} nodes; here begins the next")
        node = Node(
            len(self.nodes),
            operation,
            tuple(part.node for part in operands),
            self.text(start, end),
            sign.line,
            sign.column,
            len(sign.text),
            number,
        )
        self.nodes.append(node)
        return Part(node.id, start, end)

    def text(self, start: int, end: int) -> str:
        """A part of the source on one line, without comments."""
        return " ".join(re.sub(r"#[^\n]*", " ", self.source[start:end]).split())

    # --- refusals -------------------------------------------------------------------------------

    def _refuse_atom(self, token: Token) -> NoReturn:
        if token.kind == "end" or token.text in ("\n", ";"):
            before = self.tokens[self.place - (token.kind != "end") - 1] if self.place else token
            if self.brackets:
                self.refuse(self.brackets[-1], "this bracket is not closed")
            self.refuse(before, f"after {before.text.strip() or 'this'} a value is missing")
        if token.text == ")":
            self.refuse(token, "a value is missing before this bracket")
        if token.text == "*" and self.tokens[self.place].text == "*":
            self.refuse(token, SIGNS["²"])
        self._refuse_sign(token)
        self.refuse(token, f"a value is missing before {token.text}")

    def _refuse_sign(self, token: Token) -> None:
        """Tells of a sign that no expression has, and returns where the sign is known."""
        if token.text in SIGNS:
            self.refuse(token, SIGNS[token.text])
        if token.kind == "other":
            told = token.text if token.text.isprintable() else f"U+{ord(token.text):04X}"
            self.refuse(token, f"{told} means nothing here; the operators are + - * / and **")

    def _refuse_function(self, name: Token) -> NoReturn:
        told = shortened(name.text)
        if name.text in self.names:
            self.refuse(name, f"{told} is a value and no function; a product is written {told}*(…)")
        given = name.text[:100].lower()
        near = [INSTEAD[given]] if given in INSTEAD else get_close_matches(given, FUNCTIONS, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(FUNCTIONS)}"
        self.refuse(name, f"there is no function {told}; {hint}")


def _usage(function: str) -> str:
    return f"{function}(x)" if OPERATIONS[function].most == 1 else f"{function}(x, y)"
