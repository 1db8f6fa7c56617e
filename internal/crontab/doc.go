// Package crontab keeps blocks of lines in a user's crontab, beside whatever
// else is in it: those lines come out byte for byte, and a block that is taken
// out leaves no trace.
//
// It goes through crontab(1), which knows where crontabs are and checks what is
// put there. What crontab(1) says that it does not understand is an error, and
// never an empty crontab. It knows nothing of what the lines do.
package crontab
