"""What can go wrong before a server is usable.

RuntimeError
 ├── StartError         no Java, a taken port, or a server that fails or is late
 ├── DownloadError      a file could not be had
 ├── ChecksumError      a file is not the pinned one
 ├── UnreachableError   a folder is not ours, or not readable for the server's account
 └── LockedError        another process holds a lock
"""


class StartError(RuntimeError):
    """The server did not start; if it got to speak, its last words and its log are named."""


class DownloadError(RuntimeError):
    """A file could not be had; the message names its coordinate and the cause."""


class ChecksumError(RuntimeError):
    """A file is not what was pinned; the message holds both sums. It was not kept."""


class UnreachableError(RuntimeError):
    """The server's account cannot use a folder; the message names it and the cure."""


class LockedError(RuntimeError):
    """Another live process holds the lock; the message names the file."""
