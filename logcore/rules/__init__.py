"""A deployment's own rules: which documents are dropped, sampled or redacted, per dataset.

A condition has the form of an EventBridge pattern over the names of declared fields.
Reference: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from logcore.rules.rules import ALL, Rules, tables_in
from logcore.rules.ruleset import Ruleset, Verdict

__all__ = ["ALL", "Rules", "Ruleset", "Verdict", "tables_in"]
