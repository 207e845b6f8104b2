"""How the best split is found in the whole model: a question as numbers, the plan as a function of spends, the way uphill.

    objective, limits, levers (the question) -> simulate, drawn (the plan) -> problem, starts -> climb, quadratic
"""
