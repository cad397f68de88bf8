#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

int linux_accept(int listener) {
    return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int linux_peer(int socket, int32_t *pid, uint32_t *uid) {
    struct ucred peer = {0};
    socklen_t size = sizeof(peer);
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -1;
    *pid = peer.pid;
    *uid = peer.uid;
    return 0;
}

int linux_is_mount_point(const char *path) {
    struct statx status;
    if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, 0, &status) != 0) return 0;
    return (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

int linux_terminal_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int linux_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

int linux_socket_pair(int ends[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

int linux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// On Linux these calls mean the calling thread when they are given zero.
int linux_low_priority(void) { return setpriority(PRIO_PROCESS, 0, 10); }

int linux_idle_priority(void) {
    struct sched_param parameters = {0};
    if (setpriority(PRIO_PROCESS, 0, 19) != 0) return -1;
    return sched_setscheduler(0, SCHED_IDLE, &parameters);
}

int linux_name_thread(const char *name) { return pthread_setname_np(pthread_self(), name); }

int linux_spawn(int32_t *pid, const char *path, char *const arguments[], char *const environment[],
                int inherited, int streams, int own_group) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int error = posix_spawnattr_init(&attributes);
    if (error) return error;
    error = posix_spawn_file_actions_init(&actions);
    if (error) {
        posix_spawnattr_destroy(&attributes);
        return error;
    }

    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (own_group) flags |= POSIX_SPAWN_SETPGROUP;
    error = posix_spawnattr_setflags(&attributes, flags);
    if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (!error && own_group) error = posix_spawnattr_setpgroup(&attributes, 0);
    if (!error && inherited >= 0) error = posix_spawn_file_actions_adddup2(&actions, inherited, 3);
    if (!error && streams >= 0) error = posix_spawn_file_actions_adddup2(&actions, streams, 0);
    if (!error && streams >= 0) error = posix_spawn_file_actions_adddup2(&actions, streams, 1);
    // Descriptors that a shell or a service manager left open are nobody's business below.
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(&actions, inherited >= 0 ? 4 : 3);
    if (!error) error = posix_spawn(pid, path, &actions, &attributes, arguments, environment);

    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}
