/// Letters of lines, for pictures of pixels, in the widths of Helvetica.
///
/// Source: the Hershey fonts, Roman simplex ("futural"). The Hershey Fonts were originally created by Dr. A. V. Hershey
/// while working at the U. S. National Bureau of Standards. The format of the font data was originally created by James
/// Hurt, Cognition, Inc., 900 Technology Park Drive, Billerica, MA 01821 (mit-eddie!ci-dandelion!hurt).
enum StrokeFont {
    /// Returns the lines of a text from the start of its baseline, in letters of size 1, and its width.
    static func lines(_ text: String) -> (lines: [[Place]], width: Double, lost: [Character]) {
        let (bytes, lost) = encoded(text)
        var lines: [[Place]] = [], x = 0.0
        for byte in bytes {
            let width = Helvetica.width(of: byte), glyph = glyphs[Int(byte) - 0x20]
            let scale = width / max(1, glyph.right - glyph.left)
            lines += glyph.lines.map { line in
                line.map { Place(x: x + ($0.x - glyph.left) * scale, y: ($0.y - 9) * 0.718 / 21) }
            }
            x += width
        }
        return (lines, x, lost)
    }

    /// Returns the bytes of a text, each of 32 to 126, and the characters that became question marks.
    private static func encoded(_ text: String) -> (bytes: [UInt8], lost: [Character]) {
        let (bytes, lost) = Helvetica.encoded(text)
        var result: [UInt8] = [], also: [Character] = []
        for byte in bytes {
            let character = Character(Unicode.Scalar(byte))
            if (0x20...0x7E).contains(byte) {
                result.append(byte)
            } else if let spelling = spellings[byte] {
                result += spelling.utf8
            } else if let base = character.withoutAccents?.asciiValue {
                result.append(base)
            } else {
                result.append(UInt8(ascii: "?"))
                also.append(character)
            }
        }
        return (result, lost + also)
    }

    /// How the characters beyond ASCII are written, by their codes in WinAnsiEncoding.
    private static let spellings: [UInt8: String] = [
        128: "EUR", 130: ",", 132: "\"", 133: "...", 137: "o/oo", 139: "<", 140: "OE", 145: "'", 146: "'", 147: "\"",
        148: "\"", 149: "*", 150: "-", 151: "-", 152: "~", 153: "TM", 155: ">", 156: "oe", 160: " ", 171: "<<",
        173: "-",
        176: "o", 177: "+-", 178: "2", 179: "3", 181: "u", 183: ".", 185: "1", 187: ">>", 188: "1/4", 189: "1/2",
        190: "3/4", 198: "AE", 208: "D", 215: "x", 216: "O", 222: "Th", 223: "ss", 230: "ae", 240: "d", 247: "/",
        248: "o", 254: "th",
    ]

    private struct Glyph {
        var left: Double
        var right: Double
        var lines: [[Place]]
    }

    /// The letters of the codes 32 to 126.
    ///
    /// A pair of characters is a place, by their distances from R: first the ends of the letter's room, then the
    /// points of lines, which a space ends.
    private static let glyphs: [Glyph] = data.split(separator: "\n", omittingEmptySubsequences: false).map { text in
        let numbers = text.utf8.map { Double($0) - 82 }
        var lines: [[Place]] = [[]]
        for index in stride(from: 2, to: numbers.count - 1, by: 2) {
            if numbers[index] == -50 {
                lines.append([])
            } else {
                lines[lines.count - 1].append(Place(x: numbers[index], y: numbers[index + 1]))
            }
        }
        return Glyph(
            left: numbers.first ?? 0, right: numbers.dropFirst().first ?? 0, lines: lines.filter { !$0.isEmpty })
    }

    private static let data = #"""
        JZ
        MWRFRT RRYQZR[SZRY
        JZNFNM RVFVM
        H]SBLb RYBRb RLOZO RKUYU
        H\PBP_ RTBT_ RYIWGTFPFMGKIKKLMMNOOUQWRXSYUYXWZT[P[MZKX
        F^[FI[ RNFPHPJOLMMKMIKIIJGLFNFPGSHVHYG[F RWTUUTWTYV[X[ZZ[X[VYTWT
        E_\O\N[MZMYNXPVUTXRZP[L[JZIYHWHUISJRQNRMSKSIRGPFNGMIMKNNPQUXWZY[[[\Z\Y
        MWRHQGRFSGSIRKQL
        KYVBTDRGPKOPOTPYR]T`Vb
        KYNBPDRGTKUPUTTYR]P`Nb
        JZRLRX RMOWU RWOMU
        E_RIR[ RIR[R
        NVSWRXQWRVSWSYQ[
        E_IR[R
        NVRVQWRXSWRV
        G][BIb
        H\QFNGLJKOKRLWNZQ[S[VZXWYRYOXJVGSFQF
        H\NJPISFS[
        H\LKLJMHNGPFTFVGWHXJXLWNUQK[Y[
        H\MFXFRNUNWOXPYSYUXXVZS[P[MZLYKW
        H\UFKTZT RUFU[
        H\WFMFLOMNPMSMVNXPYSYUXXVZS[P[MZLYKW
        H\XIWGTFRFOGMJLOLTMXOZR[S[VZXXYUYTXQVOSNRNOOMQLT
        H\YFO[ RKFYF
        H\PFMGLILKMMONSOVPXRYTYWXYWZT[P[MZLYKWKTLRNPQOUNWMXKXIWGTFPF
        H\XMWPURRSQSNRLPKMKLLINGQFRFUGWIXMXRWWUZR[P[MZLX
        NVROQPRQSPRO RRVQWRXSWRV
        NVROQPRQSPRO RSWRXQWRVSWSYQ[
        F^ZIJRZ[
        E_IO[O RIU[U
        F^JIZRJ[
        I[LKLJMHNGPFTFVGWHXJXLWNVORQRT RRYQZR[SZRY
        E`WNVLTKQKOLNMMPMSNUPVSVUUVS RQKOMNPNSOUPV RWKVSVUXVZV\T]Q]O\L[JYHWGTFQFNGLHJJILHOHRIUJWLYNZQ[T[WZYYZX RXKWSWUXV
        I[RFJ[ RRFZ[ RMTWT
        G\KFK[ RKFTFWGXHYJYLXNWOTP RKPTPWQXRYTYWXYWZT[K[
        H]ZKYIWGUFQFOGMILKKNKSLVMXOZQ[U[WZYXZV
        G\KFK[ RKFRFUGWIXKYNYSXVWXUZR[K[
        H[LFL[ RLFYF RLPTP RL[Y[
        HZLFL[ RLFYF RLPTP
        H]ZKYIWGUFQFOGMILKKNKSLVMXOZQ[U[WZYXZVZS RUSZS
        G]KFK[ RYFY[ RKPYP
        NVRFR[
        JZVFVVUYTZR[P[NZMYLVLT
        G\KFK[ RYFKT RPOY[
        HYLFL[ RL[X[
        F^JFJ[ RJFR[ RZFR[ RZFZ[
        G]KFK[ RKFY[ RYFY[
        G]PFNGLIKKJNJSKVLXNZP[T[VZXXYVZSZNYKXIVGTFPF
        G\KFK[ RKFTFWGXHYJYMXOWPTQKQ
        G]PFNGLIKKJNJSKVLXNZP[T[VZXXYVZSZNYKXIVGTFPF RSWY]
        G\KFK[ RKFTFWGXHYJYLXNWOTPKP RRPY[
        H\YIWGTFPFMGKIKKLMMNOOUQWRXSYUYXWZT[P[MZKX
        JZRFR[ RKFYF
        G]KFKULXNZQ[S[VZXXYUYF
        I[JFR[ RZFR[
        F^HFM[ RRFM[ RRFW[ R\FW[
        H\KFY[ RYFK[
        I[JFRPR[ RZFRP
        H\YFK[ RKFYF RK[Y[
        KYOBOb RPBPb ROBVB RObVb
        KYKFY^
        KYTBTb RUBUb RNBUB RNbUb
        JZRDJR RRDZR
        I[Ib[b
        NVSKQMQORPSORNQO
        I\XMX[ RXPVNTMQMONMPLSLUMXOZQ[T[VZXX
        H[LFL[ RLPNNPMSMUNWPXSXUWXUZS[P[NZLX
        I[XPVNTMQMONMPLSLUMXOZQ[T[VZXX
        I\XFX[ RXPVNTMQMONMPLSLUMXOZQ[T[VZXX
        I[LSXSXQWOVNTMQMONMPLSLUMXOZQ[T[VZXX
        MYWFUFSGRJR[ ROMVM
        I\XMX]W`VaTbQbOa RXPVNTMQMONMPLSLUMXOZQ[T[VZXX
        I\MFM[ RMQPNRMUMWNXQX[
        NVQFRGSFREQF RRMR[
        MWRFSGTFSERF RSMS^RaPbNb
        IZMFM[ RWMMW RQSX[
        NVRFR[
        CaGMG[ RGQJNLMOMQNRQR[ RRQUNWMZM\N]Q][
        I\MMM[ RMQPNRMUMWNXQX[
        I\QMONMPLSLUMXOZQ[T[VZXXYUYSXPVNTMQM
        H[LMLb RLPNNPMSMUNWPXSXUWXUZS[P[NZLX
        I\XMXb RXPVNTMQMONMPLSLUMXOZQ[T[VZXX
        KXOMO[ ROSPPRNTMWM
        J[XPWNTMQMNNMPNRPSUTWUXWXXWZT[Q[NZMX
        MYRFRWSZU[W[ ROMVM
        I\MMMWNZP[S[UZXW RXMX[
        JZLMR[ RXMR[
        G]JMN[ RRMN[ RRMV[ RZMV[
        J[MMX[ RXMM[
        JZLMR[ RXMR[P_NaLbKb
        J[XMM[ RMMXM RM[X[
        KYTBRCQDPFPHQJRKSMSOQQ RRCQEQGRISJTLTNSPORSTTVTXSZR[Q]Q_Ra RQSSUSWRYQZP\P^Q`RaTb
        NVRBRb
        KYPBRCSDTFTHSJRKQMQOSQ RRCSESGRIQJPLPNQPURQTPVPXQZR[S]S_Ra RSSQUQWRYSZT\T^S`RaPb
        F^IUISJPLONOPPTSVTXTZS[Q RISJQLPNPPQTTVUXUZT[Q[O
        """#
}
