import Datasets
import Testing

@Suite struct RowSetTests {
    /// A range and a list of the same rows are the same set.
    @Test func rangesAreLists() {
        let range = RowSet.range(5..<9), list = RowSet.list([5, 6, 7, 8])
        for set in [range, list] {
            #expect(Array(set) == [5, 6, 7, 8])
            #expect(set.places(in: 0..<6) == 0..<1 && set.places(in: 7..<100) == 2..<4)
            #expect(set.places(in: 0..<5).isEmpty && set.places(in: 9..<10).isEmpty)
            #expect(set.place(of: 8) == 3 && set.place(of: 9) == nil && set.place(of: 4) == nil)
            #expect(Array(set.first(2)) == [5, 6] && Array(set.first(9)) == Array(set))
            #expect(set.runs(in: 0..<4) == [0..<4])
        }
    }

    @Test func gapsEndRuns() {
        let rows = RowSet.list([0, 1, 5, 6, 7, 9])
        #expect(rows.runs(in: 0..<6) == [0..<2, 2..<5, 5..<6])
        #expect(rows.runs(in: 1..<3) == [1..<2, 2..<3])
        #expect(rows.runs(in: 2..<2).isEmpty)
    }

    /// Blocks of 4 rows: 0 and 2 are in one, 5 and 6 in the next, 13 and 15 in the fourth.
    @Test func rowsOfOneBlockAreOnePiece() {
        let rows = RowSet.list([0, 2, 5, 6, 13, 15, 16])
        #expect(rows.pieces(in: 0..<7, blockRows: 4) == [0..<2, 2..<4, 4..<7])
        #expect(rows.pieces(in: 0..<7, blockRows: 1) == [0..<1, 1..<2, 2..<4, 4..<5, 5..<7])
        #expect(RowSet.range(3..<30).pieces(in: 0..<27, blockRows: 4) == [0..<27])
    }

    @Test func unionsAreAscending() {
        #expect(RowSet.range(0..<3).union(.range(2..<5)) == .range(0..<5))
        #expect(Array(RowSet.range(0..<2).union(.range(4..<6))) == [0, 1, 4, 5])
        #expect(Array(RowSet.list([7, 1]).union([1, 3])) == [1, 3, 7])
    }
}
