"""Slips that learners make, as changes of a syntax tree: the tree, the words, the rules, and repairs."""
