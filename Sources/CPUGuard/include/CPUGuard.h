#ifndef CPU_GUARD_H
#define CPU_GUARD_H

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/// The instruction set that this binary was compiled for: "x86-64-v4" (AVX-512), "x86-64-v3" (AVX2 and FMA), "x86-64" or "arm64".
const char *bnexp_compiled_instruction_set(void);

/// The commit of the source that was compiled, with ", changed" where the checkout had changes; NULL where it is not known.
const char *bnexp_source_commit(void);

/// Whether the instruction set has fused multiply-add; a constant of the build.
static inline _Bool bnexp_fuses_multiply_add(void) {
#if defined(__FMA__) || defined(__aarch64__)
    return 1;
#else
    return 0;
#endif
}

/// Asks for the cache line of an address before it is needed.
static inline void bnexp_prefetch(const void *address) { __builtin_prefetch(address); }

/// The same for a cache line that will be written.
static inline void bnexp_prefetch_for_writing(const void *address) { __builtin_prefetch(address, 1); }

// Operations that Swift's standard library calls the C library for, which must set errno: as one instruction, loops over them vectorize.
static inline float bnexp_square_root_float(float x) { return __builtin_elementwise_sqrt(x); }
static inline double bnexp_square_root_double(double x) { return __builtin_elementwise_sqrt(x); }

/// a b + c, rounded once where the instruction set has the fused operation, else twice.
static inline float bnexp_multiply_add_float(float a, float b, float c) {
    return bnexp_fuses_multiply_add() ? __builtin_elementwise_fma(a, b, c) : a * b + c;
}
static inline double bnexp_multiply_add_double(double a, double b, double c) {
    return bnexp_fuses_multiply_add() ? __builtin_elementwise_fma(a, b, c) : a * b + c;
}

/// Has freed memory stay with the process, up to 256 MB of it, instead of going back to the system (mallopt(3)).
static inline void bnexp_keep_freed_memory(void) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

#endif
