# sampler.pl NAME MS DEVCTL: every MS ms, until standard input ends, how many processes named NAME run and are stopped, and
# the CPU ticks of a process whose command line holds DEVCTL. Lines: seconds running stopped ticks
use strict;
use warnings;
use Time::HiRes qw(time sleep);
my ($name, $ms, $devctl) = @ARGV;
$| = 1;
my $own = 0;
my $bits = '';
vec($bits, 0, 1) = 1;
while (1) {
    my $began = time;
    my ($running, $stopped, $ticks) = (0, 0, 0);
    opendir my $proc, '/proc' or die;
    for my $pid (grep { /^\d/ } readdir $proc) {
        open my $file, '<', "/proc/$pid/stat" or next;
        my $line = <$file> // next;
        if ($line =~ /^\d+ \(\Q$name\E\) (\S)/) { $1 eq 'T' ? $stopped++ : $1 =~ /[ZX]/ || $running++ }
        elsif (!$own && $line =~ /\((?:node|MainThread)\)/ && open my $words, '<', "/proc/$pid/cmdline") { $own = $pid if (<$words> // '') =~ /\Q$devctl\E\0claude/ }
        $ticks = (split ' ', $line =~ s/.*\) //r)[11] + (split ' ', $line =~ s/.*\) //r)[12] if $pid == $own;
    }
    printf "%.4f %d %d %d\n", $began, $running, $stopped, $ticks;
    my $left = $ms / 1000 - (time - $began);
    my $ready = $bits;
    last if select($ready, undef, undef, $left > 0 ? $left : 0) && !sysread(STDIN, my $word, 100);
}
