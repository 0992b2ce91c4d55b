"""What is wrong with a file of emitters or figures, in the reader's language: line, column, value, the way out."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.allocation.formulas.csv_rows import Reason
from registry.allocation.wording import SENTENCES as OF_UNITS
from registry.emitters.files.problems import More

SENTENCES: Mapping[str, Promise] = {
    **{reason.value: words for reason, words in OF_UNITS.items()},
    Reason.EMPTY_FIELD: gettext_lazy("Nothing stands here. Where there was none of it, write 0."),
    More.NOT_TEXT: gettext_lazy("Neither UTF-8 nor GBK text, nor a workbook: save it as CSV or XLSX."),
    More.TOO_BIG: gettext_lazy("The file is larger than %(limit)s MB: split it."),
    More.OLD_XLS: gettext_lazy("This is an old .xls file: save it as .xlsx or CSV."),
    More.NOT_XLSX: gettext_lazy("This is no readable .xlsx workbook: save it anew, or as CSV."),
    More.UNPACKS_TOO_BIG: gettext_lazy("The workbook unpacks to more than %(limit)s MB: it was not opened."),
    More.SEVERAL_SHEETS: gettext_lazy(
        "The workbook has %(value)s visible sheets: keep the one that is meant."
    ),
    More.MERGED: gettext_lazy("Cell %(limit)s is part of merged cells: unmerge them and fill each."),
    More.FORMULA_CELL: gettext_lazy("Cell %(limit)s holds a formula: paste its result as a plain value."),
    More.ERROR_CELL: gettext_lazy("Cell %(limit)s holds the error %(value)s."),
    More.CREDIT_CODE: gettext_lazy(
        "“%(value)s” is no unified social credit code: 18 digits and capitals with a check character (GB 32100)."
    ),
    More.UNKNOWN_PROVINCE: gettext_lazy("“%(value)s” is no province; write it like %(limit)s."),
    More.UNKNOWN_SECTOR: gettext_lazy("“%(value)s” is no covered sector; there are: %(limit)s."),
    More.ZERO: gettext_lazy("“%(value)s”: more than 0 is needed here, or nothing."),
    More.CONTRADICTS: gettext_lazy("“%(value)s” differs from line %(limit)s of the same emitter."),
    More.NOT_FOR_SECTOR: gettext_lazy(
        "“%(value)s”: the sector %(limit)s has no such figure; leave it empty."
    ),
    More.OTHER_PROVINCE: gettext_lazy(
        "An emitter of another province (%(value)s): its authority imports it."
    ),
    More.CODE_TAKEN: gettext_lazy("“%(value)s” belongs to another organisation on the platform."),
    More.PILOT_ELSEWHERE: gettext_lazy("Only Shanghai's authority enters emitters of Shanghai's pilot."),
    More.SECTOR_FIXED: gettext_lazy("The emitter is of the sector %(limit)s, which a file does not change."),
    More.UNKNOWN_EMITTER: gettext_lazy(
        "No emitter of your province has the code “%(value)s”: import emitters first."
    ),
    More.UNKNOWN_UNIT: gettext_lazy("The emitter has no unit “%(value)s”: import units first."),
    More.NOT_COVERED: gettext_lazy("“%(value)s” is not listed for this year: list it first."),
    More.NOT_A_DAY: gettext_lazy("“%(value)s” is no day: write it as %(limit)s."),
    More.RECORD_ID: gettext_lazy("“%(value)s”: 1 to 64 of A-Z, a-z, 0-9, dot, colon, hyphen and underscore."),
    More.UNKNOWN_ACCOUNT: gettext_lazy(
        "“%(value)s” takes no part in this scene on this day: leave the row out, or ask the person to join first."
    ),
    More.FUTURE_DAY: gettext_lazy("“%(value)s” has not come yet."),
    More.SCENE_CLOSED: gettext_lazy("“%(value)s”: the scene was not open on this day, but %(limit)s."),
    More.PERIOD_CLOSED: gettext_lazy(
        "“%(value)s” lies in a period whose reductions are issued or asked for (until %(limit)s): too late."
    ),
    More.OTHER_CONTENT: gettext_lazy(
        "“%(value)s” was recorded before with another account, day or amount: a record never changes."
    ),
    More.NO_REDUCTION: gettext_lazy("By the factors of “%(value)s” this act reduces nothing."),
    More.OTHER_CLASS: gettext_lazy("“%(value)s” is not the unit's class, which is %(limit)s."),
}


def sentence(problem: Mapping[str, str]) -> str:
    """What is wrong and what to do, without the place. `problem` as an import keeps it."""
    words = str(SENTENCES.get(problem["reason"], problem["reason"]))
    return words % {"value": problem["value"], "limit": problem["limit"]}


def line_of(problem: Mapping[str, str]) -> str:
    """ "Line 7, load_factor: “1.2” lies outside 0 to 1 …"."""
    said = {"line": problem["line"], "column": problem["column"], "sentence": sentence(problem)}
    if problem["column"]:
        return _("Line %(line)s, %(column)s: %(sentence)s") % said
    return _("Line %(line)s: %(sentence)s") % said
