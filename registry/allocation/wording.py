"""What is wrong with a file of units, in the reader's language: line, column, what stands there, the way out."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.allocation.formulas.csv_rows import Problem, Reason

#: Sentences to put after "Line 7, load_factor: ".
SENTENCES: Mapping[Reason, Promise] = {
    Reason.EMPTY_FILE: gettext_lazy("The file holds no row: a header and at least one unit are needed."),
    Reason.BROKEN_CSV: gettext_lazy("This is not CSV from here on: a quotation mark is open or misplaced."),
    Reason.TOO_MANY_ROWS: gettext_lazy("More than %(limit)s rows: split the file."),
    Reason.MISSING_COLUMN: gettext_lazy("This column is missing in the header."),
    Reason.EXTRA_COLUMN: gettext_lazy("No column has this name: remove or rename it."),
    Reason.REPEATED_COLUMN: gettext_lazy("This column stands twice in the header."),
    Reason.FIELD_COUNT: gettext_lazy("%(value)s fields where the header has %(limit)s."),
    Reason.EMPTY_FIELD: gettext_lazy("Nothing stands here: write 0 where there was none."),
    Reason.TOO_LONG: gettext_lazy("Longer than %(limit)s characters."),
    Reason.CONTROL_CHARACTER: gettext_lazy("“%(value)s” holds characters that cannot be seen."),
    Reason.FORMULA: gettext_lazy("“%(value)s” looks like a formula: enter its result as a plain value."),
    Reason.UNKNOWN_CLASS: gettext_lazy("“%(value)s” is no class; there are: %(limit)s."),
    Reason.UNKNOWN_COOLING: gettext_lazy("“%(value)s” is no way of cooling; there are: %(limit)s."),
    Reason.NOT_A_NUMBER: gettext_lazy("“%(value)s” is not a number: write plain digits, such as 1234.5."),
    Reason.THOUSANDS: gettext_lazy("“%(value)s” has separators between thousands: write plain digits."),
    Reason.EXPONENT: gettext_lazy("“%(value)s” is in exponent form: write all its digits."),
    Reason.FULL_WIDTH: gettext_lazy("“%(value)s” has full-width digits: write 0 to 9."),
    Reason.NEGATIVE: gettext_lazy("“%(value)s” is negative; 0 is the least."),
    Reason.OUTSIDE_0_1: gettext_lazy("“%(value)s” lies outside 0 to 1: write 85 %% as 0.85."),
    Reason.TOO_LARGE: gettext_lazy("“%(value)s” is more than %(limit)s: check its unit of measure."),
    Reason.TOO_MANY_DECIMALS: gettext_lazy("“%(value)s” has more than %(limit)s decimals: round it."),
    Reason.NOT_WHOLE: gettext_lazy("“%(value)s” is not whole: verified emissions are whole tonnes."),
    Reason.DUPLICATE: gettext_lazy("Unit “%(value)s” of this entity already stands on line %(limit)s."),
}


def sentence(problem: Problem) -> str:
    """What is wrong and what to do, without the place."""
    return str(SENTENCES[problem.reason]) % {"value": problem.value, "limit": problem.limit}


def line_of(problem: Problem) -> str:
    """ "Line 7, load_factor: “1.2” lies outside 0 to 1 …"."""
    said = {"line": problem.line, "column": problem.column, "sentence": sentence(problem)}
    if problem.column:
        return _("Line %(line)s, %(column)s: %(sentence)s") % said
    return _("Line %(line)s: %(sentence)s") % said
