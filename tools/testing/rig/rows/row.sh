# SPDX-License-Identifier: GPL-2.0
# What the boot rows share. To be sourced.
# shellcheck shell=sh disable=SC2034

rig=$(cd "$(dirname "$0")/.." && pwd)

# A boot of a row must not take longer; boot.sh scales it for the debug kernel.
TIMEOUT=${TIMEOUT:-120}
SMP=${SMP:-2}
export TIMEOUT SMP

# skip REASON: the row's test isn't run.
skip()
{
	echo "$*"
	exit 4
}
