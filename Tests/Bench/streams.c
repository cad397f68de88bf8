// Holds many streams of server-sent events and says when each event has reached the last of them.
//
//     streams PORT COUNT HEADS
//
// HEADS is a file of request heads, each to its empty line; stream number n sends head n modulo their count. On its
// output, a line each:
//
//     open                        every stream has its head and a first block
//     event NUMBER FIRST LAST     monotonic nanoseconds when the first and the last stream had all of it
//
// An event is a block with data; pings are none. A stream that is refused or ends makes an end of all, with status 1.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

// Not more at once than any server's backlog holds: a connection that finds it full tries again a second later.
enum { OPENING_AT_ONCE = 64, EVENTS = 65536, READY = 1024 };

struct stream {
    int socket;
    unsigned events;
    unsigned blocks;  // the head is the first
    unsigned char in_line, has_data;
};

static struct { long long first; unsigned reached; } events[EVENTS];
static unsigned count, opened;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void end_block(struct stream *stream, long long time) {
    if (++stream->blocks == 2 && ++opened == count) puts("open");
    if (!stream->has_data) return;
    stream->has_data = 0;
    if (stream->events == EVENTS) errx(1, "more than %d events", EVENTS);
    unsigned number = stream->events++;
    if (events[number].reached++ == 0) events[number].first = time;
    if (events[number].reached == count) printf("event %u %lld %lld\n", number + 1, events[number].first, time);
}

static void receive(struct stream *stream) {
    char bytes[16384];
    ssize_t length = recv(stream->socket, bytes, sizeof bytes, MSG_DONTWAIT);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (length < 0) err(1, "a stream broke");
    if (length == 0) errx(1, "a stream ended");
    long long time = now();
    if (stream->blocks == 0 && !stream->in_line && (length < 12 || memcmp(bytes + 8, " 200", 4) != 0))
        errx(1, "a stream was refused: %.*s", (int)length, bytes);
    for (ssize_t place = 0; place < length; place++) {
        if (bytes[place] == '\r') continue;
        if (bytes[place] != '\n') {
            // No other field of a block begins with d.
            if (!stream->in_line && stream->blocks > 0 && bytes[place] == 'd') stream->has_data = 1;
            stream->in_line = 1;
        } else if (stream->in_line) {
            stream->in_line = 0;
        } else {
            end_block(stream, time);
        }
    }
}

static void open_stream(struct stream *stream, int port, const char *head, int poll) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    stream->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (stream->socket < 0) err(1, "no socket for a stream");
    // Closed by a reset: ten thousand ports that wait would be missing for the next ten thousand streams.
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(stream->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (connect(stream->socket, (struct sockaddr *)&address, sizeof address) != 0) err(1, "no connection");
    if (send(stream->socket, head, strlen(head), 0) != (ssize_t)strlen(head)) err(1, "the head was not sent");
    struct epoll_event interest = {.events = EPOLLIN, .data.ptr = stream};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, stream->socket, &interest) != 0) err(1, "a stream cannot be watched");
}

static char **heads_of(const char *path, unsigned *heads_count) {
    FILE *file = fopen(path, "r");
    if (file == NULL) err(1, "%s", path);
    char **heads = NULL, *line = NULL, *head = NULL;
    size_t room = 0, size = 0;
    FILE *writer = open_memstream(&head, &size);
    while (getline(&line, &room, file) > 0) {
        fputs(line, writer);
        if (strcmp(line, "\r\n") != 0) continue;
        fclose(writer);
        heads = realloc(heads, (*heads_count + 1) * sizeof *heads);
        heads[(*heads_count)++] = head;
        writer = open_memstream(&head, &size);
    }
    if (heads == NULL) errx(1, "%s: no head", path);
    return heads;
}

int main(int argc, char **argv) {
    if (argc != 4) errx(1, "streams PORT COUNT HEADS");
    count = (unsigned)atoi(argv[2]);
    unsigned heads_count = 0, begun = 0;
    char **heads = heads_of(argv[3], &heads_count);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct stream *streams = calloc(count, sizeof *streams);
    int poll = epoll_create1(0);
    if (streams == NULL || poll < 0) err(1, "no memory");
    for (;;) {
        for (; begun < count && begun - opened < OPENING_AT_ONCE; begun++)
            open_stream(&streams[begun], atoi(argv[1]), heads[begun % heads_count], poll);
        struct epoll_event ready[READY];
        int found = epoll_wait(poll, ready, READY, -1);
        if (found < 0 && errno != EINTR) err(1, "epoll_wait");
        for (int place = 0; place < found; place++) receive(ready[place].data.ptr);
        // To be woken by each single send is a third of what the sender pays, and no phone is on its machine. A time is
        // late by a millisecond at most.
        if (found < READY) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}
