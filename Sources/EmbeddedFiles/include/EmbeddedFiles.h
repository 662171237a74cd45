#ifndef EMBEDDED_FILES_H
#define EMBEDDED_FILES_H

#include <stddef.h>

/// A file of the repository that the binary carries.
struct bnexp_embedded_file {
    /// Its path in the repository.
    const char *path;
    const unsigned char *bytes;
    size_t count;
};

/// The file at a place of the list of all; its path is NULL beyond the end.
struct bnexp_embedded_file bnexp_embedded_file(size_t index);

#endif
