/**
 * Started as the leader of a new process group, this becomes the command (`exec "$@"`), so that the worker sees the
 * command's own exit code and signal, and no shell ever reads an argument. Before that it leaves a guard behind, which
 * holds the reading end of a pipe from the worker (descriptor 3) and nothing else of it. When the worker lets go of
 * the pipe, by closing it or by dying in whatever way, the guard ends the whole group: SIGTERM, a grace, SIGKILL.
 *
 * The guard is a member of the group: while it lives the group's number cannot become another group's, and the last
 * SIGKILL takes it along. Signals are ignored while it is forked, so that it is never without its protection, and set
 * back for the command. It exists before the command does: there is no moment at which a worker's death leaves one.
 *
 * `$1` is the grace in seconds, the rest is the command. PWD and the like are set by the shell itself, not by us.
 */
export const GUARD_SCRIPT = `
trap '' TERM INT HUP QUIT USR1 USR2 ALRM PIPE
(
  {
    exec </dev/null >/dev/null 2>&1
    PATH=/usr/bin:/bin
    read -r end <&3
    kill -s TERM -- "-$$"
    sleep "$1" 3<&-
    kill -s KILL -- "-$$"
  } &
)
trap - TERM INT HUP QUIT USR1 USR2 ALRM PIPE
shift
unset PWD OLDPWD SHLVL _
exec "$@" 3<&-
`;
