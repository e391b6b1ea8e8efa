using System.CommandLine;
using ModularMonolith.Architecture.Baselines;
using ModularMonolith.Architecture.Metrics;
using ModularMonolith.Architecture.Rules;
using ModularMonolith.Architecture.Verification;
using ModularMonolith.Cli.Contracts;

namespace ModularMonolith.Cli.Architecture;

/// <summary><c>mm metrics</c>: how big modules are and how they lean on each other, with the trend since the last record.</summary>
internal static class MetricsCommand
{
    private static readonly Option<bool> Record = new("--record") { Description = $"Add the numbers of this commit to {MetricsHistory.Path}; numbers that it has already are replaced." };
    private static readonly Option<string> Format = new("--format") { Description = "text, json or markdown.", DefaultValueFactory = static _ => "text" };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("text", "json", "markdown");
        var command = new Command("metrics", "Counts each module: size, coupling, instability, circles, findings, with the trend.") { Record, Format };
        Checkout.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Checkout.GuardedAsync(() => RunAsync(parsed, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = await Checkout.ReadAsync(parsed, cancellationToken);
        var root = context.Graph.Root;
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var metrics = Count(context, today);
        var file = Path.Combine(root, MetricsHistory.Path);
        var history = MetricsHistory.Read(File.Exists(file) ? await File.ReadAllTextAsync(file, cancellationToken) : string.Empty);
        if (parsed.GetValue(Record))
        {
            var commit = (await OtherProgram.RunAsync("git", ["rev-parse", "--short=12", "HEAD"], root, cancellationToken)).Trim();
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, history.With(new MetricsRecord(today, commit, metrics)).Write(), cancellationToken);
            // The trend is that since the commit before.
            history = new MetricsHistory([.. history.Records.Where(record => record.Commit != commit)]);
        }

        Console.Write(parsed.GetValue(Format) switch
        {
            "json" => MetricsFormat.Json(metrics),
            "markdown" => MetricsFormat.Markdown(metrics, history),
            _ => MetricsFormat.Text(metrics, history),
        });
        return 0;
    }

    private static IReadOnlyList<ModuleMetrics> Count(RuleContext context, DateOnly today)
    {
        var baselines = BaselineSet.Read(context.Graph.Root);
        var verification = Verifier.Run(context, baselines, today);
        var entries = baselines.Files.ToDictionary(static known => known.Path, static known => known.Entries.Count, StringComparer.Ordinal);
        return ModuleMetrics.Of(context.Graph, verification.Findings, context.Graph.Modules.ToDictionary(static module => module.Folder, module => entries.GetValueOrDefault(BaselineFile.PathOf(module.Folder)), StringComparer.Ordinal));
    }
}
