// Their places among the assets.
#if __has_embed(GUEST_WORDS)
    {"/assets/words/" TEXT(LANGUAGE) ".json", "application/json",
     NAMED(guest_words_, LANGUAGE), sizeof NAMED(guest_words_, LANGUAGE)},
#endif
#if __has_embed(HOST_WORDS)
    {"/assets/host/words/" TEXT(LANGUAGE) ".json", "application/json",
     NAMED(host_words_, LANGUAGE), sizeof NAMED(host_words_, LANGUAGE)},
#endif
