"""What the lessons ask: references, cases, mistakes, hints, questions and predictions, one module a lesson."""
