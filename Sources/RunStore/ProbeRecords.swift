/// The tables of what is measured on request; see docs/results.md.
///
/// A row holds the columns after run_id in their order.
package enum ProbeTable: String, CaseIterable, Sendable {
    case probePercentile = "probe_percentile"
    case histogram
    case unitVector = "unit_vector"
    case representationStatistic = "representation_statistic"
    case landscape
    case covariateShift = "covariate_shift"
}

package struct ProbeRow: Sendable {
    package var table: ProbeTable
    package var values: [SQLValue]

    package init(_ table: ProbeTable, _ values: [SQLValue]) {
        self.table = table
        self.values = values
    }
}
