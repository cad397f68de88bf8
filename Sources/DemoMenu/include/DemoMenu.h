#pragma once
#include <stddef.h>

/// The demo menu as JSON text (UTF-8, not NUL-terminated). Lives as long as the process.
struct demo_menu {
    const unsigned char *bytes;
    size_t count;
};

struct demo_menu demo_menu(void);
