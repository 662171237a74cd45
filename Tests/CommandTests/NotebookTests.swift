import Foundation
import TestSupport
import Testing

/// The notebook of experiments/course_studies, executed as a reader would.
@Suite struct NotebookTests {
    @Test(
        .enabled(
            if: ["nbclient", "ipykernel", "numpy", "h5py"].allSatisfy(Python.has),
            "Python lacks nbclient, ipykernel, numpy or h5py; BNEXP_PYTHON names another Python"))
    func everyCellRunsAndPrintsWhatIsShown() throws {
        let script = """
            import sys
            import nbformat
            from nbclient import NotebookClient
            notebook = nbformat.read(sys.argv[1], 4)
            def printed():
                return [[o.get("text", o) for o in cell.get("outputs", [])] for cell in notebook.cells]
            shown = printed()
            NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
            assert sum(map(bool, shown)) == 3, shown
            assert printed() == shown, (printed(), shown)
            """
        try withTemporaryFolder { folder in
            let path = binary.deletingLastPathComponent().path + ":/usr/local/bin:/usr/bin:/bin"
            let notebook = repository.appendingPathComponent("experiments/course_studies/batch_norm.ipynb").path
            let result = try run(
                [try #require(Python.path), "-c", script, notebook], in: folder, environment: ["PATH": path])
            #expect(result.exitCode == 0, "\(result.errors.suffix(2000))")
        }
    }
}
