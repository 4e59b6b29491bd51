"""Packages of functions as they would go to AWS, each contender's as its ecosystem makes it, in zips of one kind."""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON, NODE = HERE / "peers" / "python", HERE / "peers" / "node"
TASKS = sorted(path.stem for path in (HERE / "harness" / "src" / "tasks").glob("*.rs"))
# One file with the SDK in it, as CDK's NodejsFunction makes it with `bundleAwsSDK`, `minify`, the format ESM and
# `mainFields`: starting it takes half of the processor time of the default, which takes the SDK from the runtime.
ESBUILD = [
    "--bundle", "--minify", "--target=node20", "--platform=node", "--format=esm", "--main-fields=module,main",
    "--banner:js=import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
]  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--binaries", type=Path, required=True, help="where our functions' binaries are")
    arguments.add_argument("--out", type=Path, required=True, help="where a folder for each function is made")
    options = arguments.parse_args()
    libraries = python_libraries(options.out / "python-libraries")
    for module in TASKS:
        task = module.replace("_", "-")
        folder = options.out / task
        folder.mkdir(parents=True, exist_ok=True)
        pack(folder / "rust.zip", [(options.binaries / f"flightpulse-{task}", "bootstrap")])
        if (PYTHON / f"{module}.py").exists():
            pack(folder / "python.zip", [*files(libraries), *python_modules(module)])
        if (NODE / f"{task}.mjs").exists():
            bundle = folder / "node" / "index.mjs"
            esbuild = [NODE / "node_modules" / ".bin" / "esbuild", NODE / f"{task}.mjs", *ESBUILD]
            subprocess.run([*esbuild, f"--outfile={bundle}", "--log-level=warning"], check=True)
            pack(folder / "node.zip", [(bundle, "index.mjs")])


def python_libraries(folder: Path) -> Path:
    """What pip lays beside a handler; made anew only when what is wanted has changed."""
    wanted = PYTHON / "package.txt"
    made = folder / wanted.name
    if not made.exists() or made.read_bytes() != wanted.read_bytes():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        subprocess.run([*pip, "--upgrade", "--target", folder / "libraries", "-r", wanted], check=True)
        made.write_bytes(wanted.read_bytes())
    return folder / "libraries"


def python_modules(*names: str) -> Iterator[tuple[Path, str]]:
    """The handler, and all modules beside it that it needs."""
    wanted, seen = list(names), set()
    while wanted:
        path = PYTHON / f"{wanted.pop().replace('.', '/')}.py"
        if path in seen or not path.exists():
            continue
        seen.add(path)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                wanted += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                wanted += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return ((path, str(path.relative_to(PYTHON))) for path in sorted(seen))


def files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path, str(path.relative_to(folder))


def pack(package: Path, content: list[tuple[Path, str]]) -> None:
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, name in content:
            archive.write(path, name)


if __name__ == "__main__":
    main()
