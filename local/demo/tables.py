"""What the terminal shows: the live table, the reconciliation and where to look."""

from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from local.demo.balance import Balance, Cell
from local.story.entry import REJECTED
from local.story.organisation import NAMES

ALL = "all"


def live(state: Balance, put: int) -> Group:
    """Arrived of put, per dataset, region and account.

    Args:
        state: The balance so far.
        put: Entries put so far.
    """
    accounts = sorted({cell.account for cell in state.put})
    table = Table(
        title="What arrived; where it is not all that was put, arrived/put",
        title_justify="left",
        box=SIMPLE_HEAD,
        show_edge=False,
        padding=0,  # the box itself has a blank between columns
    )
    for heading in ("dataset", "region"):
        table.add_column(heading, no_wrap=True)
    for account in (*accounts, ALL):
        heading = NAMES.get(account, account).replace("-", "\n")
        table.add_column(heading, justify="right", no_wrap=True)
    homes = {(cell.dataset, cell.region) for cell in state.put}
    for dataset, region in sorted(homes, key=lambda home: (home[0] == REJECTED, home)):
        cells = [Cell(account, region, dataset) for account in accounts]
        shares = [_share(state.arrived[cell], state.put[cell]) for cell in cells]
        table.add_row(dataset, region, *shares, _sum(state, cells))
    table.add_section()
    columns = [[cell for cell in state.put if cell.account == account] for account in accounts]
    totals = [_sum(state, column) for column in columns]
    table.add_row(ALL, "", *totals, _sum(state, [*state.put]), style="bold")
    arrived = state.arrived.total()
    return Group(table, Text(f"put {put:,} of {state.put.total():,}, arrived {arrived:,}\n"))


def reconciliation(state: Balance, kept: int) -> Group:
    """The last word: what differs, if anything, and the line that tests read.

    Args:
        state: The balance at the end.
        kept: Distinct rejects in the reject bucket.
    """
    even = state.even and kept == state.rejected
    style = "bold green" if even else "bold red"
    where = Text(f"the reject bucket keeps {kept}, the index shows {state.rejected}", style="dim")
    return Group(*_differences(state), Text(verdict(state), style=style), where)


def as_json(state: Balance) -> dict[str, Any]:
    """The balance for the panel page."""
    cells = sorted(state.put | state.arrived)
    return {
        "rows": [
            {**cell._asdict(), "put": state.put[cell], "arrived": state.arrived[cell]}
            for cell in cells
        ],
        "totals": {
            "put": state.put.total(),
            "arrived": state.arrived.total(),
            "lost": state.lost,
            "duplicated": state.duplicated,
            "rejected": state.rejected,
            "dropped": state.dropped.total(),
        },
    }


def _differences(state: Balance) -> list[Text]:
    cells = sorted(
        cell for cell in state.due | state.arrived if state.due[cell] != state.arrived[cell]
    )
    return [
        Text(f"{' '.join(cell)}: due {state.due[cell]}, arrived {state.arrived[cell]}", style="red")
        for cell in cells
    ]


def verdict(state: Balance) -> str:
    """``lost 0, duplicated 0, rejected 6 (6 malformed lines in the story)``, and any drops."""
    dropped = f", dropped {state.dropped.total()} by rules" if state.dropped else ""
    return (
        f"lost {state.lost}, duplicated {state.duplicated}, rejected {state.rejected} "
        f"({state.malformed} malformed lines in the story){dropped}"
    )


def addresses(page: str, endpoint: str, search: str, group: str) -> str:
    """Where to look and how to put a line of one's own, in lines that can be copied."""
    return f"""
[bold]It is up. Ctrl-C ends it.[/]

  dashboards   {page}
  OpenSearch   {search}
  local AWS    {endpoint}

[bold]Put a line of your own[/] (the account is the access key id), with the AWS CLI:

export AWS_ENDPOINT_URL={endpoint} AWS_REGION=us-east-1
export AWS_ACCESS_KEY_ID=222222222222 AWS_SECRET_ACCESS_KEY=test
aws logs create-log-stream --log-group-name {group} --log-stream-name mine
aws logs put-log-events --log-group-name {group} --log-stream-name mine \\
  --log-events timestamp=$(date +%s000),message="ERROR hello from my laptop"

or with boto3:

import boto3, time
logs = boto3.client("logs", endpoint_url="{endpoint}", region_name="us-east-1",
                    aws_access_key_id="222222222222", aws_secret_access_key="test")
logs.create_log_stream(logGroupName="{group}", logStreamName="boto3")
logs.put_log_events(logGroupName="{group}", logStreamName="boto3", logEvents=[
    {{"timestamp": int(time.time() * 1000), "message": "ERROR hello from my laptop"}}])

With Docker, OpenSearch Dashboards on the same data:

OPENSEARCH_URL={search} docker compose up
"""


def _sum(state: Balance, cells: Sequence[Cell]) -> Text:
    return _share(sum(state.arrived[c] for c in cells), sum(state.put[c] for c in cells))


def _share(arrived: int, put: int) -> Text:
    if not put and not arrived:
        return Text("·", style="dim")
    if arrived == put:
        return Text(f"{arrived:,}", style="green")
    return Text(f"{arrived:,}/{put:,}", style="yellow" if arrived < put else "red")
