#include "EmbeddedFiles.h"

static const unsigned char digits[] = {
#embed "../../data/mnist-5k.h5"
};
static const unsigned char base[] = {
#embed "../../configs/mnist_base.json"
};
static const unsigned char with_normalization[] = {
#embed "../../configs/mnist_bn.json"
};
static const unsigned char without_normalization[] = {
#embed "../../configs/mnist_nobn.json"
};
static const unsigned char sweep[] = {
#embed "../../experiments/rate_by_normalization.json"
};

#define FILE_AT(path, bytes) { path, bytes, sizeof(bytes) }

static const struct bnexp_embedded_file files[] = {
    FILE_AT("data/mnist-5k.h5", digits),
    FILE_AT("configs/mnist_base.json", base),
    FILE_AT("configs/mnist_bn.json", with_normalization),
    FILE_AT("configs/mnist_nobn.json", without_normalization),
    FILE_AT("experiments/rate_by_normalization.json", sweep),
};

struct bnexp_embedded_file bnexp_embedded_file(size_t index) {
    return index < sizeof(files) / sizeof(files[0]) ? files[index] : (struct bnexp_embedded_file){};
}
