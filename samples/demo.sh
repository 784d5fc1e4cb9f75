#!/bin/sh
# The main job on samples/, month by month: a fresh store, what the partners sent, what left.
#   samples/demo.sh BUILD
set -eu
build=${1:-build}
demo=$build/demo
program=rules/husky-primary-care.xml
store=sqlite:$demo/pccm.db
rm -rf "$demo"
mkdir -p "$demo"
for month in 2010-01 2010-02 2010-03; do
	# status 1: something that came in was refused; the demo has such files on purpose
	"$build/pccm" run --store "$store" --program "$program" --in "samples/$month" --out "$demo/$month" --month "$month" || [ $? -eq 1 ]
	echo
done
echo "Why is Luis Rivera with this PCP, and what was paid for him?   pccm explain 001234574"
echo
"$build/pccm" explain --store "$store" --program "$program" 001234574
cat <<END

Where to look next
  samples/README.md                  who the people are and what happens to them
  $demo/2010-01 2010-02 2010-03      acknowledgments, 835s, rosters, 271s, month by month
  $build/pccm show FILE              any of the X12 files, with names
  $build/pccm check FILE             what is wrong with one: samples/2010-02/2010-02-16-834-change.x12
  $build/pccm explain MEMBER --store $store --program $program
                                     why this PCP, why this payment; 001234699 died, 001234749 changed funds
END
