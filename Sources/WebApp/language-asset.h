// Their place among the assets.
#if __has_embed(WORDS)
    {"/assets/words/" TEXT(LANGUAGE) ".json", "application/json",
     NAMED(words_, LANGUAGE), sizeof NAMED(words_, LANGUAGE)},
#endif
