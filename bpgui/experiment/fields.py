"""What the fields of a preset are made of.

A whole number may be written 2 or 2.0, as JSON knows no difference; "2" and true are refused.
"""

import os
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

# No plugin has a say in what a preset is, and to look for some takes a while at the start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = BeforeValidator(_whole)
Count: TypeAlias = Annotated[int, Field(strict=True, ge=1, lt=2**63), Whole]
Seed: TypeAlias = Annotated[int, Field(strict=True, ge=0, lt=2**63), Whole]
Number: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive: TypeAlias = Annotated[Number, Field(gt=0)]
NotNegative: TypeAlias = Annotated[Number, Field(ge=0)]
Fraction: TypeAlias = Annotated[Number, Field(ge=0, lt=1)]
Row: TypeAlias = tuple[Number, ...]
Matrix: TypeAlias = tuple[Row, ...]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
