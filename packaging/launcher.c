// The program of a package. It holds what bnexp stands on (the Swift runtime, Foundation, HDF5, SQLite and the other libraries), compiled for
// every processor of its architecture, and loads bnexp itself from the image in lib/bnexp that was compiled for this processor. An image is
// compiled as a whole, so that no code of one instruction set can run in place of another's; see scripts/package.
#define _GNU_SOURCE
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
// Vectors of 512 bits pay on Intel's processors and on AMD's from family 26 (Zen 5); before that they take two turns. As in scripts/setup.
static int wide_vectors_pay(void) {
    unsigned version, ebx, ecx, edx;
    __cpuid(1, version, ebx, ecx, edx);
    unsigned family = (version >> 8 & 15) + (version >> 20 & 255);
    return __builtin_cpu_is("intel") || family >= 26;
}

static int can_run(const char *level) {
    if (strcmp(level, "x86-64-v4") == 0) return __builtin_cpu_supports("x86-64-v4");
    if (strcmp(level, "x86-64-v3") == 0) return __builtin_cpu_supports("x86-64-v3");
    return strcmp(level, "x86-64") == 0;
}

static const char *best_level(void) {
    if (can_run("x86-64-v4") && wide_vectors_pay()) return "x86-64-v4";
    return can_run("x86-64-v3") ? "x86-64-v3" : "x86-64";
}
#define LEVELS "x86-64, x86-64-v3 or x86-64-v4"
#else
static int can_run(const char *level) { return strcmp(level, "aarch64") == 0; }
static const char *best_level(void) { return "aarch64"; }
#define LEVELS "aarch64"
#endif

int main(int argc, char **argv) {
#if defined(__x86_64__)
    __builtin_cpu_init();
#endif
    const char *level = getenv("BNEXP_CPU");
    if (level == NULL || *level == '\0') {
        level = best_level();
    } else if (!can_run(level)) {
        fprintf(stderr, "bnexp: BNEXP_CPU is '%s'; expected what this processor can run of " LEVELS ".\n", level);
        return 64;
    }
    char program[PATH_MAX] = "", image_path[PATH_MAX + 64];
    if (readlink("/proc/self/exe", program, sizeof program - 1) < 0) {
        perror("bnexp: /proc/self/exe, which says where the program lies");
        return 70;
    }
    const char *prefix = dirname(dirname(program));
    snprintf(image_path, sizeof image_path, "%s/lib/bnexp/%s.so", prefix, level);
    void *image = dlopen(image_path, RTLD_NOW);
    if (image == NULL) {
        fprintf(stderr, "bnexp: %s. The folders bin and lib of a package belong together: unpack it again, and link to bin/bnexp.\n", dlerror());
        return 70;
    }
    int (*bnexp_main)(int, char **) = (int (*)(int, char **))dlsym(image, "bnexp_main");
    return bnexp_main(argc, argv);
}
