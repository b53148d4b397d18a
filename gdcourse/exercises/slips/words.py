"""What learners write for what, and what is said then: tables to add to.

{left}, {right} are pieces of the code at hand. A row is (meant, written, how unlikely, sentence).
"""

import ast

OPERATORS = [
    (ast.Sub, ast.Add, 1, "`{right}` is added instead of subtracted. Which sign belongs before it?"),
    (ast.Sub, ast.Mult, 3, "`{left}` is multiplied by `{right}`. What takes the second from the first?"),
    (ast.Sub, ast.Div, 3, "`{left}` is divided by `{right}`. What takes the second from the first?"),
    (ast.Add, ast.Sub, 1, "`{right}` is subtracted instead of added. Which sign belongs before it?"),
    (ast.Add, ast.Mult, 3, "`{left}` and `{right}` are multiplied. What is to be done with the two?"),
    (ast.Mult, ast.Add, 2, "`{left}` and `{right}` are added instead of multiplied. What is done with the two?"),
    (ast.Mult, ast.Sub, 3, "`{right}` is subtracted from `{left}`. By what is it to be multiplied?"),
    (ast.Mult, ast.Div, 2, "It divides by `{right}` instead of multiplying. Which of the two scales here?"),
    (ast.Mult, ast.MatMult, 3, "`@` stands for `*`. Which of them takes entry by entry?"),
    (ast.Div, ast.Mult, 1, "It multiplies by `{right}` instead of dividing. Which of the two is asked for?"),
    (ast.Div, ast.FloorDiv, 1, "`//` cuts the fractions off. Which sign divides without cutting?"),
    (ast.Div, ast.Sub, 3, "`{right}` is subtracted instead of dividing by it. What is done with the two?"),
    (ast.Pow, ast.Mult, 1, "It multiplies by `{right}` instead of raising to that power. How is a power written?"),
    (ast.MatMult, ast.Mult, 1, "`*` multiplies entry by entry and adds nothing up. Which product adds up as well?"),
]

ENTRY_BY_ENTRY = {"abs", "exp", "log", "log2", "log10", "sqrt", "square", "sign", "tanh"}  # none is a sum or mean

TRUTHS = {"all", "any", "isnan", "isfinite", "isin", "equal", "not_equal", "greater", "less"}  # these say yes or no

COMPARISONS = [
    (ast.Gt, ast.GtE, 1, "Equal counts as more here. Does the comparison with `{right}` include equality?"),
    (ast.GtE, ast.Gt, 1, "Equal counts as less here. Does the comparison with `{right}` include equality?"),
    (ast.Lt, ast.LtE, 1, "Equal counts as less here. Does the comparison with `{right}` include equality?"),
    (ast.LtE, ast.Lt, 1, "Equal counts as more here. Does the comparison with `{right}` include equality?"),
    (ast.Gt, ast.Lt, 1, "The comparison is turned round. Which of `{left}` and `{right}` must be the larger one?"),
    (ast.GtE, ast.Lt, 1, "The comparison is turned round. Which of `{left}` and `{right}` must be the larger one?"),
    (ast.LtE, ast.Gt, 1, "The comparison is turned round. Which of `{left}` and `{right}` must be the smaller one?"),
    (ast.Lt, ast.Gt, 1, "The comparison is turned round. Which of `{left}` and `{right}` must be the smaller one?"),
    (ast.Gt, ast.NotEq, 2, "Everything that differs counts here. Which of the two must be the larger one?"),
    (ast.Eq, ast.NotEq, 1, "It takes what differs instead of what is equal. Which of the two is asked for?"),
    (ast.LtE, ast.Eq, 1, "Only what is equal counts here. What of the numbers below `{right}`?"),
    (ast.GtE, ast.Eq, 1, "Only what is equal counts here. What of the numbers above `{right}`?"),
    (ast.Lt, ast.Eq, 2, "Only what is equal counts here. What of the numbers below `{right}`?"),
    (ast.Gt, ast.Eq, 2, "Only what is equal counts here. What of the numbers above `{right}`?"),
    (ast.Eq, ast.GtE, 3, "It also takes what is more than `{right}`. Which ones are asked for?"),
    (ast.Eq, ast.LtE, 3, "It also takes what is less than `{right}`. Which ones are asked for?"),
]

CALLS = [
    ("mean", "sum", 1, "It is a sum where a mean is asked for: nothing divides by the number. What makes it a mean?"),
    ("mean", "max", 2, "It is the largest one where a mean is asked for. How do all of them get a say?"),
    ("mean", "min", 3, "It is the smallest one where a mean is asked for. How do all of them get a say?"),
    ("sum", "mean", 1, "It is a mean where a sum is asked for, so it is divided once too often. What adds up?"),
    ("sum", "max", 2, "It is the largest one where a sum is asked for. What adds all of them up?"),
    ("sum", "prod", 3, "They are multiplied where a sum is asked for. What adds all of them up?"),
    ("max", "min", 1, "It is the smallest one where the largest is asked for. Which of them decides?"),
    ("max", "sum", 2, "They are added up where the largest is asked for. Which of them decides?"),
    (
        "max",
        "mean",
        1,
        "It is the mean where the largest is asked for, so one that stands out hides. Which one decides?",
    ),
    ("max", "argmax", 1, "It is the place of the largest one, not the largest itself. Which function gives its value?"),
    ("argmax", "max", 1, "It is the largest value, not its place. Which function gives the place?"),
    ("argmax", "argmin", 1, "It is the place of the smallest one. Which one is asked for?"),
    ("argmin", "min", 1, "It is the smallest value, not its place. Which function gives the place?"),
    ("argmin", "argmax", 1, "It is the place of the largest one. Which one is asked for?"),
    ("all", "any", 1, "One is enough here, and all are asked for. For how many must it hold?"),
    ("any", "all", 1, "All are needed here, and one is enough. For how many must it hold?"),
    ("ceil", "floor", 1, "It is rounded down, so a part that is not full is left out. What becomes of the rest?"),
    ("std", "var", 1, "That is the variance, the square of the standard deviation. What is its root?"),
    ("norm", "sum", 1, "The entries are added up, and that is no length. How long is the arrow [3, 4]?"),
    ("norm", "max", 2, "The largest entry is taken for the length. How long is the arrow [3, 4]?"),
    ("norm", "len", 2, "The number of entries is taken for the length. How long is the arrow [3, 4]?"),
    ("log", "log10", 1, "That is the logarithm to base 10. Which one does `exp` undo?"),
    ("log", "log2", 1, "That is the logarithm to base 2. Which one does `exp` undo?"),
    ("log", "log1p", 3, "That is the logarithm of 1 and its argument. What stands in the brackets?"),
    ("log", "exp", 2, "That is the exponential where the logarithm is asked for. Which of the two undoes the other?"),
    ("exp", "log", 2, "That is the logarithm where the exponential is asked for. Which of the two undoes the other?"),
    ("exp", "abs", 3, "The signs are dropped where exponentials are asked for. What grows with every score?"),
    ("exp", "square", 3, "They are squared where exponentials are asked for. What grows with every score?"),
    ("exp2", "exp", 2, "The base is another one. Which number is raised to the power?"),
    ("maximum", "minimum", 1, "It keeps the smaller of the two. Which one does the bend keep?"),
    ("zeros", "ones", 1, "It begins with ones, so all of it is 1 too large. With what does the count begin?"),
    ("abs", "square", 2, "It is squared where only the sign should go. What drops a sign?"),
]

DROPPED = {  # functions around a value, and what is said when they are left out
    "abs": "The sign is kept where only the size counts: `abs` is missing. How large is a negative one?",
    "exp": "The exponential is left out. What makes each of them positive?",
    "log": "The logarithm is left out. Which function makes a small probability a large surprise?",
    "sqrt": "The root is missing. What undoes the square?",
    "mean": "The mean is left out, so there is one value for each. What makes one number of them?",
    "sum": "Nothing is added up, so there is one value for each. Over what is the sum taken?",
    "max": "All of them are kept where the largest is asked for. Which one decides?",
    "argmax": "All of them are kept where the place of the largest is asked for. Which function gives a place?",
    "all": "There is an answer for each, and none for all of them together. What brings them together?",
    "copy": "It is not copied, so a later change shows in both. Which array do the two names share?",
    "norm": "It is divided by the arrow itself, not by its length. Which number is the length?",
    "maximum": "The bend is missing: negative numbers go through. What does it make of them?",
    "reshape": "The shape stays as it was. Which shape is asked for?",
}

CONSTANTS = [0.1, 0.01, 1, 2, 0.5]  # what is written in for an argument

TOO_MUCH = {  # functions that stand where none belongs; {called}, {value} are pieces of the code at hand
    "abs": "`abs` loses the sign of `{value}`. When is it negative?",
    "absolute": "`absolute` loses the sign of `{value}`. When is it negative?",
    "round": "`{called}` rounds `{value}`, so digits are lost. Who needs the others?",
    "int": "`int` cuts off the fractions of `{value}`. What keeps them?",
    "floor": "`floor` rounds `{value}` down. What becomes of the fractions?",
    "ceil": "`ceil` rounds `{value}` up. What becomes of the fractions?",
    "sum": "`sum` adds all of `{value}` up, and that is too much. How many values are asked for?",
    "mean": "`mean` makes one number of `{value}`, and that is too much. How many values are asked for?",
    "sqrt": "The root of `{value}` is too much. Which power is asked for?",
    "sorted": "`sorted` changes the order of `{value}`. Which comes first?",
}
