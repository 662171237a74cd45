#include "CPUGuard.h"
#include <unistd.h>

// Written by scripts/setup in a git checkout.
#if __has_include("commit.h")
#include "commit.h"
#endif

const char *bnexp_source_commit(void) {
#ifdef BNEXP_SOURCE_COMMIT
    return BNEXP_SOURCE_COMMIT;
#else
    return NULL;
#endif
}

const char *bnexp_compiled_instruction_set(void) {
#if defined(__AVX512F__) && defined(__AVX512VL__)
    return "x86-64-v4";
#elif defined(__AVX2__) && defined(__FMA__)
    return "x86-64-v3";
#elif defined(__x86_64__)
    return "x86-64";
#elif defined(__aarch64__)
    return "arm64";
#else
    return "other";
#endif
}

#if defined(__AVX2__) && defined(__FMA__)
// Runs before any Swift code, which may already hold AVX instructions in its own start-up.
__attribute__((constructor(101), target("arch=x86-64")))
static void refuse_lesser_processor(void) {
    __builtin_cpu_init();
#if defined(__AVX512F__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) return;
#define NEEDED "AVX-512 (x86-64-v4)"
#else
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return;
#define NEEDED "AVX2 and FMA (x86-64-v3)"
#endif
    static const char message[] =
        "bnexp: this binary was compiled for processors with " NEEDED ", which this one does not have. "
        "Build it on this machine with scripts/build.\n";
    ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
    (void)written;
    _exit(70);
}
#endif
