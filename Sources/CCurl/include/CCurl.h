#pragma once
#include <curl/curl.h>

// libcurl brings some twenty libraries with it, 0.7 MB in every process and 2 ms at every start; so it is not linked
// but loaded by the one process that has a use for it. See docs/decisions/0023-libcurl-when-needed.md.
// These are its functions under other names, and one for each type of value where it has a variadic macro.

/// Loads the library and starts it; 1 when done. Comes first, once, and before any thread that uses it.
int ccurl_load(void);

const char *ccurl_version(void);

CURL *ccurl_make(void);
void ccurl_free(CURL *handle);
CURLcode ccurl_perform(CURL *handle);
const char *ccurl_words(CURLcode code);

CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *text);
CURLcode ccurl_set_number(CURL *handle, CURLoption option, long number);
CURLcode ccurl_set_data_function(CURL *handle, size_t (*function)(char *, size_t, size_t, void *), void *context);

/// `function` is called about once a second; anything but 0 ends the transfer.
CURLcode ccurl_set_progress_function(
    CURL *handle, int (*function)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t), void *context);

/// No other protocol than http and https, whatever this libcurl was built with.
CURLcode ccurl_allow_web_only(CURL *handle);

/// The status of the answer, 0 where there was none.
long ccurl_status(CURL *handle);

/// NULL where the text is no address.
CURLU *ccurl_url_read(const char *text);
void ccurl_url_free(CURLU *url);

/// A part of an address, to be freed with `ccurl_text_free`; NULL where it has none.
char *ccurl_url_part(CURLU *url, CURLUPart part);
void ccurl_text_free(char *text);
