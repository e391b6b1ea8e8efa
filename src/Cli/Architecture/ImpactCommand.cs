using System.CommandLine;
using ModularMonolith.Architecture.Impact;

namespace ModularMonolith.Cli.Architecture;

/// <summary><c>mm impact</c>: what a change touches, and which tests are enough for it.</summary>
internal static class ImpactCommand
{
    private static readonly Argument<string?> Range = new("range")
    {
        Description = "Commits as git names them: main..HEAD, main...HEAD, or one with which the working tree is compared. Without it: what is not committed yet.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Format = new("--format") { Description = "text, json or markdown.", DefaultValueFactory = static _ => "text" };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("text", "json", "markdown");
        var command = new Command("impact", "Says which modules, Contracts, consumers and endpoints a change touches, and which test projects are enough.") { Range, Format };
        Checkout.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Checkout.GuardedAsync(async () =>
        {
            var files = await new GitChanges(Checkout.RootOf(parsed)).ReadAsync(parsed.GetValue(Range), cancellationToken);
            var context = await Checkout.ReadAsync(parsed, cancellationToken);
            var impact = ChangeImpact.Of(context.Graph, files);
            Console.Write(parsed.GetValue(Format) switch
            {
                "json" => ImpactFormat.Json(impact),
                "markdown" => ImpactFormat.Markdown(impact),
                _ => ImpactFormat.Text(impact),
            });
            return 0;
        }));
        return command;
    }
}
