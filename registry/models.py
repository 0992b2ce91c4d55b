"""The registry's tables, gathered for Django; each stands in the module of its concern."""

from registry.allocation.models import Adjustment, AdjustmentUse, Plan, PlanRow
from registry.cancellation.models import Cancellation
from registry.carryover.models import CarryOver, CarryOverLine, HoldingReading
from registry.compliance.models import (
    Certificate,
    ComplianceYear,
    Deadline,
    Shortfall,
    Surrender,
    SurrenderLine,
)
from registry.credits.models import CreditIssue, Project
from registry.custody.models import Freeze, FreezeLine, NonTradeTransfer, Pledge, TrustedEntry
from registry.emitters.models import (
    ActivityReport,
    Emitter,
    ImportJob,
    Objection,
    RecordChange,
    Sector,
    Unit,
)
from registry.factors.models import FactorRow
from registry.inclusion.models import (
    ActivityImport,
    ActivityRecord,
    Conversion,
    Joining,
    PersonalAccount,
    PointEntry,
    Reward,
    Scene,
)
from registry.ledger.models import Account, Asset, Batch, LedgerDay, Transfer
from registry.oversight.models import Look

__all__ = [
    "Account",
    "ActivityImport",
    "ActivityRecord",
    "ActivityReport",
    "Adjustment",
    "AdjustmentUse",
    "Asset",
    "Batch",
    "Cancellation",
    "CarryOver",
    "CarryOverLine",
    "Certificate",
    "ComplianceYear",
    "Conversion",
    "CreditIssue",
    "Deadline",
    "Emitter",
    "FactorRow",
    "Freeze",
    "FreezeLine",
    "HoldingReading",
    "ImportJob",
    "Joining",
    "LedgerDay",
    "Look",
    "NonTradeTransfer",
    "Objection",
    "PersonalAccount",
    "Plan",
    "PlanRow",
    "Pledge",
    "PointEntry",
    "Project",
    "RecordChange",
    "Reward",
    "Scene",
    "Sector",
    "Shortfall",
    "Surrender",
    "SurrenderLine",
    "Transfer",
    "TrustedEntry",
    "Unit",
]
