@rem The npm scripts begin with exec, so that on POSIX signals reach the program and not a shell; this is that word for Windows.
@%*
