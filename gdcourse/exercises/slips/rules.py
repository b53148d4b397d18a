"""All rules of slips. Each takes the tree, the place and the node that stands there, and yields slips.

Whoever wants one more kind of slip adds a row to a table in `words`, or a rule here.
"""

from gdcourse.exercises.slips import calling, computing, statements

RULES = [
    computing.exchanged_operators,
    computing.exchanged_comparisons,
    computing.lost_operands,
    computing.brackets,
    computing.degrees,
    computing.exchanged_shares,
    calling.another_order,
    computing.turned_signs,
    calling.exchanged_calls,
    calling.other_axes,
    statements.other_names,
    computing.other_numbers,
    calling.other_places,
    statements.other_ranges,
    statements.other_results,
    statements.other_statements,
    statements.old_values,
    statements.silent_arguments,
    statements.other_arguments,
]
