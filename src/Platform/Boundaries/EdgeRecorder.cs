using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ModularMonolith.Platform.Boundaries;

/// <summary>Writes what this process has seen into a file of its own, so that the files of many processes can be compared with the code. See <see cref="BoundaryOptions.RecordTo"/>.</summary>
// Real time, because tests set the host's clock: a process that is killed loses no more than what it saw since the last round.
internal sealed partial class EdgeRecorder(ObservedEdges edges, IOptions<BoundaryOptions> options, ILogger<EdgeRecorder> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid():N}.jsonl");
    private long _written;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (string.IsNullOrWhiteSpace(options.Value.RecordTo))
        {
            return;
        }

        using var rounds = new PeriodicTimer(Round);
        try
        {
            while (await rounds.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (options.Value.RecordTo is not { } folder || string.IsNullOrWhiteSpace(folder) || edges.Total is var total && total == _written)
        {
            return;
        }

        var lines = new StringBuilder();
        foreach (var edge in edges.List())
        {
            lines.Append(JsonSerializer.Serialize(new { edge.From, edge.To, edge.Kind, edge.Message, edge.Count }, JsonSerializerOptions.Web)).Append('\n');
        }

        try
        {
            // In place of the former file at once: whoever reads meanwhile, or after a kill, finds whole lines.
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, _name);
            await File.WriteAllTextAsync(file + ".new", lines.ToString(), cancellationToken);
            File.Move(file + ".new", file, overwrite: true);
            _written = total;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(folder, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What modules use of each other could not be written to {Folder} (Boundaries:RecordTo).")]
    private partial void LogUnwritten(string folder, Exception exception);
}
