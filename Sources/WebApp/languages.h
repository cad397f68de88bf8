// The languages that words may be in. A code that is missing here is added here, and that is all.
//
// For each, EACH_LANGUAGE is included with LANGUAGE defined.

#define LANGUAGE af
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE am
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ar
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE az
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE be
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE bg
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE bn
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE bs
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ca
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE cs
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE cy
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE da
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE de
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE el
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE en
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE eo
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE es
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE et
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE eu
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE fa
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE fi
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE fil
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE fo
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE fr
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ga
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE gl
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE gu
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE he
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE hi
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE hr
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE hu
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE hy
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE id
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE is
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE it
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ja
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ka
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE kk
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE km
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE kn
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ko
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE lb
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE lt
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE lv
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE mi
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE mk
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ml
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE mn
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE mr
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ms
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE mt
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE my
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE nb
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ne
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE nl
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE nn
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE no
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE pa
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE pl
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE pt
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ro
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ru
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE si
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE sk
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE sl
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE so
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE sq
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE sr
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE sv
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE sw
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ta
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE te
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE th
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE tr
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE uk
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE ur
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE uz
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE vi
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE zh
#include EACH_LANGUAGE
#undef LANGUAGE
#define LANGUAGE zu
#include EACH_LANGUAGE
#undef LANGUAGE
