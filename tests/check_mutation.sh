#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Accepted files broken in one place each, held against an oracle that was written apart: what is broken is found, at the
# segment that was touched; what the guide still allows is not refused.  The long form: make mutants MUTANTS=100000.
#   [MUTANTS=N] [SEED=N] tests/check_mutation.sh BUILD
mutants=${MUTANTS:-20000}
seed=${SEED:-834}
corpus=${PCCM_CORPUS:-../shared/corpus}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
ls samples/*/*.x12 tests/golden/*/*.edi >"$work/files"
if [ -d "$corpus" ]; then
	find "$corpus" -path '*/pass/*.edi' | grep -E '/X(220|279|221|231)(A1)? ' | sort >>"$work/files"
else
	echo "skip mutation: published examples: $corpus is not there; PCCM_CORPUS names the folder"
fi
tr '\n' '\0' <"$work/files" | xargs -0 "$1/tests/mutation/mutation" --mutants "$mutants" --seed "$seed" ${KEEP:+--keep "$KEEP"} >"$work/said" 2>&1
status=$?
cat "$work/said"
if [ $status -eq 0 ] && [ "$(awk '$1 == "'"$mutants"'" && $2 == "mutants"' "$work/said" | wc -l)" -eq 1 ]; then
	echo "ok mutation: $mutants files broken in one place are judged as the oracle judges them, and found where they are broken"
else
	echo "not ok mutation: see above; KEEP=FOLDER keeps the mutants"
	exit 1
fi
