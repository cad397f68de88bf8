// The bytes of a language's words, where there are any.
#if __has_embed(GUEST_WORDS)
static const unsigned char NAMED(guest_words_, LANGUAGE)[] = {
#embed GUEST_WORDS
};
#endif
#if __has_embed(HOST_WORDS)
static const unsigned char NAMED(host_words_, LANGUAGE)[] = {
#embed HOST_WORDS
};
#endif
