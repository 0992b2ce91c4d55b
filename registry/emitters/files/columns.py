"""The two kinds of file: their columns, which of them must be filled, and a row as an example."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.emitters.files import fields
from registry.emitters.files.fields import Reader


@dataclass(frozen=True, slots=True)
class Column:
    """`zh` is the other heading it is known by. A column that is not needed may be missing in the file."""

    name: str
    zh: str
    read: Reader
    example: str
    filled: bool = True
    needed: bool = True


EMITTERS = (
    Column("credit_code", "统一社会信用代码", fields.credit_code, "91310000MA1FL0018G"),
    Column("name_zh", "名称", fields.name(200), "示例发电有限公司"),
    Column("name_en", "英文名称", fields.name(200), "Example Power", filled=False, needed=False),
    Column("province", "省份", fields.province, "310000"),
    Column("sector", "行业", fields.sector, "power"),
    Column("unit", "机组编号", fields.name(40), "1#"),
    Column("unit_name", "机组名称", fields.name(120), "", filled=False, needed=False),
    Column("class", "机组类别", fields.unit_class, "I", filled=False),
    Column("capacity_mw", "装机容量(MW)", fields.capacity, "660", filled=False),
    Column("cooling", "冷却方式", fields.cooling, "water", filled=False),
)
#: The columns of `manage.py allocate`, and two of the other sectors: either file serves both.
ACTIVITY = (
    Column("entity", "重点排放单位", fields.name(64), "91310000MA1FL0018G"),
    Column("unit", "机组编号", fields.name(40), "1#"),
    Column("class", "机组类别", fields.unit_class, "I", filled=False, needed=False),
    Column("generation_mwh", "发电量(MWh)", fields.quantity, "3000000", filled=False),
    Column("supply_mwh", "供电量(MWh)", fields.quantity, "2820000", filled=False),
    Column("heat_gj", "供热量(GJ)", fields.quantity, "1000000", filled=False),
    Column("load_factor", "负荷系数", fields.fraction, "0.60", filled=False),
    Column("heat_ratio", "供热比", fields.fraction, "0.05", filled=False),
    Column("cooling", "冷却方式", fields.cooling, "water", filled=False),
    Column("output_t", "产品产量(t)", fields.quantity, "", filled=False, needed=False),
    Column("intensity", "排放强度(tCO2/t)", fields.intensity, "", filled=False, needed=False),
    Column("verified_t", "核查排放量(t)", fields.tonnes, "2700000"),
)
KINDS: Mapping[str, tuple[Column, ...]] = {"emitters": EMITTERS, "activity": ACTIVITY}
#: What identifies a row.
KEYS: Mapping[str, tuple[str, str]] = {"emitters": ("credit_code", "unit"), "activity": ("entity", "unit")}


def example(kind: str) -> tuple[list[str], list[str]]:
    """Headings and one row of a template."""
    return [column.name for column in KINDS[kind]], [column.example for column in KINDS[kind]]
