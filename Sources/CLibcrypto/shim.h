#define OPENSSL_SUPPRESS_DEPRECATED // OpenSSL 3 would have every hash asked for by name
#include <openssl/sha.h>
