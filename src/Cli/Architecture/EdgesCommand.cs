using System.CommandLine;
using ModularMonolith.Architecture.Observed;

namespace ModularMonolith.Cli.Architecture;

/// <summary><c>mm edges check</c>: whether what modules were seen to use of each other is what the code declares. Exit code 0: it is; 1: it is not; 2: it cannot be told.</summary>
internal static class EdgesCommand
{
    private static readonly Option<string> Recorded = new("--recorded") { Description = "The folder that processes have written with Boundaries:RecordTo.", Required = true };

    public static Command Create()
    {
        var check = new Command("check", "Compares recorded edges with the compiled code: undeclared ones fail, declared ones that nobody has seen are listed.") { Recorded };
        Checkout.AddTo(check);
        check.SetAction((parsed, cancellationToken) => Checkout.GuardedAsync(async () =>
        {
            var recording = Recording.Read(parsed.GetValue(Recorded)!);
            var context = await Checkout.ReadAsync(parsed, cancellationToken);
            var comparison = EdgeComparison.Of(context.Graph, recording);
            Console.Write(comparison.Write());
            return comparison.Undeclared.Count == 0 ? 0 : 1;
        }));
        return new Command("edges", "What modules were seen to use of each other while they ran.") { check };
    }
}
