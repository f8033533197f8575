# listening.pl SOCKET PIPE COMMAND...: binds the socket, says in the pipe who it is, and becomes PHP-FPM, which takes the socket
# over by FPM_SOCKETS. The shell can't bind one.
use strict;
use warnings;

my ( $path, $pipe, @command ) = @ARGV;
my ( $unix, $stream, $waiting ) = ( 1, 1, 511 );
local $^F = 255;    # an open file is kept by who comes next
socket( my $socket, $unix, $stream, 0 ) or die "no socket: $!\n";
bind( $socket, pack( 'S a108', $unix, $path ) ) && listen( $socket, $waiting ) or die "$path can't be listened at: $!\n";
open( my $told, '>', $pipe ) or die "$pipe can't be opened: $!\n";
print {$told} "$$\n";
close($told);
local $SIG{QUIT} = 'DEFAULT';
$ENV{FPM_SOCKETS} = "$path=" . fileno($socket);
exec @command or die "$command[0] can't be started: $!\n";
