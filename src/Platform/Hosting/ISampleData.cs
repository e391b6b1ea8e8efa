namespace ModularMonolith.Platform.Hosting;

/// <summary>Fills a module with believable data on the first run in Development.</summary>
public interface ISampleData
{
    /// <summary>What is filled, for the progress lines: <c>catalogue</c>, say.</summary>
    string Subject { get; }

    /// <summary>Fills the module if it is empty; does nothing when it holds anything already.</summary>
    /// <param name="progress">Reports (done, total) as the work goes on.</param>
    /// <param name="cancellationToken">Stops the work; what was not finished is undone or completed at the next start.</param>
    /// <returns>How many things were added; 0 when there was nothing to do.</returns>
    Task<int> FillAsync(IProgress<(int Done, int Total)> progress, CancellationToken cancellationToken);
}
