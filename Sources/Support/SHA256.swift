import Foundation

#if canImport(CryptoKit)
    import CryptoKit
#else
    import CLibcrypto
#endif

/// Computes the SHA-256 of bytes that are given one part after another.
///
/// The system computes it: libcrypto on Linux, CryptoKit on Apple's systems. Of libcrypto these are the functions of
/// the hash alone: its digests by name would load all of its providers first. Source: FIPS 180-4, section 6.2.
package final class SHA256 {
    #if canImport(CryptoKit)
        private var state = CryptoKit.SHA256()
    #else
        private var state = SHA256_CTX()
    #endif

    package init() {
        #if !canImport(CryptoKit)
            SHA256_Init(&state)  // which cannot fail, as none of the three can
        #endif
    }

    /// Adds bytes to what is hashed.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        #if canImport(CryptoKit)
            state.update(bufferPointer: bytes)
        #else
            SHA256_Update(&state, bytes.baseAddress, bytes.count)
        #endif
    }

    /// Adds a text's UTF-8 to what is hashed.
    package func update(_ text: String) { Array(text.utf8).withUnsafeBytes(update) }

    /// Ends the computation and returns the 32 bytes of the digest.
    package func digest() -> [UInt8] {
        #if canImport(CryptoKit)
            return Array(state.finalize())
        #else
            var digest = [UInt8](repeating: 0, count: 32)
            SHA256_Final(&digest, &state)
            return digest
        #endif
    }

    /// Ends the computation and returns the digest as 64 lowercase hexadecimal digits.
    package func hexadecimalDigest() -> String {
        digest().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Returns the digest of a text's UTF-8, in hexadecimal.
    package static func hexadecimal(_ text: String) -> String {
        let hash = SHA256()
        hash.update(text)
        return hash.hexadecimalDigest()
    }

    /// Returns the digest of bytes in memory, in hexadecimal.
    package static func hexadecimal(_ data: Data) -> String {
        let hash = SHA256()
        data.withUnsafeBytes(hash.update)
        return hash.hexadecimalDigest()
    }
}
