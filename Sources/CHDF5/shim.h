#pragma once
#include <hdf5.h>

// What Swift cannot import: macros with values computed at run time, and functions that changed between HDF5 1.10 and 1.14.

static inline hid_t bnexp_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t bnexp_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t bnexp_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t bnexp_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t bnexp_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t bnexp_c_string(void) { return H5T_C_S1; }
static inline size_t bnexp_variable_length(void) { return H5T_VARIABLE; }
static inline unsigned bnexp_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned bnexp_truncate(void) { return H5F_ACC_TRUNC; }
static inline hid_t bnexp_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t bnexp_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t bnexp_link_creation(void) { return H5P_LINK_CREATE; }

// Names given to the visitor are relative to `group` and valid during the call only.
typedef void (*bnexp_dataset_visitor)(const char *name, void *context);
struct bnexp_visit {
    bnexp_dataset_visitor visitor;
    void *context;
};

#if H5_VERSION_GE(1, 12, 0)
static inline herr_t bnexp_visit_object(hid_t group, const char *name, const H5O_info2_t *info, void *data)
#else
static inline herr_t bnexp_visit_object(hid_t group, const char *name, const H5O_info_t *info, void *data)
#endif
{
    struct bnexp_visit *visit = (struct bnexp_visit *)data;
    (void)group;
    if (info->type == H5O_TYPE_DATASET) visit->visitor(name, visit->context);
    return 0;
}

static inline herr_t bnexp_visit_datasets(hid_t group, bnexp_dataset_visitor visitor, void *context) {
    struct bnexp_visit visit = {visitor, context};
#if H5_VERSION_GE(1, 12, 0)
    return H5Ovisit3(group, H5_INDEX_NAME, H5_ITER_INC, bnexp_visit_object, &visit, H5O_INFO_BASIC);
#else
    return H5Ovisit2(group, H5_INDEX_NAME, H5_ITER_INC, bnexp_visit_object, &visit, H5O_INFO_BASIC);
#endif
}
