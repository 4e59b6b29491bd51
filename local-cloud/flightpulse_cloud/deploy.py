"""Deploys the real CDK app, with the real cdk CLI, into the local cloud."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

from .commands import run_logged
from .console import StepFailed
from .endpoint import stack_status
from .pins import pin
from .settings import Settings, architecture

TOOLKIT_STACK = "CDKToolkit"
# Seconds. A synthesis takes 3 to 12 s and a deployment 20 s on two idle cores; a hung custom resource takes for ever.
SYNTH_DEADLINE = 300.0
DEPLOY_DEADLINE = 300.0

SYNTH_ADVICE = "Mend the CDK app in infra/: npm test there says more"
DEPLOY_ADVICE = "Look at the failed resource above; logs/cloud.log in the state directory has the endpoint's side"


class Deployment:
    """One stack in one run of the local cloud."""

    def __init__(self, settings: Settings, cloud_run: str) -> None:
        self._settings = settings
        self._cloud_run = cloud_run
        self._assembly = settings.state / "cdk.out"
        self._record_file = settings.state / "deployed.json"
        self._stack = pin("LOCAL_STACK")

    def bootstrap(self) -> str:
        """The toolkit stack: where the CLI puts assets. Once for each run of the cloud."""
        if _complete(stack_status(self._settings, TOOLKIT_STACK)):
            return "already there"
        account = f"aws://{pin('LOCAL_ACCOUNT')}/{pin('LOCAL_REGION')}"
        # From where there is no cdk.json: the app is not asked about an account that is named.
        self._cdk(
            ["bootstrap", account], "bootstrap", "cdk bootstrap failed", DEPLOY_ADVICE, DEPLOY_DEADLINE,
            self._settings.state,
        )  # fmt: skip
        return "done"

    def deploy(self) -> str:
        """Synthesises, and deploys unless the very same assembly is in this run of the cloud already."""
        self._synthesise()
        fingerprint = _fingerprint(self._assembly)
        wanted = {"run_id": self._cloud_run, "fingerprint": fingerprint}
        unchanged = self._record() == wanted and self._settings.outputs_file.exists()
        if unchanged and _complete(stack_status(self._settings, self._stack)):
            return "unchanged"
        self._record_file.unlink(missing_ok=True)
        outputs = self._settings.state / "outputs.cdk.json"
        outputs.unlink(missing_ok=True)
        self._cdk(
            ["deploy", self._stack, "--app", str(self._assembly), "--require-approval", "never",
             "--outputs-file", str(outputs)],
            "deploy", "cdk deploy failed", DEPLOY_ADVICE, DEPLOY_DEADLINE,
        )  # fmt: skip
        self._write_outputs(outputs)
        _write_json(self._record_file, wanted)
        return "deployed"

    def _synthesise(self) -> None:
        # A half-written assembly of an earlier run must not be taken for this one's.
        shutil.rmtree(self._assembly, ignore_errors=True)
        context = {"architecture": architecture(), "kafkaSource": "none", "removalPolicy": "destroy"}
        if self._settings.lambda_assets:
            context["lambdaAssets"] = self._settings.lambda_assets
        arguments = [part for name, value in context.items() for part in ("-c", f"{name}={value}")]
        self._cdk(
            ["synth", self._stack, "--quiet", "--output", str(self._assembly), *arguments],
            "synth", "cdk synth failed", SYNTH_ADVICE, SYNTH_DEADLINE,
        )  # fmt: skip

    def _cdk(
        self, arguments: list[str], log: str, what: str, advice: str, deadline: float, folder: Path | None = None
    ) -> None:
        env = self._settings.client_environment()
        # Validation plugins run in infra's own tests; here they would take most of the time.
        env.update(CDK_DISABLE_CLI_TELEMETRY="true", CDK_VALIDATION="false", CI="true", NO_COLOR="1")
        cli = self._settings.infra / "node_modules" / ".bin" / "cdk"
        run_logged(
            [str(cli), *arguments, "--no-notices", "--no-version-reporting"],
            self._settings.logs / f"{log}.log", folder or self._settings.infra, env, what, advice, deadline,
        )  # fmt: skip

    def _record(self) -> Any:
        try:
            return json.loads(self._record_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _write_outputs(self, written: Path) -> None:
        """The stack's outputs as cdk writes them, and the API's address here: the output has AWS's form of it."""
        try:
            outputs = json.loads(written.read_text(encoding="utf-8"))
            stack = outputs[self._stack]
        except (OSError, ValueError, KeyError) as error:
            raise StepFailed(
                "cdk deploy wrote no outputs", DEPLOY_ADVICE, self._settings.logs / "deploy.log"
            ) from error
        found = re.match(r"https://(\w+)\.execute-api\.[^/]+(/.*)?$", stack.get("ApiUrl", ""))
        if found:
            path = (found[2] or "/").rstrip("/")
            stack["LocalApiUrl"] = f"{self._settings.endpoint}/_aws/execute-api/{found[1]}{path}"
        _write_json(self._settings.outputs_file, outputs)


def forget(settings: Settings) -> None:
    """What was deployed is gone with the cloud: nobody must read its outputs."""
    for name in ("outputs.json", "outputs.cdk.json", "deployed.json", "kafka.bootstrap", "kafka.status.json"):
        (settings.state / name).unlink(missing_ok=True)


def _complete(status: str | None) -> bool:
    return status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def _fingerprint(assembly: Path) -> str:
    """Templates and asset manifests: the latter name every asset (functions, state machines) by its content's hash."""
    digest = hashlib.sha256()
    files = sorted([*assembly.rglob("*.template.json"), *assembly.rglob("*.assets.json")])
    for path in files:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _write_json(path: Path, value: Any) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)
