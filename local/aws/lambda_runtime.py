# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""What a function finds when it starts: interpreter, environment, trust; and what its log keeps.

References:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-logs-api.html
"""

from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local.aws import patching
from local.aws.patching import PatchTargetMissingError
from local.aws.settings import Settings

_INIT_ERROR = '"error": str(e)'
"""How MiniStack's Python worker reports a failed import: the message without its trace."""


def _with_interpreter(interpreter: str) -> Callable[[Any], Any]:
    def around(original: Callable[[str], tuple[str, str]]) -> Any:  # noqa: ANN401  MiniStack is untyped
        def detect(runtime: str) -> tuple[str, str]:
            binary, script = original(runtime)
            return (
                (interpreter or binary, script)
                if runtime.startswith("python")
                else (binary, script)
            )

        return detect

    return around


def _with_environment(ca_file: str) -> Callable[[Any], Any]:
    """Around the last variables that a worker process gets, its role's credentials.

    ``SSL_CERT_FILE`` is what opensearch-py's urllib3 connection and Python's ssl look at,
    ``AWS_CA_BUNDLE`` what botocore does, ``REQUESTS_CA_BUNDLE`` what requests does, and
    ``NODE_EXTRA_CA_CERTS`` what Node does. A function's own value wins, as it sets it later.
    """
    trust = dict.fromkeys(
        ("SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"), ca_file
    )

    def around(original: Callable[[dict[str, Any]], dict[str, str]]) -> Any:  # noqa: ANN401  MiniStack is untyped
        def credentials(config: dict[str, Any]) -> dict[str, str]:
            return {
                **original(config),
                **(trust if ca_file else {}),
                "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.get('Runtime', '')}",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
                "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
                "_HANDLER": config.get("Handler", ""),
                "PYTHONPATH": "",  # of the local cloud, whose packages a function must not find
                "TZ": ":UTC",
            }

        return credentials

    return around


def _with_trace(script: str) -> str:
    """The worker script with the whole trace of a failed import in its report.

    Raises:
        PatchTargetMissingError: the script does not report it the way we know.
    """
    if _INIT_ERROR not in script:
        raise PatchTargetMissingError(
            lambda_runtime.__name__, f"_PYTHON_WORKER_SCRIPT {_INIT_ERROR}"
        )
    return script.replace(_INIT_ERROR, '"error": traceback.format_exc()', 1)


def _with_init_errors(original: Callable[..., dict[str, Any]]) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Around an invocation: what kept the function from starting goes into its log group too."""

    def execute(*arguments: object) -> dict[str, Any]:
        result = original(*arguments)
        body = result.get("body")
        if result.get("error") and not result.get("log") and isinstance(body, dict):
            result["log"] = str(body.get("errorMessage", ""))
        return result

    return execute


def apply(settings: Settings) -> None:
    """Replace how Python workers are started and what is logged of a failed start."""
    script = _with_trace(lambda_runtime._PYTHON_WORKER_SCRIPT)
    patching.replace(lambda_runtime, "_PYTHON_WORKER_SCRIPT", script)
    interpreter = _with_interpreter(settings.lambda_python)
    patching.wrap(lambda_runtime, "_detect_runtime_binary", interpreter)
    patching.wrap(lambda_runtime, "execution_credentials", _with_environment(settings.ca_file))
    patching.wrap(lambda_svc, "_execute_function_warm", _with_init_errors)
