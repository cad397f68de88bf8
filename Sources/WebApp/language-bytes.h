// The bytes of a language's words, where there are any.
#if __has_embed(WORDS)
static const unsigned char NAMED(words_, LANGUAGE)[] = {
#embed WORDS
};
#endif
