using System.CommandLine;
using System.Diagnostics;
using ModularMonolith.Architecture.Baselines;
using ModularMonolith.Architecture.Reporting;
using ModularMonolith.Architecture.Verification;

namespace ModularMonolith.Cli.Architecture;

/// <summary><c>mm verify</c>: whether the boundaries hold. Exit code 0: they do; 1: they do not; 2: it cannot be told.</summary>
internal static class VerifyCommand
{
    private static readonly Option<string> Format = new("--format") { Description = "text, json, sarif, markdown or annotations (of a CI run).", DefaultValueFactory = static _ => "text" };
    private static readonly Option<string?> Output = new("--output") { Description = "A file for the report; the terminal gets the summary then." };
    private static readonly Option<string[]> Rules = new("--rule") { Description = "Only this rule; may be repeated." };
    private static readonly Option<string?> Against = new("--against") { Description = "A commit: a baseline entry that is not in it fails. CI gives the commit that a change is based on." };
    private static readonly Option<bool> Canaries = new("--self-test") { Description = "Break each rule once in a copy of each module, in memory, and fail for each that finds nothing." };
    private static readonly Option<bool> List = new("--list") { Description = "Name the rules, and do nothing else." };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("text", "json", "sarif", "markdown", "annotations");
        var command = new Command("verify", "Checks the boundaries between modules, and the rules of the house, in the compiled code, the projects and SQL.") { Format, Output, Rules, Against, Canaries, List };
        Checkout.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Checkout.GuardedAsync(() => RunAsync(parsed, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = await Checkout.ReadAsync(parsed, cancellationToken);
        var only = parsed.GetValue(Rules);
        if (parsed.GetValue(List))
        {
            foreach (var rule in Verifier.RulesOf(context.Policy))
            {
                Console.WriteLine($"{rule.Name,-36} {rule.Because}");
            }

            return 0;
        }

        if (parsed.GetValue(Canaries))
        {
            return Tell(SelfTest.Run(context, only, cancellationToken));
        }

        var baselines = BaselineSet.Read(context.Graph.Root);
        if (parsed.GetValue(Against) is { } commit)
        {
            baselines = baselines with { Former = await BaselineHistory.OfAsync(context.Graph.Root, commit, cancellationToken) };
        }

        var verification = Verifier.Run(context, baselines, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), only);
        // What a person waited, the start of the process included.
        using var process = Process.GetCurrentProcess();
        var took = TimeProvider.System.GetUtcNow() - process.StartTime.ToUniversalTime();
        await WriteAsync(parsed, verification, took, cancellationToken);
        return verification.Findings.Count == 0 ? 0 : 1;
    }

    private static async Task WriteAsync(ParseResult parsed, Verification verification, TimeSpan took, CancellationToken cancellationToken)
    {
        var report = parsed.GetValue(Format) switch
        {
            "json" => JsonReport.Write(verification, took),
            "sarif" => JsonReport.Sarif(verification),
            "markdown" => MarkdownReport.Write(verification, took),
            "annotations" => MarkdownReport.Annotations(verification) + TextReport.Summary(verification, took),
            _ => TextReport.Write(verification, took),
        };
        if (parsed.GetValue(Output) is { } file)
        {
            await File.WriteAllTextAsync(file, report, cancellationToken);
            Console.WriteLine(TextReport.Summary(verification, took));
        }
        else
        {
            Console.WriteLine(report.TrimEnd());
        }
    }

    private static int Tell(IReadOnlyList<Trial> trials)
    {
        foreach (var group in trials.GroupBy(static trial => trial.Rule))
        {
            var failures = group.Where(static trial => trial.Failure is not null).ToList();
            Console.WriteLine(failures.Count == 0 ? $"bites   {group.Key} ({(group.First().Module is null ? "once" : $"{group.Count()} modules")})" : $"FAILED  {group.Key}");
            foreach (var failure in failures)
            {
                Console.WriteLine($"          {failure.Module ?? "repository"}: {failure.Failure}");
            }
        }

        var failed = trials.Count(static trial => trial.Failure is not null);
        Console.WriteLine(failed == 0 ? $"Every rule bites: {trials.Count} canaries, each found." : $"{failed} of {trials.Count} canaries were not found.");
        return failed == 0 && trials.Count > 0 ? 0 : 1;
    }
}
