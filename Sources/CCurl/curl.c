#include "CCurl.h"
#include <dlfcn.h>

// What is used of the library. Its own variadic macros check types, and stand in the way of pointers to it.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#define FUNCTIONS(each) \
    each(curl_global_init) each(curl_version_info) each(curl_easy_init) each(curl_easy_cleanup) \
    each(curl_easy_perform) each(curl_easy_strerror) each(curl_easy_setopt) each(curl_easy_getinfo) \
    each(curl_url) each(curl_url_set) each(curl_url_get) each(curl_url_cleanup) each(curl_free)

#define DECLARE(name) __typeof__(&name) name##_;
static struct { FUNCTIONS(DECLARE) } library;

int ccurl_load(void) {
    void *file = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!file) return 0;
#define FIND(name) \
    library.name##_ = (__typeof__(&name))dlsym(file, #name); \
    if (!library.name##_) return 0;
    FUNCTIONS(FIND)
    return library.curl_global_init_(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const char *ccurl_version(void) { return library.curl_version_info_(CURLVERSION_NOW)->version; }

CURL *ccurl_make(void) { return library.curl_easy_init_(); }
void ccurl_free(CURL *handle) { library.curl_easy_cleanup_(handle); }
CURLcode ccurl_perform(CURL *handle) { return library.curl_easy_perform_(handle); }
const char *ccurl_words(CURLcode code) { return library.curl_easy_strerror_(code); }

CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *text) {
    return library.curl_easy_setopt_(handle, option, text);
}

CURLcode ccurl_set_number(CURL *handle, CURLoption option, long number) {
    return library.curl_easy_setopt_(handle, option, number);
}

CURLcode ccurl_set_data_function(CURL *handle, size_t (*function)(char *, size_t, size_t, void *), void *context) {
    CURLcode code = library.curl_easy_setopt_(handle, CURLOPT_WRITEDATA, context);
    return code ? code : library.curl_easy_setopt_(handle, CURLOPT_WRITEFUNCTION, function);
}

CURLcode ccurl_set_progress_function(
    CURL *handle, int (*function)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t), void *context) {
    CURLcode code = library.curl_easy_setopt_(handle, CURLOPT_XFERINFODATA, context);
    if (!code) code = library.curl_easy_setopt_(handle, CURLOPT_XFERINFOFUNCTION, function);
    return code ? code : library.curl_easy_setopt_(handle, CURLOPT_NOPROGRESS, 0L);
}

CURLcode ccurl_allow_web_only(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return library.curl_easy_setopt_(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return library.curl_easy_setopt_(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

long ccurl_status(CURL *handle) {
    long status = 0;
    library.curl_easy_getinfo_(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

CURLU *ccurl_url_read(const char *text) {
    CURLU *url = library.curl_url_();
    if (url && library.curl_url_set_(url, CURLUPART_URL, text, 0) == CURLUE_OK) return url;
    library.curl_url_cleanup_(url);
    return NULL;
}

void ccurl_url_free(CURLU *url) { library.curl_url_cleanup_(url); }

char *ccurl_url_part(CURLU *url, CURLUPart part) {
    char *text = NULL;
    return library.curl_url_get_(url, part, &text, 0) == CURLUE_OK ? text : NULL;
}

void ccurl_text_free(char *text) { library.curl_free_(text); }
