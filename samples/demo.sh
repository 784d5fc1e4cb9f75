#!/bin/sh
# The main job on samples/, month by month: a fresh store, what the partners sent, what left.
#   samples/demo.sh BUILD
set -eu
build=${1:-build}
demo=$build/demo
program=rules/husky-primary-care.xml
store=${DEMO_STORE:-sqlite:$demo/pccm.db}
rm -rf "$demo"
mkdir -p "$demo"
for month in 2010-01 2010-02 2010-03; do
	# status 1: something that came in was refused; the demo has such files on purpose.  --show-values: everybody is invented
	"$build/pccm" run --show-values --store "$store" --program "$program" --in "samples/$month" --out "$demo/$month" --month "$month" || [ $? -eq 1 ]
	echo
done
echo "Harold Finch died in January, which was known in March: who was paid, and what came back?   pccm explain 001234699"
echo
"$build/pccm" explain --store "$store" --program "$program" 001234699
cat <<END

Where to look next
  samples/README.md                  who the people are and what happens to them
  $demo/2010-01, 2010-02, 2010-03
                                     acknowledgments, 835s, rosters and 271s, month by month
  $build/pccm show FILE
                                     any of the X12 files, with names
  $build/pccm check samples/2010-02/2010-02-16-834-change.x12
                                     what is wrong with one that is broken on purpose
  $build/pccm explain --store $store --program $program MEMBER
                                     why this PCP, why this payment: 001234574 changed his PCP, 001234749 her fund
END
