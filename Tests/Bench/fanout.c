// The least that can send events to many: one epoll loop that knows nothing of HTTP, guests or a log.
//
//     fanout OPENING EVENT
//
// Says its port on its output. A client that has sent a request's head gets the bytes of the file OPENING; at SIGUSR1
// every client gets the bytes of the file EVENT, each by a write of its own.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READY = 1024, MOST = 65536 };

struct text { char bytes[16384]; size_t length; };

static struct text opening, event;
static int clients[MOST], count;

static void load(struct text *text, const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) err(1, "%s", path);
    text->length = fread(text->bytes, 1, sizeof text->bytes, file);
    fclose(file);
}

static void watch(int poll, int descriptor) {
    struct epoll_event interest = {.events = EPOLLIN, .data.fd = descriptor};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &interest) != 0) err(1, "epoll_ctl");
}

static void put(int client, const struct text *text) {
    // A client that does not read has no place in a reference.
    if (send(client, text->bytes, text->length, MSG_NOSIGNAL) != (ssize_t)text->length) err(1, "send");
}

static int listening(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 4096) != 0) err(1, "listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

/// A head in one piece, as it comes over loopback, or the end of a client, which is left alone.
static void hear(int poll, int client) {
    char bytes[4096];
    ssize_t length = recv(client, bytes, sizeof bytes, 0);
    if (length <= 0) {
        epoll_ctl(poll, EPOLL_CTL_DEL, client, NULL);
    } else if (length >= 4 && memcmp(bytes + length - 4, "\r\n\r\n", 4) == 0) {
        put(client, &opening);
        if (count == MOST) errx(1, "more than %d clients", MOST);
        clients[count++] = client;
    }
}

int main(int argc, char **argv) {
    if (argc != 3) errx(1, "fanout OPENING EVENT");
    load(&opening, argv[1]);
    load(&event, argv[2]);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int poll = epoll_create1(0), signals = signalfd(-1, &set, 0), listener = listening();
    watch(poll, signals);
    watch(poll, listener);
    for (;;) {
        struct epoll_event ready[READY];
        int found = epoll_wait(poll, ready, READY, -1);
        for (int place = 0; place < found; place++) {
            int descriptor = ready[place].data.fd;
            if (descriptor == listener) {
                for (int client; (client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) watch(poll, client);
            } else if (descriptor == signals) {
                struct signalfd_siginfo taken;
                if (read(signals, &taken, sizeof taken) != sizeof taken) err(1, "signalfd");
                for (int number = 0; number < count; number++) put(clients[number], &event);
            } else {
                hear(poll, descriptor);
            }
        }
    }
}
