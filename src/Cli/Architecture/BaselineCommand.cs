using System.CommandLine;
using System.Globalization;
using ModularMonolith.Architecture;
using ModularMonolith.Architecture.Baselines;
using ModularMonolith.Architecture.Verification;

namespace ModularMonolith.Cli.Architecture;

/// <summary><c>mm baseline update</c>: takes out what is repaired; takes in what is new, with owner, reason and last day.</summary>
internal static class BaselineCommand
{
    private static readonly Option<string?> Owner = new("--owner") { Description = "Who repairs what is taken in." };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Why it is not repaired now." };
    private static readonly Option<string?> Expires = new("--expires") { Description = "The last day on which it is let through: yyyy-mm-dd, at most a year from now." };

    public static Command Create()
    {
        var update = new Command("update", "Writes the baselines. Without owner, reason and expiry it only takes entries out, and in CI it never takes any in.") { Owner, Reason, Expires };
        Checkout.AddTo(update);
        update.SetAction((parsed, cancellationToken) => Checkout.GuardedAsync(() => UpdateAsync(parsed, cancellationToken)));
        return new Command("baseline", "Known violations that are to go away: modules/X/X.baseline.txt.") { update };
    }

    private static async Task<int> UpdateAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var added = Added(parsed, today);
        var context = await Checkout.ReadAsync(parsed, cancellationToken);
        var root = context.Graph.Root;
        var verification = Verifier.Run(context, BaselineSet.Empty, today);
        var findings = verification.Findings.Where(static finding => finding.Rule != Verifier.AcceptedRule.Name).ToList();
        var texts = BaselineUpdate.Of(findings, BaselineSet.Read(root), added);
        foreach (var (path, text) in texts)
        {
            if (text is null)
            {
                File.Delete(Path.Combine(root, path));
            }
            else
            {
                await File.WriteAllTextAsync(Path.Combine(root, path), text, cancellationToken);
            }

            Console.WriteLine($"{path}: {(text is null ? "nothing is left, removed" : $"{text.Split('\n').Length - 2} entries")}");
        }

        Console.WriteLine(texts.Count == 0 ? "The baselines are as they should be." : "Written. Look at the files, and commit them with the change.");
        return 0;
    }

    private static NewEntries? Added(ParseResult parsed, DateOnly today)
    {
        var (owner, reason, expires) = (parsed.GetValue(Owner), parsed.GetValue(Reason), parsed.GetValue(Expires));
        if (owner is null && reason is null && expires is null)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(owner) || string.IsNullOrWhiteSpace(reason) || expires is null)
        {
            throw new ArchitectureException("What is taken into a baseline needs all three: --owner, --reason and --expires.");
        }

        if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
        {
            throw new ArchitectureException("CI takes nothing into a baseline. Run this on your machine, and have the change reviewed.");
        }

        return DateOnly.TryParseExact(expires, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until) && until >= today && until <= today.AddDays(BaselineEntry.DaysAtMost)
            ? new NewEntries(owner, reason, until)
            : throw new ArchitectureException($"--expires is {expires}; it is a day from today to {today.AddDays(BaselineEntry.DaysAtMost):yyyy-MM-dd}, written yyyy-mm-dd.");
    }
}
