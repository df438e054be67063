"""The local cloud: AWS played by MiniStack in one process, with the links a log pipeline needs.

MiniStack stores much that AWS acts upon. Each module here adds the action for one service by
replacing names inside the pinned MiniStack (see ``patching``); ``python -m local.aws`` runs the
result and ``process.LocalCloud`` starts and ends it.

MiniStack is on PyPI under that name; its version is pinned in requirements/local.txt.
"""
