#ifndef PROCESS_START_H
#define PROCESS_START_H

#include <stddef.h>
#include <sys/types.h>

// What Swift cannot call by itself to start a program in a terminal of its own: fork, and the functions that glibc declares for GNU
// programs alone. Descriptors that these functions open are not inherited by other programs.

/// Starts arguments[0] in a folder with three streams, all signals unblocked and at their defaults.
/// - Parameter is_terminal: whether the streams are a terminal, which then controls the program, so that its keys become signals.
/// - Returns: the process, or -1 with errno; a program that cannot be executed ends with 127.
pid_t start_process(
    const char *folder, char *const arguments[], char *const environment[], const int streams[3], int is_terminal);

/// Opens a pseudo-terminal of a size.
/// - Parameter ends: the end that the test reads and types into, and the one that the program has.
/// - Returns: 0, or -1 with errno.
int open_terminal(int ends[2], unsigned short columns, unsigned short rows);

/// Makes a pipe, on Linux one of a single page, so that a writer soon waits for its reader.
/// - Returns: 0, or -1 with errno.
int open_pipe(int ends[2]);

#endif
