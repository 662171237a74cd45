#ifndef CPU_GUARD_H
#define CPU_GUARD_H

/// The instruction set that this binary was compiled for: "x86-64-v3" (AVX2 and FMA), "x86-64" or "arm64".
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

#endif
