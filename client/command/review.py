"""`scopesmith review`: what was understood, as a file to correct, and the review that follows from it.

With `--set`, `--approve` or one of the terms there is nothing to edit. What somebody has edited is never lost: if the
API refuses it, the file is kept and its place is printed.
"""

import asyncio
import shlex
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console

from client.api import Sessions
from client.command.report import say
from client.command.review_options import ReviewOptions
from client.command.sheet import SheetError, changes, sheet, version_of
from client.errors import ClientError, ConflictError
from client.proposal import Proposal, Review, Terms
from client.session import Session

Edit = Callable[[Path], None]
"""Lets a person edit a file, and returns when that is done."""


class NothingChangedError(ClientError):
    """The review would change nothing."""


class EditorError(ClientError):
    """The editor could not be started, or it failed."""


def editor_of(environment: Mapping[str, str]) -> Edit:
    """The editor that $VISUAL or $EDITOR names."""

    def edit(path: Path) -> None:
        command = environment.get("VISUAL") or environment.get("EDITOR")
        if not command:
            raise EditorError("no editor: set EDITOR, or give a file with --set")
        import subprocess  # noqa: PLC0415 - for this command only

        try:
            subprocess.run([*shlex.split(command), str(path)], check=True)  # noqa: S603 - the user's own editor
        except (OSError, subprocess.CalledProcessError) as error:
            raise EditorError(f"the editor {command!r} failed: {error}") from error

    return edit


async def review(api: Sessions, session_id: str, options: ReviewOptions, edit: Edit, err: Console) -> Session:
    """Send the review that the options, the file or the editor describe. Returns the session as it is then.

    Raises:
        NothingChangedError: nothing is to change, and the documents are not approved.
        SheetError: the file is no sheet, or its list would undo another reviewer's.
        ConflictError: somebody else has reviewed the session, or a run is at work.
    """
    session = await api.read_session(session_id)
    proposal = await api.proposal(session_id)
    file = options.sheet
    if options == ReviewOptions():
        file = await _edited(proposal, session.project_name or session.client_name, edit)
    requirements, terms = await _changes(api, session_id, _read(file), proposal) if file else (None, Terms())
    sent = Review(session.state.revision, options.approve, requirements, _over(options.terms, terms))
    if not sent.approve and requirements is None and sent.terms == Terms():
        raise NothingChangedError("nothing was changed: no review was sent; add --approve to have the documents made")
    try:
        return await api.review(session_id, sent)
    except ClientError as error:
        if file and file != options.sheet:
            say(err, f"your changes are kept: scopesmith review {session_id} --set {shlex.quote(str(file))}")
        if isinstance(error, ConflictError):
            say(err, f"see what is there now: scopesmith proposal {session_id}")
        raise


async def _edited(proposal: Proposal, project: str, edit: Edit) -> Path:
    path = Path(tempfile.mkdtemp(prefix="scopesmith-")) / f"review-v{proposal.version}.yaml"
    path.write_text(sheet(proposal, project), encoding="utf-8")
    await asyncio.to_thread(edit, path)
    return path


async def _changes(
    api: Sessions, session_id: str, text: str, newest: Proposal
) -> tuple[tuple[Mapping[str, object], ...] | None, Terms]:
    """What a file changes of the version that it was written from, so that it undoes nothing of a newer one."""
    version = version_of(text)
    base = newest if version in {None, newest.version} else await api.proposal(session_id, version)
    requirements, terms = changes(text, base)
    if requirements is not None and _list(base) != _list(newest):
        raise SheetError(
            f"the file was written from version {base.version}, and version {newest.version} has other requirements."
            f" Look at them with `scopesmith proposal {session_id}` and put your changes into a new file; or set"
            f" version: {newest.version} in yours, and its list replaces the newest"
        )
    return requirements, terms


def _list(proposal: Proposal) -> list[Mapping[str, object]]:
    return [each.as_input() for each in proposal.requirements]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EditorError(f"--set: can't read {path}: {error}") from error


def _over(options: Terms, edited: Terms) -> Terms:
    """The terms of the options, and of the file where no option says anything."""
    said = {name: value for name, value in vars(options).items() if value is not None}
    return Terms(**{**vars(edited), **said})
