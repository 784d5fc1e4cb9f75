#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# histories: lives of invented families, told twice: as the 834 and CSV files that partners would send, month by month,
# and as plain facts, one a line, for payments.pl, which knows nothing of X12.
#
#   histories.pl SEED FAMILIES MONTHS OUT [SHUFFLE]
#
# Writes OUT/in/2010-01/… and OUT/history.txt.  A family is a history of its own: nobody's luck depends on another's, so
# that the families of each 834 may come in any order: SHUFFLE, a number, is one.
use strict;
use warnings;

my ($seed, $families, $months, $out, $shuffle) = @ARGV;
die "usage: histories.pl SEED FAMILIES MONTHS OUT [SHUFFLE]\n" unless defined $out;

# ---- chance, days ----------------------------------------------------------------------------
my $state = ($seed * 2654435761 + 12345) % 2147483648;
sub chance { # a number from 0 up to n - 1
	my ($n) = @_;
	$state = ($state * 1103515245 + 12345) % 2147483648;
	return int($state / 65536) % $n;
}
sub often { return chance(100) < $_[0] }
sub one_of { return $_[chance(scalar @_)] }

sub day_of { # days since 1970-01-01
	my ($y, $m, $d) = @_;
	my $yy = $m <= 2 ? $y - 1 : $y;
	my $era = int($yy / 400);
	my $yoe = $yy - $era * 400;
	my $doy = int((153 * ($m + ($m > 2 ? -3 : 9)) + 2) / 5) + $d - 1;
	return $era * 146097 + $yoe * 365 + int($yoe / 4) - int($yoe / 100) + $doy - 719468;
}
sub civil {
	my ($z) = @_;
	$z += 719468;
	my $era = int($z / 146097);
	my $doe = $z - $era * 146097;
	my $yoe = int(($doe - int($doe / 1460) + int($doe / 36524) - int($doe / 146096)) / 365);
	my $doy = $doe - (365 * $yoe + int($yoe / 4) - int($yoe / 100));
	my $mp = int((5 * $doy + 2) / 153);
	my $m = $mp + ($mp < 10 ? 3 : -9);
	return ($yoe + $era * 400 + ($m <= 2 ? 1 : 0), $m, $doy - int((153 * $mp + 2) / 5) + 1);
}
sub iso { return sprintf("%04d-%02d-%02d", civil($_[0])) }
sub d8 { return sprintf("%04d%02d%02d", civil($_[0])) }
sub first_of { # of the month so many months from the one of 2010-01
	my ($month) = @_;
	return day_of(2010 + int(($month + 1200) / 12) - 100, ($month + 1200) % 12 + 1, 1);
}
sub month_of { my ($y, $m) = civil($_[0]); return ($y - 2010) * 12 + $m - 1 }
sub last_of { return first_of($_[0] + 1) - 1 }

sub npi { # nine digits and their check digit
	my ($nine) = @_;
	my ($sum, $double) = (24, 1);
	for my $digit (reverse split //, $nine) {
		my $n = $double ? $digit * 2 : $digit;
		$sum += $n > 9 ? $n - 9 : $n;
		$double = !$double;
	}
	return $nine . (10 - $sum % 10) % 10;
}

# ---- practices and PCPs ----------------------------------------------------------------------
my @towns = ("WATERBURY", "NAUGATUCK", "WINDHAM", "MANSFIELD", "HARTFORD", "BLOOMFIELD", "NEW HAVEN", "HAMDEN");
my @practices = map { npi(108800000 + $_) } 1 .. 7;
my @pcps; # npi, town, practice, affiliated from, medicaid end (undef: none)
push @pcps, { npi => npi(103900000 + $_), town => one_of(@towns), practice => one_of(@practices), from => day_of(2009, 2, 1) } for 1 .. 16;

my (%files, @facts); # "2010-01/name" → text; day and line of the history, in order of days
my $facts_of = sub { push @facts, [@_] };

sub pcp_row {
	my ($pcp) = @_;
	return join(",", $pcp->{npi}, "DOCTOR", "PAT", "MD", "FAMILY MEDICINE", "2035550100", $pcp->{town}, "no", "2005-01-01",
		defined $pcp->{medicaid_end} ? iso($pcp->{medicaid_end}) : "", "2009-02-01", "", "", $pcp->{practice}, iso($pcp->{from}),
		defined $pcp->{to} ? iso($pcp->{to}) : "") . "\n";
}
my $pcp_header = "pcp_npi,last_name,first_name,credential,specialty,phone,town,facility_based,medicaid_from,medicaid_to,contract_from,contract_to,panel_limit,billing_npi,affiliated_from,affiliated_to\n";
$files{"2010-01/2009-12-21-billing.csv"} = "billing_npi,medicaid_id,name,kind,tax_id,street,city,state,zip,phone,trading_partner,fiscal_year_end,method,routing,account,account_kind\n"
	. join("", map { "$practices[$_],00900000$_,PRACTICE $_,GROUP,06100000$_,$_ MAIN ST,HARTFORD,CT,06103,8605550100,TP000900$_,,ACH,011900254,000111$_,DA\n" } 0 .. $#practices);
$files{"2010-01/2009-12-21-pcps.csv"} = $pcp_header . join("", map { pcp_row($_) } @pcps);
$facts_of->(day_of(2009, 12, 21), "PCP $_->{npi} $_->{practice} " . iso($_->{from}) . " open") for @pcps;

# ---- days on which files come ------------------------------------------------------------------
my @days = (day_of(2009, 12, 22));
for my $month (0 .. $months - 1) {
	push @days, first_of($month) + $_ - 1 for (6, 14, 24, 28);
}

# PCPs leave Medicaid or go to another practice; the row comes a few weeks later
for my $pcp (@pcps[0 .. 4]) {
	my $known = $days[8 + chance(@days > 12 ? @days - 10 : 1)] // next;
	next if $known >= $days[-1];
	my $last = last_of(month_of($known) - 1 - chance(2));
	my $row;
	if (often(50)) {
		$pcp->{medicaid_end} = $last;
		$row = pcp_row($pcp);
		$facts_of->($known, "LEAVES $pcp->{npi} " . iso($last));
	} else {
		my $new = one_of(grep { $_ ne $pcp->{practice} } @practices);
		$row = pcp_row({ %$pcp, to => $last });
		$row .= pcp_row({ %$pcp, practice => $new, from => $last + 1 });
		$facts_of->($known, "PCP $pcp->{npi} $pcp->{practice} " . iso($pcp->{from}) . " " . iso($last));
		$facts_of->($known, "PCP $pcp->{npi} $new " . iso($last + 1) . " open");
	}
	$pcp->{known} = $known;
	my $folder = sprintf("%04d-%02d", (civil($known))[0, 1]);
	$files{"$folder/" . iso($known) . "-1-pcps-$pcp->{npi}.csv"} = $pcp_header . $row;
}

# ---- families ----------------------------------------------------------------------------------
my @aids = ("F01", "F07", "F07", "F12", "P02", "P02", "S01");
my (%loops, %count); # day → case → its INS loops; how many of a day
my %inquiries;       # day → [member, day asked about]
my $next_id = 510000000;

sub happens { # DAY fact, segments…
	my ($day, $fact, @loop) = @_;
	$facts_of->($day, $fact) if defined $fact;
	return unless @loop;
	my ($case) = grep { /^REF\*3H/ } @loop;
	$loops{$day}{$case} .= join("", map { "$_~" } @loop);
	$count{$day}++;
}
sub loop { # INS and what stands before the coverage: member, INS, DTPs
	my ($m, $ins, @dates) = @_;
	return ($ins, "REF*0F*$m->{id}", "REF*1L*HUSKYA", "REF*3H*$m->{case}", @dates, "NM1*IL*1*FAMILY$m->{case}*PAT$m->{id}****ZZ*$m->{id}");
}
sub pcp_segments { # the loop 2310 of a request
	my ($npi, $code) = @_;
	return ("LX*1", "NM1*P3*1*DOCTOR*PAT****XX*$npi*$code");
}
sub arrive {
	my ($day, $m, $begin, $ask, $code) = @_;
	$m->{aid} = one_of(@aids);
	$m->{spans} = [[$begin, undef]];
	happens($day, "MEMBER $m->{id} $m->{case} " . iso($m->{born}) . " $m->{town}");
	happens($day, "COVER $m->{id} " . iso($begin) . " $m->{aid}");
	happens($day, defined $ask ? "ASK $m->{id} $ask $code" : undef,
		loop($m, "INS*Y*18*021*28*A***AC", "DTP*356*D8*" . d8($begin)),
		"N3*1 MAIN ST", "N4*$m->{town}*CT*06101", "DMG*D8*" . d8($m->{born}) . "*F",
		"HD*021**HLT*HUSKY A*IND", "DTP*348*D8*" . d8($begin), "REF*M7*$m->{aid}", defined $ask ? pcp_segments($ask, $code) : ());
}
sub life { # one thing that happens to a member on a day
	my ($day, $m) = @_;
	my $span = $m->{spans}[-1];
	my $month = month_of($day);
	my $kind = chance(100);
	if ($kind < 22 && !defined $span->[1]) { # coverage ends, now or some months ago
		my $last = last_of($month - chance(5));
		return if $last < $span->[0];
		$span->[1] = $last;
		happens($day, "END $m->{id} " . iso($last), loop($m, "INS*Y*18*024*07*A", "DTP*303*D8*" . d8($day)),
			"HD*024**HLT*HUSKY A*IND", "DTP*349*D8*" . d8($last));
	} elsif ($kind < 40 && defined $span->[1]) { # and begins again, perhaps without a gap
		my $begin = often(40) ? $span->[1] + 1 : first_of(month_of($span->[1]) + 1 + chance(3));
		return if $begin > $day + 31;
		$m->{aid} = one_of(@aids);
		push @{$m->{spans}}, [$begin, undef];
		$m->{aid_from} = $begin;
		happens($day, "COVER $m->{id} " . iso($begin) . " $m->{aid}", loop($m, "INS*Y*18*021*41*A", "DTP*356*D8*" . d8($begin)),
			"DMG*D8*" . d8($m->{born}) . "*F", "HD*021**HLT*HUSKY A*IND", "DTP*348*D8*" . d8($begin), "REF*M7*$m->{aid}");
	} elsif ($kind < 58 && !defined $span->[1]) { # another aid category from a month on
		my $from = first_of($month - chance(4));
		return if $from <= ($m->{aid_from} // $span->[0]); # a change inside a change: which one holds is another question
		$m->{aid_from} = $from;
		$m->{aid} = one_of(grep { $_ ne $m->{aid} } @aids);
		happens($day, "AID $m->{id} " . iso($from) . " $m->{aid}", loop($m, "INS*Y*18*001*22*A", "DTP*303*D8*" . d8($from)),
			"HD*001**HLT*HUSKY A*IND", "DTP*348*D8*" . d8($from), "REF*M7*$m->{aid}");
	} elsif ($kind < 62 && !defined $span->[1]) { # dies
		my $died = $day - chance(120);
		return if $died < $span->[0] || $died < $m->{born};
		$m->{died} = $died;
		$span->[1] = $died;
		happens($day, "DIED $m->{id} " . iso($died), loop($m, "INS*Y*18*024*03*A******D8*" . d8($died), "DTP*357*D8*" . d8($died)),
			 "HD*024**HLT*HUSKY A*IND", "DTP*349*D8*" . d8($died));
	} elsif ($kind < 92 && !defined $span->[1]) { # chooses
		my ($npi, $code) = choice($m);
		happens($day, "ASK $m->{id} $npi $code", loop($m, "INS*Y*18*001*15*A", "DTP*303*D8*" . d8($day)),
			"HD*001**HLT*HUSKY A*IND", "DTP*303*D8*" . d8($day), "REF*M7*$m->{aid}", pcp_segments($npi, $code));
	} elsif ($kind >= 92) { # moves
		$m->{town} = often(80) ? one_of(@towns) : "MERIDEN";
		happens($day, "TOWN $m->{id} $m->{town}", loop($m, "INS*Y*18*001*43*A", "DTP*303*D8*" . d8($day)),
			"N3*2 MAIN ST", "N4*$m->{town}*CT*06101");
	}
}
sub choice {
	my ($m) = @_;
	return (npi("199999999"), 26) if chance(40) == 0; # nobody
	return (one_of(@pcps)->{npi}, $m->{town} eq "MERIDEN" ? one_of(25, 26) : one_of(25, 26, 26));
}

for my $family (1 .. $families) {
	my $case = sprintf("K%06d", $family);
	my $town = often(88) ? one_of(@towns) : "MERIDEN";
	my $size = 1 + chance(4);
	my @members = map { { id => ++$next_id, case => $case, town => $town, born => day_of(1960 + chance(48), 1 + chance(12), 1 + chance(28)) } } 1 .. $size;
	my $start = often(70) ? 0 : chance(@days - 1);
	for my $m (@members) {
		my $come = often(85) ? $start : $start + chance(@days - $start);
		$m->{come} = $come;
		$m->{born} = $days[$come] - 1 - chance(20) if $m != $members[0] && $come > 0 && often(10);
	}
	for my $at (0 .. $#days) {
		my $day = $days[$at];
		for my $m (@members) {
			if ($m->{come} == $at) {
				my $begin = first_of(month_of($day) - chance(6));
				$begin += chance(25) if often(20);
				$begin = $m->{born} if $m->{born} > $begin || $m->{born} > $day - 25;
				my @ask = often(75) || $m->{born} > $day - 25 ? choice($m) : ();
				@ask = ($pcps[8 + chance(8)]{npi}, 25) if $m->{born} > $day - 25;
				arrive($day, $m, $begin, @ask);
			} elsif ($m->{come} < $at && !defined $m->{died} && chance(100) < 7) {
				life($day, $m);
			}
		}
	}
}

# on the 20th of each month somebody asks about some of them, today or some months ago
for my $month (0 .. $months - 1) {
	my $day = first_of($month) + 19;
	my @known = grep { $_->[0] < $day && $_->[1] =~ /^MEMBER/ } @facts;
	for (1 .. 30) {
		my (undef, $id) = split / /, one_of(@known)->[1];
		my $asked = often(50) ? $day : $day - chance(300);
		push @{$inquiries{$day}}, [$id, $asked];
		$facts_of->($day, "INQUIRY $id " . iso($asked));
	}
}

# ---- what is written ---------------------------------------------------------------------------
my $control = 0;
sub interchange { # FOLDER-DAY NAME SENDER FUNCTION VERSION SET body: the file around a transaction set
	my ($day, $name, $sender, $function, $version, $set, $body) = @_;
	my $folder = $day < first_of(0) ? "2010-01" : sprintf("%04d-%02d", (civil($day))[0, 1]);
	my $segments = ($body =~ tr/~//) + 2;
	$control++;
	$files{"$folder/" . iso($day) . "-$name.x12"} = sprintf("ISA*00*          *00*          *ZZ*%-15s*ZZ*CTDSS          *%s*2105*^*00501*%09d*0*T*:~", $sender, substr(d8($day), 2), $control)
		. "GS*$function*$sender*CTDSS*" . d8($day) . "*2105*$control*X*$version~ST*$set*0001*$version~${body}SE*$segments*0001~GE*1*$control~" . sprintf("IEA*1*%09d~", $control);
}
for my $day (sort { $a <=> $b } keys %loops) {
	my @cases = sort keys %{$loops{$day}};
	$state = ($shuffle + $day) % 2147483648 if defined $shuffle;
	@cases = map { $_->[1] } sort { $a->[0] <=> $b->[0] } map { [chance(32768), $_] } @cases if defined $shuffle;
	my $full = $day == $days[0];
	interchange($day, "834", "CTDSSENROLL", "BE", "005010X220A1", "834", "BGN*00*H" . $day . "*" . d8($day) . "*2105****" . ($full ? "RX" : "2")
		. "~REF*38*HUSKYA~DTP*007*D8*" . d8($day) . "~QTY*TO*$count{$day}~N1*P5*STATE*FI*060000001~N1*IN*PROGRAM*FI*060000001~"
		. join("", map { $loops{$day}{$_} } @cases));
}
for my $day (sort { $a <=> $b } keys %inquiries) {
	my $hl = 2;
	my $body = "BHT*0022*13*H$day*" . d8($day) . "*0830~HL*1**20*1~NM1*PR*2*PAYER*****PI*CTDSS~HL*2*1*21*1~NM1*1P*2*CLINIC*****XX*$practices[0]~";
	for my $inquiry (@{$inquiries{$day}}) {
		my ($id, $asked) = @$inquiry;
		$hl++;
		$body .= "HL*$hl*2*22*0~TRN*1*$day-$hl*1061112525~NM1*IL*1******MI*$id~DTP*291*D8*" . d8($asked) . "~EQ*30~";
	}
	interchange($day, "270", "TP0000104", "HS", "005010X279A1", "270", $body);
}
mkdir $out;
mkdir "$out/in";
for my $name (sort keys %files) {
	my ($folder) = split m{/}, $name;
	mkdir "$out/in/$folder";
	open(my $file, ">", "$out/in/$name") or die "$out/in/$name: $!\n";
	print $file $files{$name};
	close($file) or die "$out/in/$name: $!\n";
}
mkdir sprintf("$out/in/%04d-%02d", (civil(first_of($_)))[0, 1]) for 0 .. $months - 1;
# provider files of a day come before its 834, by their names
open(my $file, ">", "$out/history.txt") or die "$out/history.txt: $!\n";
my $number = 0;
$_->[2] = $number++ for @facts;
my $now = -1;
for my $fact (sort { $a->[0] <=> $b->[0] || ($b->[1] =~ /^(PCP|LEAVES)/) <=> ($a->[1] =~ /^(PCP|LEAVES)/) || $a->[2] <=> $b->[2] } @facts) {
	print $file "DAY " . iso($fact->[0]) . "\n" if $fact->[0] != $now;
	$now = $fact->[0];
	print $file "$fact->[1]\n";
}
close($file) or die "$out/history.txt: $!\n";
printf "%d families, %d members, %d months, %d facts, %d files\n", $families, $next_id - 510000000, $months, scalar @facts, scalar keys %files;
