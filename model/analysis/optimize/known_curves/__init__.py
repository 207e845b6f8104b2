"""The best split over channels whose response curves are known, with a proof: for users of the library only.

No page reaches this: a plan's channels act on one another, so the app searches the whole model (`optimize.best_split`).

    curves (with sampled_curve: functions only) -> branch -> allocate -> roi
"""
