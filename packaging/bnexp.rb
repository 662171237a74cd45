# A Homebrew formula that builds from source; fill in url and sha256 of a release's source archive. Not tried on macOS yet.
class Bnexp < Formula
  desc "Batch-normalization laboratory: trains MLPs as JSON configs say, logs to SQLite"
  homepage "https://github.com/OWNER/bnexp"
  url "https://github.com/OWNER/bnexp/archive/refs/tags/vVERSION.tar.gz"
  sha256 "SHA256"
  license "Apache-2.0"

  depends_on "pkgconf" => :build
  depends_on xcode: ["26.0", :build]
  depends_on "c-blosc"
  depends_on "hdf5"
  depends_on "libdeflate"
  depends_on "lz4"
  depends_on "zstd"

  def install
    system "swift", "build", "--disable-sandbox", "-c", "release", "--product", "bnexp"
    bin.install ".build/release/bnexp"
    generate_completions_from_executable(bin/"bnexp", "--generate-completion-script")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/bnexp --version")
  end
end
