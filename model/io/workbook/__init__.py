"""Workbooks: a plan that finance can audit and change without the app, out and in.

    workbook(Contents(evaluate(scenario), words))    the file
    read_workbook(data, "own")                       the plan in an edited one
"""

from model.io.workbook.contents import Contents, Words
from model.io.workbook.reading import read_workbook
from model.io.workbook.writing import workbook

__all__ = ["Contents", "Words", "read_workbook", "workbook"]
