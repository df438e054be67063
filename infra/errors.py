"""What stops a synthesis.

* InfraError
  + ConfigError     a config file has an unknown key or a value that is not allowed
  + BundleError     a function's code or wheels could not be put together
  + TemplateSizeError     a template for members is larger than a StackSet takes
  + BudgetError     a policy, a variable or a template is larger than AWS takes
  + ParameterSizeError    the agent's configuration is larger than its parameter holds
  + RecursionGuardError   a log group of the pipeline could feed the pipeline
"""


class InfraError(Exception):
    """Base of what stops a synthesis; its message is for the person who deploys."""


class ConfigError(InfraError):
    """A config file has an unknown key or a value that is not allowed; the message names it."""


class BundleError(InfraError):
    """A function's code or wheels could not be put together; the message has uv's words."""


class TemplateSizeError(InfraError):
    """The members' template is larger than a StackSet takes; the message has both sizes."""


class BudgetError(InfraError):
    """A policy, a variable or a template is larger than AWS takes; the message has both sizes."""


class ParameterSizeError(InfraError):
    """The agent's configuration is larger than its parameter holds; the message has both sizes."""


class RecursionGuardError(InfraError):
    """A log group of the pipeline could feed the pipeline; the message names it."""
