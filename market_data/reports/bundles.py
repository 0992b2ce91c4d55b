"""Many reports in one file: a ZIP with a list of hashes, or one Parquet table with a row group a report."""

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import translation

from market_data.models import Download, Report
from market_data.reports import writers
from market_data.reports.render import dated, render

#: Told after each report, with how many are written.
Tell = Callable[[Download, int], None]
SUMS = "SHA256SUMS"


class TooLarge(Exception):
    """The file would be larger than is kept."""


def name_of(download: Download) -> str:
    """tanshi-market-2021-07-16-2021-12-31.zip; plain ASCII."""
    subject = "market"
    if download.organisation:
        subject = "statements-" + re.sub(r"[^A-Za-z0-9._-]", "_", download.organisation.code)
    part = f"-{download.table}" if download.table else ""
    return f"tanshi-{subject}-{download.first}-{download.last}{part}.{download.shape}"


@contextmanager
def written(
    reports: QuerySet[Report], download: Download, *, tell: Tell, most_bytes: int
) -> Iterator[IO[bytes]]:
    """The finished file, at its beginning; gone afterwards. Raises TooLarge."""
    write = _zip if download.shape == Download.Shape.ZIP else _parquet
    with tempfile.TemporaryFile() as file, translation.override(download.language):
        write(reports, download, file, tell, most_bytes)
        if file.tell() > most_bytes:
            raise TooLarge
        file.seek(0)
        yield file


def _zip(reports: QuerySet[Report], download: Download, file: IO[bytes], tell: Tell, most_bytes: int) -> None:
    """Every report in every format, and the list that `sha256sum --check` reads."""
    sums = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, report in enumerate(reports.iterator(chunk_size=10), start=1):
            for form in download.forms:
                made = render(report, form)
                entry = zipfile.ZipInfo(made.name, report.published_at.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, made.data)
                sums.append(f"{hashlib.sha256(made.data).hexdigest()}  {made.name}\n")
            if file.tell() > most_bytes:
                raise TooLarge
            tell(download, done)
        archive.writestr(zipfile.ZipInfo(SUMS), "".join(sums))


def _parquet(
    reports: QuerySet[Report], download: Download, file: IO[bytes], tell: Tell, most_bytes: int
) -> None:
    """One table of all days; `day` and `version` say which report a line is from."""
    from pyarrow import parquet

    with ExitStack() as stack:
        writer: Any = None
        for done, report in enumerate(reports.iterator(chunk_size=10), start=1):
            table = writers.arrow_table(dated(report, download.table), {})
            if writer is None:
                writer = stack.enter_context(parquet.ParquetWriter(file, table.schema, compression="zstd"))
            writer.write_table(table)
            if file.tell() > most_bytes:
                raise TooLarge
            tell(download, done)
