#!/bin/sh
# Says in one line what is missing when Node.js or npm cannot run the cdk command.
set -eu
oldest=20
if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
  echo "setup: Node.js $oldest or newer with npm is needed for the cdk command; found none on PATH" >&2
  exit 1
fi
found=$(node --version)
major=${found#v}
major=${major%%.*}
if [ "$major" -lt "$oldest" ]; then
  echo "setup: Node.js $oldest or newer is needed for the cdk command; found $found" >&2
  exit 1
fi
