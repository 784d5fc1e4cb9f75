#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# payments: who is on which roster and what each practice is paid, worked out from the plain facts of histories.pl.
#
#   payments.pl HISTORY MONTHS
#
# Small, slow and obvious on purpose, and written apart from rules/ and exchange/: it keeps a coverage and a PCP for each
# day's question by looking through all that is known, and works every month out again from nothing.  HUSKY Primary Care:
# 7.50 for a patient on the first day of the month (FEE-1, FEE-2), whole families (ENR-7), the first of the next month
# after a cut-off (ENR-9, ENR-10), the fund of the aid category (FEE-7), differences in the next remittance (RET-2).
#
# Prints, sorted: "roster MONTH PRACTICE PCP MEMBER", "pay CYCLE-DAY PRACTICE CODE FUND CENTS", and "answer DAY MEMBER
# DAY-ASKED PCP", "-" for none.
use strict;
use warnings;

my ($path, $months) = @ARGV;
die "usage: payments.pl HISTORY MONTHS\n" unless defined $months;
my $FEE = 750;
my $HOLD_DAYS = 60;    # how long a family may be incomplete
my $NEWBORN_DAYS = 60; # a family does not wait for a child younger than that
my %open = map { $_ => "2009-02-01" } qw(WATERBURY NAUGATUCK WINDHAM MANSFIELD);
$open{$_} = "2010-01-01" for "HARTFORD", "BLOOMFIELD", "NEW HAVEN", "HAMDEN";

# ---- days are texts, 2010-01-31: they sort as they are; only counting days needs numbers --------
my @lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);
sub month_length { my ($y, $m) = @_; return $m == 2 && $y % 4 == 0 ? 29 : $lengths[$m - 1] }
sub next_day {
	my ($y, $m, $d) = split /-/, $_[0];
	return sprintf("%04d-%02d-%02d", $y, $m, $d + 1) if $d < month_length($y, $m);
	return $m < 12 ? sprintf("%04d-%02d-01", $y, $m + 1) : sprintf("%04d-01-01", $y + 1);
}
my (%number, $count, $at) = ();
for ($at = "1959-12-31", $count = 0; $at lt "2013-01-01"; $at = next_day($at)) { $number{$at} = $count++ }
sub days_between { return $number{$_[1]} - $number{$_[0]} }
sub weekday { return ($number{$_[0]} + 4) % 7 } # 1959-12-31 was a Thursday: 0 is Sunday
sub month_of { return substr($_[0], 0, 7) }
sub month_after { my ($y, $m) = split /-/, $_[0]; return $m < 12 ? sprintf("%04d-%02d", $y, $m + 1) : sprintf("%04d-01", $y + 1) }
sub last_of { my ($y, $m) = split /-/, $_[0]; return sprintf("%04d-%02d-%02d", $y, $m, month_length($y, $m)) }

# ENR-9, ENR-10: by the last day of the month less three it is the first of the next month, else of the one behind it
sub effective {
	my ($day) = @_;
	my $month = month_after(month_of($day));
	$month = month_after($month) if substr($day, 8) > substr(last_of(month_of($day)), 8) - 3;
	return "$month-01";
}

# ---- what is known -----------------------------------------------------------------------------
my (%member, %case, %pcp); # by id, case number, NPI

# The aid category that covers a member on a day; empty: none.  The last fact about a day counts.
sub covered {
	my ($m, $day) = @_;
	my $aid = "";
	for my $fact (@{$m->{coverage}}) {
		my ($kind, $from, $value) = @$fact;
		next if $day lt $from;
		$aid = $value if $kind eq "COVER" || ($kind eq "AID" && $aid ne "");
		$aid = "" if $kind eq "NONE";
	}
	return defined $m->{died} && $m->{died} lt $day ? "" : $aid;
}
# The practice of a PCP on a day; empty: the PCP is in none, or not in Medicaid.
sub practice {
	my ($p, $day) = @_;
	return "" if defined $p->{last} && $p->{last} lt $day;
	my ($found, $since) = ("", "");
	for my $from (keys %{$p->{practices}}) {
		my ($practice, $to) = @{$p->{practices}{$from}};
		($found, $since) = ($practice, $from) if $from le $day && $day le $to && $from ge $since;
	}
	return $found;
}
# The PCP of a member on a day; undef: none.  Who left keeps patients to the end of that month (domain reference 2.8).
sub pcp_on {
	my ($m, $day) = @_;
	my $npi;
	for my $choice (@{$m->{choices}}) { # in the order in which they were accepted
		my ($from, $whom) = @$choice;
		$npi = $whom if $from le $day;
	}
	return undef unless defined $npi;
	my $last = $pcp{$npi}{last};
	return defined $last && last_of(month_of($last)) lt $day ? undef : $npi;
}
sub fund { return { F => "F1", P => "F2", S => "F3" }->{substr($_[0], 0, 1)} }

# ---- who belongs to whom: every request that waits, family by family -----------------------------
sub judge_family {
	my ($today, @family) = @_;
	my @asking = grep { defined $_->{asks} } @family;
	# Each by the day on which it was made; those who are new to the program together, on the latest of their days.  If
	# that is past, since the family was not complete, the day on which it becomes complete counts.
	my (%day, %new, $latest);
	for my $m (@asking) {
		$day{$m->{id}} = effective($m->{asks}{since});
		$new{$m->{id}} = !defined pcp_on($m, $day{$m->{id}});
		$latest = $day{$m->{id}} if $new{$m->{id}} && (!defined $latest || $day{$m->{id}} gt $latest);
	}
	$latest = effective($today) if defined $latest && $latest le $today;
	for my $m (@asking) { $day{$m->{id}} = $latest if $new{$m->{id}} }

	# what is wrong with a request by itself
	my $refused = sub {
		my ($m) = @_;
		my ($p, $day) = ($pcp{$m->{asks}{npi}}, $day{$m->{id}});
		return 1 if covered($m, $day) eq "" || !defined $p || practice($p, $day) eq "";
		my $now = pcp_on($m, $day);
		return defined $now && $now eq $m->{asks}{npi};
	};
	# who may live elsewhere: patients of the PCP already, and with them their families (ENR-5, ENR-6)
	my $carried = grep { !$refused->($_) && $_->{asks}{code} == 25 } @asking;
	my %good;
	for my $m (@asking) {
		my $day = $day{$m->{id}};
		my $here = defined $open{$m->{town}} && $open{$m->{town}} le $day;
		my $in_already = grep { defined pcp_on($_, $day) } @family;
		$good{$m->{id}} = !$refused->($m) && ($here || $m->{asks}{code} == 25 || $in_already || $carried);
	}
	# ENR-7: everybody of the family has a PCP then, or gets one now
	my $complete = 1;
	for my $m (@family) {
		next unless defined $latest;
		next if covered($m, $latest) eq "" || $good{$m->{id}} || defined pcp_on($m, $latest);
		$complete = 0 if days_between($m->{born}, $today) > $NEWBORN_DAYS;
	}
	for my $m (@asking) {
		if (!$good{$m->{id}}) {
			delete $m->{asks};
		} elsif ($complete || !$new{$m->{id}}) {
			push @{$m->{given}}, [$day{$m->{id}}, $m->{asks}{npi}];
			delete $m->{asks};
		} elsif (days_between($m->{asks}{since}, $today) > $HOLD_DAYS) {
			delete $m->{asks};
		}
	}
	for my $m (@family) { # all at once, so that nobody's answer depends on who comes first
		push @{$m->{choices}}, @{delete $m->{given} // []};
	}
}
sub judge {
	my ($today) = @_;
	for my $name (sort keys %case) {
		my @family = map { $member{$_} } @{$case{$name}};
		judge_family($today, @family) if grep { defined $_->{asks} } @family;
	}
}

# ---- money ---------------------------------------------------------------------------------------
# Whom a member-month is paid to, and from which fund: "PRACTICE FUND"; empty: nobody.
sub entitled {
	my ($m, $month) = @_;
	my $day = "$month-01";
	my ($aid, $npi) = (covered($m, $day), pcp_on($m, $day));
	return "" if $aid eq "" || !defined $npi;
	my $practice = practice($pcp{$npi}, $day);
	return $practice eq "" ? "" : "$practice " . fund($aid);
}
my (%paid, %frozen, %owed); # member → month → "PRACTICE FUND" → cents; month → lines; practice → cents owed by it
my @out;

sub freeze {
	my ($month) = @_;
	$frozen{$month} = [];
	for my $id (sort keys %member) {
		my $where = entitled($member{$id}, $month);
		next if $where eq "";
		push @{$frozen{$month}}, [$id, $where];
		my ($practice, $fund) = split / /, $where;
		push @out, "roster $month $practice " . pcp_on($member{$id}, "$month-01") . " $id";
	}
}
# The second Tuesday of the month after.
sub cycle_day {
	my $day = month_after($_[0]) . "-01";
	my $tuesdays = 0;
	for (;; $day = next_day($day)) { return $day if weekday($day) == 2 && ++$tuesdays == 2 }
}
sub cycle {
	my ($month, @months) = @_; # this month, and all up to it
	my %lines;                 # practice → "CODE FUND MONTH SIGN" → cents
	for my $line (@{$frozen{$month}}) {
		my ($id, $where) = @$line;
		my ($practice, $fund) = split / /, $where;
		$lines{$practice}{"CT $fund $month +"} += $FEE;
		$paid{$id}{$month}{$where} += $FEE;
	}
	for my $id (sort keys %member) {
		for my $m (@months) {
			my $where = entitled($member{$id}, $m);
			my %due = map { $_ => 0 } keys %{$paid{$id}{$m} // {}};
			$due{$where} = $FEE if $where ne "";
			for my $key (sort keys %due) {
				my $difference = $due{$key} - ($paid{$id}{$m}{$key} // 0);
				next if $difference == 0;
				my ($practice, $fund) = split / /, $key;
				$lines{$practice}{"RA $fund $m " . ($difference > 0 ? "+" : "-")} += $difference;
				$paid{$id}{$m}{$key} += $difference;
			}
		}
	}
	for my $practice (sort keys %lines) {
		my $sum = 0;
		for my $key (sort keys %{$lines{$practice}}) {
			my ($code, $fund) = split / /, $key;
			$sum += $lines{$practice}{$key};
			push @out, "pay " . cycle_day($month) . " $practice $code $fund $lines{$practice}{$key}";
		}
		$sum -= $owed{$practice} // 0;
		$owed{$practice} = $sum < 0 ? -$sum : 0;
		push @out, "pay " . cycle_day($month) . " $practice total - " . ($sum < 0 ? 0 : $sum);
	}
}

# ---- through the days ------------------------------------------------------------------------------
my @calendar = ("2010-01");
push @calendar, month_after($calendar[-1]) while @calendar < $months;
sub first_working_day { my $day = "$_[0]-01"; $day = next_day($day) while weekday($day) % 6 == 0; return $day }

my ($today, $told, @begun, %closed) = ("", 0);
sub day_ends { judge($today) if $told; $told = 0 } # when the 834 of a day has been read
sub until_day { # what falls due before the files of a day are read
	my ($day) = @_;
	for my $month (@calendar) {
		# the fee of a month is paid when its folder is done: before the first file of the next
		if (!$closed{$month} && $day gt last_of($month)) {
			freeze($month) unless $frozen{$month};
			push @begun, $month;
			cycle($month, @begun);
			$closed{$month} = 1;
		}
		freeze($month) if !$frozen{$month} && month_of($day) eq $month && $day gt first_working_day($month);
	}
}
open(my $file, "<", $path) or die "$path: $!\n";
while (my $line = <$file>) {
	chomp $line;
	my ($kind, $who, @rest) = split / /, $line;
	if ($kind eq "DAY") {
		day_ends();
		until_day($who);
		$today = $who;
	} elsif ($kind eq "INQUIRY") { # ELV-1, ELV-2
		my $m = $member{$who};
		my $npi = covered($m, $rest[0]) eq "" ? undef : pcp_on($m, $rest[0]);
		push @out, "answer $today $who $rest[0] " . ($npi // "-");
	} elsif ($kind eq "PCP") {
		$pcp{$who}{practices}{$rest[1]} = [$rest[0], $rest[2] eq "open" ? "9999-12-31" : $rest[2]];
	} elsif ($kind eq "LEAVES") {
		$pcp{$who}{last} = $rest[0];
	} else {
		$told = 1;
		if ($kind eq "MEMBER") {
			my ($case, $born, @town) = @rest;
			$member{$who} = { id => $who, born => $born, town => "@town", coverage => [], choices => [] };
			push @{$case{$case}}, $who;
		}
		my $m = $member{$who};
		push @{$m->{coverage}}, ["COVER", @rest] if $kind eq "COVER";
		push @{$m->{coverage}}, ["AID", @rest] if $kind eq "AID";
		push @{$m->{coverage}}, ["NONE", next_day($rest[0])] if $kind eq "END" || $kind eq "DIED";
		$m->{died} = $rest[0] if $kind eq "DIED";
		$m->{town} = "@rest" if $kind eq "TOWN";
		# what waits and is said again is one request
		my $same = defined $m->{asks} && $kind eq "ASK" && "$m->{asks}{npi} $m->{asks}{code}" eq "@rest";
		$m->{asks} = { npi => $rest[0], code => $rest[1], since => $today } if $kind eq "ASK" && !$same;
	}
}
day_ends();
until_day("2012-12-31");
print map { "$_\n" } sort @out;
