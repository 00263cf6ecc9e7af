# Opens many TCP connections at once, in one process, with the modules of perl-base alone. Input: lines `tcp <address> <port>`. Output:
# the same lines, each with ` open`, ` refused` or ` closed` at its end. Arguments: seconds that silence is waited for, how many at a time.
use strict;
use warnings;
use Errno qw(EINPROGRESS ECONNREFUSED EINTR);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use Socket qw(getaddrinfo AI_NUMERICHOST SOCK_STREAM SOL_SOCKET SO_ERROR);

my ($wait_seconds, $at_once) = @ARGV;
my @lines = <STDIN>;
chomp @lines;
$| = 1;

sub begin {
  my (undef, $address, $port) = split ' ', shift;
  my ($error, $found) = getaddrinfo($address, $port, {flags => AI_NUMERICHOST, socktype => SOCK_STREAM});
  return ('closed') if $error;
  socket(my $socket, $found->{family}, SOCK_STREAM, 0) or return ('unknown');
  fcntl($socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK);
  return ('open') if connect($socket, $found->{addr});
  return ('waiting', $socket) if $! == EINPROGRESS;
  return ($! == ECONNREFUSED ? 'refused' : 'closed');
}

while (my @wave = splice @lines, 0, $at_once) {
  my (%seen, %waiting);
  for my $line (@wave) {
    my ($result, $socket) = begin($line);
    $seen{$line} = $result;
    $waiting{fileno $socket} = [$line, $socket] if $socket;
  }
  my $left = $wait_seconds;
  while (%waiting && $left > 0) {
    my $bits = '';
    vec($bits, $_, 1) = 1 for keys %waiting;
    # Linux tells how much of the time is left
    (my $ready, $left) = select(undef, $bits, undef, $left);
    next if $ready < 0 && $! == EINTR;
    last if $ready <= 0;
    for my $number (grep { vec($bits, $_, 1) } keys %waiting) {
      my ($line, $socket) = @{delete $waiting{$number}};
      my $error = unpack 'i', getsockopt($socket, SOL_SOCKET, SO_ERROR);
      $seen{$line} = $error == 0 ? 'open' : $error == ECONNREFUSED ? 'refused' : 'closed';
    }
  }
  $seen{$_->[0]} = 'closed' for values %waiting;
  print "$_ $seen{$_}\n" for @wave;
}
