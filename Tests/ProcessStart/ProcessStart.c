#define _GNU_SOURCE
#include "ProcessStart.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

pid_t start_process(
    const char *folder, char *const arguments[], char *const environment[], const int streams[3], int is_terminal) {
    // No handler of this process may run in the child before it has its own.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) {
        // Other threads are gone and may have left locks behind: only functions that are safe in signal handlers follow.
        if (is_terminal) setsid();
        for (int stream = 0; stream < 3; stream++) {
            if (dup2(streams[stream], stream) < 0) _exit(127);
        }
        if (is_terminal) ioctl(0, TIOCSCTTY, 0);
        struct sigaction standard = {.sa_handler = SIG_DFL};
        for (int number = 1; number < 32; number++) sigaction(number, &standard, NULL);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        if (chdir(folder) == 0) execve(arguments[0], arguments, environment);
        _exit(127);
    }
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return child;
}

static int closed_on_exec(int descriptor) { return descriptor < 0 ? -1 : fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

int open_terminal(int ends[2], unsigned short columns, unsigned short rows) {
    struct winsize size = {.ws_col = columns, .ws_row = rows};
    ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (closed_on_exec(ends[0]) < 0 || grantpt(ends[0]) < 0 || unlockpt(ends[0]) < 0) return -1;
    // Tests run on several threads, and ptsname has one buffer for all.
    static pthread_mutex_t naming = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&naming);
    const char *name = ptsname(ends[0]);
    ends[1] = name == NULL ? -1 : open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    pthread_mutex_unlock(&naming);
    return ends[1] < 0 ? -1 : ioctl(ends[1], TIOCSWINSZ, &size);
}

int open_pipe(int ends[2]) {
#ifdef __linux__
    if (pipe2(ends, O_CLOEXEC) < 0) return -1;
    fcntl(ends[1], F_SETPIPE_SZ, 4096);
    return 0;
#else
    return pipe(ends) < 0 || closed_on_exec(ends[0]) < 0 ? -1 : closed_on_exec(ends[1]);
#endif
}
