"""Print pip constraints, `name==bound` a line: the lowest versions that pyproject.toml allows."""

import tomllib
from pathlib import Path

project = tomllib.loads(Path(__file__).parent.with_name("pyproject.toml").read_text())["project"]
for requirement in project["dependencies"] + project["optional-dependencies"]["test"]:
    name, _, bounds = requirement.partition(">=")
    print(f"{name}=={bounds.partition(',')[0]}")
