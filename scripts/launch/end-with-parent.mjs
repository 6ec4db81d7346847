// Loaded into a child process by `--import`: the child is asked to end when the process that started it is gone,
// also when that was killed and could ask nothing itself. Needs an IPC channel to the parent.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Watching must not keep alive a child that has ended its work.
process.channel?.unref();
