# ward.pl - a child subreaper: whoever is started below it stays its descendant, whatever he does to his environment, group,
# session or parent. It runs commands for its parent, reaps everybody, and ends all of them when its stdin ends.
#   in:  SIZE "\n" request; a request is ID, pipe|null, FOLDER, NAME=VALUE..., "", WORD..., joined by NUL
#   out: ID KIND SIZE "\n" bytes; KIND: p its pid, o of its stdout, e of its stderr, c its output has ended, x its wait status
use strict;
use warnings;
use POSIX qw(WNOHANG uname);

# prctl(PR_SET_CHILD_SUBREAPER, 1). Source: asm/unistd.h of both.
my $prctl = (uname())[4] =~ /aarch64|arm64/ ? 167 : 157;
syscall($prctl, 36, 1, 0, 0, 0) == 0 or die "not a subreaper: $!\n";
$SIG{CHLD} = sub { };
$SIG{PIPE} = 'IGNORE';

my (%id_of, %pipes, %open);

sub report {
    my ($id, $kind, $bytes) = @_;
    my $frame = "$id $kind " . length($bytes) . "\n$bytes";
    while (length $frame) {
        my $n = syswrite STDOUT, $frame;
        if (defined $n) { substr($frame, 0, $n, '') }
        elsif (!$!{EINTR}) { finish() }
    }
}

sub start {
    my ($id, $output, $folder, @rest) = split /\0/, $_[0], -1;
    my %env;
    while (@rest and (my $entry = shift @rest) ne '') { my ($name, $value) = split /=/, $entry, 2; $env{$name} = $value }
    pipe my $out, my $out_end or die;
    pipe my $err, my $err_end or die;
    my $pid = fork;
    if (!$pid) {
        $SIG{$_} = 'DEFAULT' for qw(CHLD PIPE);
        chdir $folder or POSIX::_exit(126);
        open STDIN, '<', '/dev/null';
        if ($output eq 'pipe') { open STDOUT, '>&', $out_end; open STDERR, '>&', $err_end }
        else { open STDOUT, '>', '/dev/null'; open STDERR, '>', '/dev/null' }
        %ENV = %env;
        { no warnings; exec { $rest[0] } @rest; }
        POSIX::_exit(127);
    }
    $id_of{$pid} = $id;
    $open{$id} = 2;
    $pipes{fileno $out} = [$out, $id, 'o'];
    $pipes{fileno $err} = [$err, $id, 'e'];
    report($id, 'p', $pid);
}

sub drain {
    my ($handle, $id, $kind) = @{ $pipes{ $_[0] } };
    my $n = sysread $handle, my $bytes, 65536;
    return report($id, $kind, $bytes) if $n;
    return if !defined $n and $!{EINTR};
    delete $pipes{ $_[0] };
    close $handle;
    report($id, 'c', '') if --$open{$id} == 0;
}

sub reap {
    while ((my $pid = waitpid -1, WNOHANG) > 0) {
        my $status = $?;
        my $id = delete $id_of{$pid};
        report($id, 'x', $status) if defined $id;
    }
}

sub descendants {
    my %parent;
    for my $folder (glob '/proc/[0-9]*') {
        open my $file, '<', "$folder/stat" or next;
        my $line = <$file> // next;
        my ($pid) = $line =~ /^(\d+)/;
        my ($state, $ppid) = $line =~ /.*\) (\S) (\d+)/s;
        $parent{$pid} = $ppid;
    }
    my %below = ($$ => 1);
    for (my $grew = 1; $grew;) {
        $grew = 0;
        for (keys %parent) { $below{$_} = $grew = 1 if !$below{$_} and $below{ $parent{$_} } }
    }
    return grep { $_ != $$ } keys %below;
}

sub finish {
    for (1 .. 200) {
        1 while waitpid(-1, WNOHANG) > 0;
        my @left = descendants() or last;
        kill 'KILL', @left;
        select undef, undef, undef, 0.005;
    }
    POSIX::_exit(0);
}

my $in = '';
while (1) {
    my $wanted = '';
    vec($wanted, $_, 1) = 1 for fileno(STDIN), keys %pipes;
    # A child's end interrupts it; one that came just before is seen after the timeout.
    my $ready = select $wanted, undef, undef, 0.02;
    reap();
    next if $ready <= 0;
    for (keys %pipes) { drain($_) if vec($wanted, $_, 1) }
    next if !vec($wanted, fileno(STDIN), 1);
    my $n = sysread STDIN, $in, 65536, length $in;
    finish() if defined $n and $n == 0;
    while ($in =~ /^(\d+)\n/ and length($in) >= length($1) + 1 + $1) {
        my $size = $1;
        start(substr $in, length($size) + 1, $size);
        substr($in, 0, length($size) + 1 + $size, '');
    }
}
