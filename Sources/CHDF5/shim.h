#pragma once
#include <dirent.h>
#include <fcntl.h>
#include <hdf5.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif

// What Swift cannot import: macros with values computed at run time, and functions that changed between HDF5 1.10 and 1.14.

static inline hid_t bnexp_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t bnexp_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t bnexp_native_uint16(void) { return H5T_NATIVE_UINT16; }
static inline hid_t bnexp_native_int16(void) { return H5T_NATIVE_INT16; }
static inline hid_t bnexp_native_uint32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t bnexp_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t bnexp_native_byte(void) { return H5T_NATIVE_B8; }
static inline hid_t bnexp_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t bnexp_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t bnexp_object_reference(void) { return H5T_STD_REF_OBJ; }
static inline hid_t bnexp_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t bnexp_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline H5T_order_t bnexp_native_order(void) { return H5Tget_order(H5T_NATIVE_INT); }
static inline haddr_t bnexp_no_address(void) { return HADDR_UNDEF; }
static inline hid_t bnexp_c_string(void) { return H5T_C_S1; }
static inline size_t bnexp_variable_length(void) { return H5T_VARIABLE; }
static inline unsigned bnexp_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned bnexp_read_beside_writer(void) { return H5F_ACC_RDONLY | H5F_ACC_SWMR_READ; }
static inline unsigned bnexp_truncate(void) { return H5F_ACC_TRUNC; }
static inline hid_t bnexp_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t bnexp_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t bnexp_dataset_access(void) { return H5P_DATASET_ACCESS; }
static inline hid_t bnexp_link_creation(void) { return H5P_LINK_CREATE; }

// The kind of a link (H5L_TYPE_HARD, SOFT, EXTERNAL), or H5L_TYPE_ERROR where there is none.
static inline int bnexp_link_type(hid_t group, const char *name) {
    H5L_info_t info;
    if (H5Lexists(group, name, H5P_DEFAULT) <= 0) return H5L_TYPE_ERROR;
    return H5Lget_info(group, name, &info, H5P_DEFAULT) < 0 ? H5L_TYPE_ERROR : (int)info.type;
}

// H5I_GROUP, H5I_DATASET, H5I_DATATYPE, or H5I_BADID where nothing can be opened.
static inline int bnexp_object_kind(hid_t file, const char *name) {
    hid_t object = H5Oopen(file, name, H5P_DEFAULT);
    if (object < 0) return H5I_BADID;
    int kind = H5Iget_type(object);
    H5Oclose(object);
    return kind;
}

// Opens what a reference leads to.
static inline hid_t bnexp_dereference(hid_t dataset, hobj_ref_t *reference) {
    return H5Rdereference2(dataset, H5P_DEFAULT, H5R_OBJECT, reference);
}

// Where an object is in its file, by which hard links to it are known; 0 where it cannot be opened.
static inline unsigned long long bnexp_object_address(hid_t file, const char *name) {
#if H5_VERSION_GE(1, 12, 0)
    H5O_info1_t info;
    return H5Oget_info_by_name1(file, name, &info, H5P_DEFAULT) < 0 ? 0 : (unsigned long long)info.addr;
#else
    H5O_info_t info;
    return H5Oget_info_by_name(file, name, &info, H5P_DEFAULT) < 0 ? 0 : (unsigned long long)info.addr;
#endif
}

// Names given to the visitor are those of a group's links, in alphabetical order, and valid during the call only.
typedef void (*bnexp_link_visitor)(const char *name, void *context);
struct bnexp_visit {
    bnexp_link_visitor visitor;
    void *context;
};

static inline herr_t bnexp_visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data) {
    struct bnexp_visit *visit = (struct bnexp_visit *)data;
    (void)group, (void)info;
    visit->visitor(name, visit->context);
    return 0;
}

static inline herr_t bnexp_visit_links(hid_t file, const char *group, bnexp_link_visitor visitor, void *context) {
    struct bnexp_visit visit = {visitor, context};
    return H5Literate_by_name(file, group, H5_INDEX_NAME, H5_ITER_INC, NULL, bnexp_visit_link, &visit, H5P_DEFAULT);
}

// Swift hides fork: what follows it may only do what is safe without the other threads. Datasets/Containment.swift does.
static inline pid_t bnexp_fork(void) { return fork(); }

// Ends a child process with the thread that made it, which waits for it, and so with its process.
static inline void bnexp_end_with_parent(void) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

// Closes the files on which a child process has inherited locks: else it would hold its parent's as long as it lives. Files without locks stay,
// since the library goes on with those that it has open.
static inline void bnexp_close_locked_files(void) {
    DIR *folder = opendir("/proc/self/fdinfo");
    if (!folder) return;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        char path[64], text[4096];
        int descriptor = atoi(entry->d_name);
        if (descriptor < 3) continue;
        snprintf(path, sizeof path, "/proc/self/fdinfo/%d", descriptor);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        ssize_t count = read(file, text, sizeof text - 1);
        close(file);
        text[count < 0 ? 0 : count] = 0;
        if (strstr(text, "\nlock:")) close(descriptor);
    }
    closedir(folder);
}
